/**
 * Applies a filter to the rows of a store, from the oldest on and on to those that arrive, and hands over what it finds
 * strictly in order of rows. What only looks at columns is done here, in slices. What reads text is done by a scanner,
 * several pieces at a time. Without a scanner everything is done here: the plain twin.
 */
import type { Failure } from '../../../native/core/result.ts';
import type { Segment } from '../store/segment.ts';
import { type Slice, WHOLE } from '../store/slice.ts';
import type { SessionStore } from '../store/store.ts';
import type { Candidates } from './candidates.ts';
import type { Filter } from './filter.ts';
import { OrderedScan, PieceLength } from './ordered-scan.ts';
import { scanFailure } from './scan-failure.ts';
import type { Scanner, ScanOutcome, ScanPiece } from './scanner.ts';
import { TimeBefore } from './time-before.ts';

/** Rows between two looks at the clock: about a millisecond of work each. */
const ROWS_A_STEP = 32_768;
const TEXT_ROWS_A_STEP = 2048;
/** Rows of the first piece: few, so that the first matches are shown at once. */
const FIRST_PIECE = 2048;
/** Fewer new rows than this are not worth another thread, if reading them cannot take long. */
const FEW_ROWS = 1024;

/** Where more than one row in so many is a candidate, reading all of them in one go is as fast. */
const WORTH_CHOOSING = 3;

export interface FilterScanDependencies {
  readonly store: SessionStore;
  readonly filter: Filter;
  readonly scanner: Scanner | null;
  /** The first row to look at; without it the oldest one kept. */
  readonly from?: number;
  /** Rows that are no candidates are not looked at; without it all are. */
  readonly candidates?: Candidates | null;
  /** Takes the matching rows of a segment; `endRow` is one above the last row looked at. */
  readonly take: (segment: Segment, offsets: Uint32Array, count: number, endRow: number) => void;
  /** Something was handed over outside of `advance`. */
  readonly changed: () => void;
}

export class FilterScan {
  private readonly dependencies: FilterScanDependencies;
  private readonly scanner: Scanner | null;
  private scan: OrderedScan<null> | null = null;
  private length = new PieceLength(FIRST_PIECE);
  /** Rows below were handed over, or evicted. */
  private doneRow: number;
  /** Rows below were submitted. */
  private nextRow: number;
  /** Where it begins. */
  private readonly firstRow: number;
  private halt: Failure | null = null;
  private candidates: Candidates | null;
  private readonly found = new Uint32Array(ROWS_A_STEP);
  private readonly before = new TimeBefore();

  constructor(dependencies: FilterScanDependencies) {
    this.dependencies = dependencies;
    this.scanner = dependencies.filter.readsText ? dependencies.scanner : null;
    this.doneRow = Math.max(dependencies.store.firstRow, dependencies.from ?? 0);
    this.nextRow = this.doneRow;
    this.firstRow = this.doneRow;
    this.candidates = dependencies.candidates ?? null;
  }

  /** The candidates that it goes on choosing from; null once it has looked at all that they tell of. */
  get choosesFrom(): Candidates | null {
    return this.candidates;
  }

  /** The filter is applied to all rows below. */
  get row(): number {
    return this.doneRow;
  }

  /** Why it goes no further; null while it does. */
  get stopped(): Failure | null {
    return this.halt;
  }

  /** Goes on until the slice is spent or others have to work first. True if there is more to do here and now. */
  advance(slice: Slice): boolean {
    const { store } = this.dependencies;
    this.skipEvicted();
    if (this.halt !== null) return false;
    while (this.nextRow < store.endRow) {
      if (this.scanner === null || this.fewAndPlain() || this.isFirstAndPlain()) this.stepHere();
      else if (!this.submitNext(this.scanner)) return false;
      if (slice.spent()) break;
    }
    return this.nextRow < store.endRow && (this.scan === null || this.scan.ready);
  }

  /** Rows before the oldest one kept are not looked at any more. */
  skipEvicted(): void {
    const oldest = this.dependencies.store.firstRow;
    this.doneRow = Math.max(this.doneRow, oldest);
    this.nextRow = Math.max(this.nextRow, oldest);
    this.dropPassed();
  }

