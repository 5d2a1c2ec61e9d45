/**
 * Applies a filter to the rows of a store, from the oldest on and on to those that arrive, and hands over what it finds
 * strictly in order of rows. What only looks at columns is done here, in slices. What reads text is done by a scanner,
 * several pieces at a time; results that are early wait for those before them. Without a scanner everything is done
 * here: the plain twin.
 */
import type { Failure } from '../../native/core/result.ts';
import type { Filter } from './filter.ts';
import { scanFailure } from './scan-failure.ts';
import type { Scan, Scanner, ScanOutcome } from './scanner.ts';
import type { Segment } from './segment.ts';
import type { Slice } from './slice.ts';
import type { SessionStore } from './store.ts';

/** Rows between two looks at the clock: about a millisecond of work each. */
const ROWS_A_STEP = 32_768;
const TEXT_ROWS_A_STEP = 2048;
/** The first pieces are small, so that the first matches are there at once; each of the next is twice as long. */
const FIRST_PIECE = 2048;
const LAST_PIECE = 65_536;
/** Fewer new rows than this are not worth another thread, if reading them cannot take long. */
const FEW_ROWS = 1024;

export interface FilterScanMeans {
  readonly store: SessionStore;
  readonly filter: Filter;
  readonly scanner: Scanner | null;
  /** Takes the matching rows of a segment; `endRow` is one above the last row looked at. */
  readonly take: (segment: Segment, offsets: Uint32Array, count: number, endRow: number) => void;
  /** Something was handed over outside of `advance`. */
  readonly changed: () => void;
}

/** Submitted, and held here until everything before it was handed over. */
interface Piece {
  readonly segment: Segment;
  readonly firstRow: number;
  readonly endRow: number;
  outcome: ScanOutcome | null;
}

export class FilterScan {
  private readonly means: FilterScanMeans;
  private readonly scanner: Scanner | null;
  private readonly epoch: number;
  private scan: Scan | null = null;
  private pieces: Piece[] = [];
  /** Rows below were handed over, or evicted. */
  private doneRow: number;
  /** Rows below were submitted. */
  private nextRow: number;
  private pieceRows = FIRST_PIECE;
  private halt: Failure | null = null;
  private readonly found = new Uint32Array(ROWS_A_STEP);

  constructor(means: FilterScanMeans) {
    this.means = means;
    this.scanner = means.filter.readsText ? means.scanner : null;
    this.epoch = means.store.epoch;
    this.doneRow = means.store.firstRow;
    this.nextRow = this.doneRow;
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
    const { store } = this.means;
    this.skipEvicted();
    if (this.halt !== null) return false;
    while (this.nextRow < store.endRow) {
      if (this.scanner === null || this.fewAndPlain()) this.stepHere();
      else if (!this.submitNext()) return false;
      if (slice.spent()) break;
    }
    return this.nextRow < store.endRow && (this.scan === null || this.scan.ready);
  }

  /** Rows before the oldest one kept are not looked at any more. */
  skipEvicted(): void {
    const oldest = this.means.store.firstRow;
    this.doneRow = Math.max(this.doneRow, oldest);
    this.nextRow = Math.max(this.nextRow, oldest);
  }

  /** Stops where it is, to be told why. */
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
    const { pieces, scan } = this;
    this.pieces = [];
    this.scan = null;
    this.nextRow = this.doneRow;
    this.pieceRows = FIRST_PIECE;
    for (const { outcome, segment } of pieces) if (outcome !== null) this.means.store.unpin(segment);
    scan?.cancel();
  }

  /** A literal is found in a time bounded by the length of the text; an expression is not. */
  private fewAndPlain(): boolean {
    const { store, filter } = this.means;
    return this.pieces.length === 0 && store.endRow - this.nextRow < FEW_ROWS && filter.spec.text?.regex === false;
  }

  private stepHere(): void {
    const { store, filter, take } = this.means;
    const segment = store.segmentOf(this.nextRow) as Segment;
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + (filter.readsText ? TEXT_ROWS_A_STEP : ROWS_A_STEP));
    const found = filter.scan(segment, from, to, this.found);
    this.nextRow = segment.firstRow + to;
    this.doneRow = this.nextRow;
    take(segment, this.found, found, this.doneRow);
  }

  /** False if the scanner has enough to do, or what it found ends the scan. */
  private submitNext(): boolean {
    const { store, filter } = this.means;
    this.scan ??= (this.scanner as Scanner).open({ filter: filter.spec });
    if (!this.scan.ready || this.pieces.some(({ outcome }) => outcome?.trouble)) return false;
    const { scan } = this;
    const segment = store.segmentOf(this.nextRow) as Segment;
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + this.pieceRows);
    const piece: Piece = { segment, firstRow: this.nextRow, endRow: segment.firstRow + to, outcome: null };
    this.pieces.push(piece);
    this.nextRow = piece.endRow;
    this.pieceRows = Math.min(this.pieceRows * 2, LAST_PIECE);
    store.pin(segment);
    scan.submit({ segment, from, to, offsets: null }, (outcome) => {
      if (outcome === null || this.scan !== scan || store.epoch !== this.epoch) {
        store.unpin(segment);
        return;
      }
      piece.outcome = outcome;
      if (this.pieces[0] === piece) this.handOver();
    });
    return true;
  }

  private handOver(): void {
    const { store, take, changed } = this.means;
    this.skipEvicted();
    for (;;) {
      const piece = this.pieces[0];
      if (piece === undefined || piece.outcome === null) break;
      const { segment, outcome, firstRow, endRow } = piece;
      this.pieces.shift();
      if (firstRow >= this.doneRow) {
        const { trouble, offsets } = outcome;
        this.doneRow = trouble === null ? endRow : segment.firstRow + (trouble.offset ?? firstRow - segment.firstRow);
        take(segment, offsets, offsets.length, this.doneRow);
        if (trouble !== null) {
          const { offset } = trouble;
          this.stop(scanFailure(trouble, offset === null ? null : (segment.index[offset] as number)));
        }
      }
      store.unpin(segment);
    }
    changed();
  }
}