  /** Stops the scan where it is. `why` is reported as `stopped`. */
  stop(why: Failure): void {
    this.halt ??= why;
    this.cancel();
  }

  /** Goes on after `stop`. */
  resume(): void {
    this.halt = null;
  }

  /** Gives up what was submitted; nothing is handed over any more until `advance`. */
  cancel(): void {
    this.scan?.cancel();
    this.scan = null;
    this.nextRow = this.doneRow;
    this.length = new PieceLength(FIRST_PIECE);
  }

  /** Time of the row before the next one, for a filter that needs it; else NaN. */
  private beforeNs(): number {
    const { store, filter } = this.dependencies;
    return filter.readsBefore ? this.before.of(store, this.nextRow) : Number.NaN;
  }

  /** A literal is found in a time bounded by the length of the text; an expression is not. */
  private fewAndPlain(): boolean {
    const { store, filter } = this.dependencies;
    return (this.scan?.idle ?? true) && store.endRow - this.nextRow < FEW_ROWS && !filter.runsExpressions;
  }

  /** The first rows are looked at here: a screen of matches among them is shown before a thread has heard of the filter. */
  private isFirstAndPlain(): boolean {
    return this.nextRow === this.firstRow && !this.dependencies.filter.runsExpressions;
  }

  private stepHere(): void {
    const { store, filter, take } = this.dependencies;
    const beforeNs = this.beforeNs();
    const segment = store.segmentOf(this.nextRow) as Segment;
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + (filter.readsText ? TEXT_ROWS_A_STEP : ROWS_A_STEP));
    const found = filter.scan(segment, from, to, this.found, beforeNs);
    this.before.passed(segment, to - 1);
    this.nextRow = segment.firstRow + to;
    this.doneRow = this.nextRow;
    this.dropPassed();
    take(segment, this.found, found, this.doneRow);
  }

  /** False if the scanner has enough to do, or what it found ends the scan. */
  private submitNext(scanner: Scanner): boolean {
    const { store, filter, changed } = this.dependencies;
    const rest = () => {
      // The threads should not wait for the next tick to be given more.
      this.advance(WHOLE);
      changed();
    };
    this.scan ??= new OrderedScan<null>({
      store,
      scanner,
      query: { filter: filter.spec, bindings: filter.bindings },
      take: (piece, outcome) => this.take(piece, outcome),
      rest,
    });
    if (!this.scan.ready) return false;
    const beforeNs = this.beforeNs();
    const segment = store.segmentOf(this.nextRow) as Segment;
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + this.length.next());
    this.nextRow = segment.firstRow + to;
    this.before.passed(segment, to - 1);
    this.scan.submit({ segment, from, to, offsets: this.chosen(segment, from, to), beforeNs }, null);
    return true;
  }

  /** Candidates for rows that are done are memory for nothing. */
  private dropPassed(): void {
    if (this.candidates !== null && this.doneRow >= this.candidates.endRow) this.candidates = null;
  }

  /** The offsets to look at; null for all. */
  private chosen(segment: Segment, from: number, to: number): Uint32Array | null {
    const { candidates } = this;
    if (candidates === null || segment.firstRow + to > candidates.endRow) return null;
    const offsets = candidates.offsetsIn(segment, from, to);
    return offsets.length * WORTH_CHOOSING > to - from ? null : offsets;
  }

  private take({ segment, from, to }: ScanPiece, { offsets, trouble }: ScanOutcome): void {
    this.skipEvicted();
    if (segment.firstRow + from < this.doneRow) return;
    this.doneRow = segment.firstRow + (trouble === null ? to : (trouble.offset ?? from));
    this.dropPassed();
    this.dependencies.take(segment, offsets, offsets.length, this.doneRow);
    if (trouble === null) return;
    const { offset } = trouble;
    this.stop(scanFailure(trouble, offset === null ? null : (segment.index[offset] as number)));
  }
}
