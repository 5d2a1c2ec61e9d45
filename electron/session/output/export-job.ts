/**
 * An export of rows of the store. It is pulled chunk by chunk, so that whoever writes the file sets the pace and
 * capture continues meanwhile. Rows that were dropped before the export reached them are counted as skipped.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { ExportFormat } from '../../contract/export-formats.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import { ContextRows } from '../search/context-rows.ts';
import { compileFilter, type Filter } from '../search/filter.ts';
import { bindNames, type FilterNames } from '../search/name-binding.ts';
import { scanFailure } from '../search/scan-failure.ts';
import type { Scan, Scanner, ScanOutcome } from '../search/scanner.ts';
import { TimeBefore } from '../search/time-before.ts';
import type { Segment } from '../store/segment.ts';
import type { ReadRows } from '../store/store.ts';
import { DeltaTracker, type RowDeltas } from '../view/row-deltas.ts';
import { createOutput } from './export.ts';
import type { OutputFormatter } from './formatter.ts';
import { type OutputFacts, outputFacts } from './output-facts.ts';
import { segmentRun } from './output-row.ts';
import type { RowColouring } from './row-colouring.ts';

const NOTHING = new Uint8Array(0);

/** Rows that a scanner examines in one go. */
const ROWS_A_PIECE = 16_384;

/** Includes what the file says of the log; fields left out have the defaults of `outputFacts`. */
export interface ExportOptions extends Partial<Omit<OutputFacts, 'filter'>> {
  readonly format: ExportFormat;
  /** Makes bytes of rows; without it `format` does. */
  readonly output?: OutputFormatter;
  /** Which rows to write; SHOW_ALL for all. With the rows around matches, if it says so. */
  readonly filter: FilterSpec;
  /** The first row to write; default the oldest row kept. */
  readonly firstRow?: number;
  /** One above the last row to write; rows that arrive later are left out. */
  readonly endRow: number;
  /** Which of these rows to write, in order and apart from each other; without it all of them. */
  readonly spans?: readonly { readonly firstRow: number; readonly endRow: number }[];
  /** `filter` in words, for formats that say it. */
  readonly filterText?: string | null;
  /** Who is called what, for a filter with names. */
  readonly names?: FilterNames;
  /** Knows the rows above the first, for a file with deltas; without it there are none. */
  readonly deltas?: DeltaTracker;
  /** Applies the part of the filter that reads text; without it, `next` does that itself. */
  readonly scanner?: Scanner;
}

/** Bytes after which a chunk is handed out. */
const CHUNK_BYTES = 262_144;
const ROWS_A_STEP = 1024;

export class ExportJob {
  /** Rows examined so far, of `totalRows`. */
  scannedRows = 0;
  /** Rows written. */
  writtenRows = 0;
  /** How many of them stand for losses. */
  writtenLosses = 0;
  /** Rows that were evicted before this job reached them. */
  skippedRows = 0;
  readonly totalRows: number;
  /** Rows below it were dropped before this job was made. */
  readonly beginRow: number;

  private readonly store: ReadRows;
  private readonly filter: Filter;
  private readonly formatter: OutputFormatter;
  private ended = false;
  private readonly epoch: number;
  /** Rows to write are from `firstRow` to `lastRow - 1`; matches are looked for up to `endRow`, since others lie around them. */
  private readonly firstRow: number;
  private readonly lastRow: number;
  private readonly endRow: number;
  private readonly context: ContextRows | null;
  /** Rows to write, but for those that were passed; null for all. */
  private readonly spans: { readonly firstRow: number; readonly endRow: number }[] | null;
  private readonly written: Uint8Array[] = [];
  private nextRow: number;
  private pending: Uint8Array;
  private readonly found = new Uint32Array(ROWS_A_STEP);
  private readonly scanner: Scanner | null;
  private scan: Scan | null = null;
  private readonly before = new TimeBefore();
  private readonly losses: boolean;
  /** Null for a file without deltas. */
  private readonly deltas: DeltaTracker | null;
  private readonly colouring: RowColouring | null;

  private constructor(store: ReadRows, filter: Filter, options: ExportOptions) {
    this.store = store;
    this.filter = filter;
    this.scanner = filter.readsText ? (options.scanner ?? null) : null;
    const { format, filterText = null, times } = options;
    const measured = times?.delta === 'row' || times?.delta === 'cpu';
    this.losses = options.losses ?? true;
    this.deltas = measured ? (options.deltas ?? new DeltaTracker(0, null)) : null;
    this.formatter = options.output ?? createOutput(format, outputFacts({ ...options, filter: filterText }));
    this.colouring = options.colouring ?? null;
    this.epoch = store.epoch;
    const { context: around = 0 } = filter.spec;
    this.firstRow = Math.max(store.firstRow, options.firstRow ?? 0);
    this.lastRow = Math.max(this.firstRow, Math.min(options.endRow, store.endRow));
    this.nextRow = Math.max(store.firstRow, this.firstRow - around);
    this.endRow = Math.min(this.lastRow + around, store.endRow);
    this.context =
      around === 0
        ? null
        : new ContextRows(store, around, (segment, offsets, count) => this.writeWithin(segment, offsets, count));
    this.spans = options.spans === undefined ? null : [...options.spans];
    this.totalRows = this.endRow - this.nextRow;
    this.beginRow = this.nextRow;
    this.pending = this.formatter.begin();
  }

  /** `bad-pattern` or `bad-argument` for a filter that cannot be compiled. */
  static create(store: ReadRows, options: ExportOptions): Result<ExportJob> {
    const filter = compileFilter(options.filter, bindNames(options.filter, options.names ?? null));
    return filter.ok ? ok(new ExportJob(store, filter.value, options)) : filter;
  }

  /**
   * The next part of the file, null after the last. In a line format a part ends with a whole row. A call examines no
   * more than `maxRows` rows and then returns what there is; that is an empty array if no row matched, or if the format
   * is written in blocks and none is full.
   */
  async next(maxRows = 65_536): Promise<Result<Uint8Array<ArrayBuffer> | null>> {
    const pieces = [this.pending];
    let bytes = this.pending.length;
    this.pending = NOTHING;
    const stopAt = this.scannedRows + maxRows;
    for (;;) {
      if (this.store.epoch !== this.epoch) {
        return fail('cancelled', 'The log was cleared while it was exported', 'Export again');
      }
      this.skipBetween();
      if (bytes >= CHUNK_BYTES || this.scannedRows >= stopAt || this.skipEvicted() >= this.endRow) break;
      const step = this.scanner === null ? ok(this.step()) : await this.stepElsewhere(this.scanner);
      if (!step.ok) return step;
      pieces.push(step.value);
      bytes += step.value.length;
    }
    if (this.nextRow >= this.endRow) {
      if (this.ended) return ok(null);
      this.ended = true;
      pieces.push(this.formatter.end());
      const last = joined(pieces);
      return ok(last.length === 0 ? null : last);
    }
    return ok(joined(pieces));
  }

  /** Releases what a scanner holds for this export; to be called when no more parts are wanted. */
  close(): void {
    this.scan?.cancel();
  }

  private skipEvicted(): number {
    const oldest = Math.min(this.store.firstRow, this.endRow);
    if (this.nextRow < oldest) {
      this.skippedRows += oldest - this.nextRow;
      this.scannedRows += oldest - this.nextRow;
      this.nextRow = oldest;
    }
    return this.nextRow;
  }

  /** Goes on with the next row to write. Deltas and what lies around matches come from the rows between, too. */
  private skipBetween(): void {
    if (this.spans === null || this.context !== null || this.deltas !== null) return;
    this.passSpans(this.nextRow);
    const next = Math.min(this.spans[0]?.firstRow ?? this.endRow, this.endRow);
    if (next <= this.nextRow) return;
    this.scannedRows += next - this.nextRow;
    this.nextRow = next;
  }

  /** Forgets the spans that end before a row. */
  private passSpans(row: number): void {
    while ((this.spans?.[0]?.endRow ?? Number.POSITIVE_INFINITY) <= row) this.spans?.shift();
  }

  private beforeNs(): number {
    return this.filter.readsBefore ? this.before.of(this.store, this.nextRow) : Number.NaN;
  }

  private step(): Uint8Array {
    const beforeNs = this.beforeNs();
    const segment = this.store.segmentOf(this.nextRow);
    if (segment === null) throw new Error(`row ${this.nextRow} is not kept`);
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + ROWS_A_STEP, this.endRow - segment.firstRow);
    return this.write(segment, this.found, this.filter.scan(segment, from, to, this.found, beforeNs), to);
  }

  private async stepElsewhere(scanner: Scanner): Promise<Result<Uint8Array>> {
    this.scan ??= scanner.open({ filter: this.filter.spec, bindings: this.filter.bindings });
    const { scan, store } = this;
    const beforeNs = this.beforeNs();
    const segment = store.segmentOf(this.nextRow);
    if (segment === null) throw new Error(`row ${this.nextRow} is not kept`);
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + ROWS_A_PIECE, this.endRow - segment.firstRow);
    store.pin(segment);
    const outcome = await new Promise<ScanOutcome | null>((resolve) => {
      scan.submit({ segment, from, to, offsets: null, beforeNs }, resolve);
    });
    try {
      if (outcome === null) return fail('cancelled', 'The export was stopped', 'Export again');
      const { offsets, trouble } = outcome;
      if (trouble === null) return ok(this.write(segment, offsets, offsets.length, to));
      const { offset } = trouble;
      return { ok: false, failure: scanFailure(trouble, offset === null ? null : (segment.index[offset] as number)) };
    } finally {
      store.unpin(segment);
    }
  }

  /** Formats the rows found up to offset `to`, after which they are no longer needed. */
  private write(segment: Segment, offsets: Uint32Array, found: number, to: number): Uint8Array {
    const bytes =
      this.context === null
        ? this.format(segment, offsets, found)
        : this.writeAround(this.context, segment, offsets, found, segment.firstRow + to);
    const rows = segment.firstRow + to - this.nextRow;
    this.before.passed(segment, to - 1);
    this.nextRow += rows;
    this.scannedRows += rows;
    return bytes;
  }

  private writeAround(context: ContextRows, segment: Segment, offsets: Uint32Array, found: number, endRow: number) {
    context.take(segment, offsets, found, endRow);
    return joined(this.written.splice(0));
  }

  /** Formats those of these rows that are to be written. */
  private writeWithin(segment: Segment, offsets: Uint32Array, count: number): void {
    let from = 0;
    let to = count;
    while (from < to && segment.firstRow + (offsets[from] as number) < this.firstRow) from++;
    while (to > from && segment.firstRow + (offsets[to - 1] as number) >= this.lastRow) to--;
    if (to > from) this.written.push(this.format(segment, offsets.subarray(from, to), to - from));
  }

  private format(segment: Segment, offsets: Uint32Array, count: number): Uint8Array {
    const deltas = this.deltasOf(segment, offsets, count);
    if (this.spans === null) return this.formatted(segment, offsets, count, deltas);
    const kept = Array.from({ length: count }, (_, at) => at).filter((at) => {
      const row = segment.firstRow + (offsets[at] as number);
      this.passSpans(row);
      return row >= (this.spans?.[0]?.firstRow ?? Number.POSITIVE_INFINITY);
    });
    const chosen = Uint32Array.from(kept, (at) => offsets[at] as number);
    return this.formatted(segment, chosen, kept.length, deltas && kept.map((at) => deltas[at] as RowDeltas));
  }

  private formatted(segment: Segment, offsets: Uint32Array, count: number, deltas: RowDeltas[] | null): Uint8Array {
    const losses = countLosses(segment, offsets, count);
    this.writtenLosses += this.losses ? losses : 0;
    this.writtenRows += this.losses ? count : count - losses;
    this.colouring?.take(segment, offsets, count);
    return this.formatter.rows(segmentRun(segment, offsets, count, deltas));
  }

  private deltasOf(segment: Segment, offsets: Uint32Array, found: number): RowDeltas[] | null {
    const { deltas } = this;
    if (deltas === null) return null;
    return Array.from({ length: found }, (_, at) => deltas.pass(segment, offsets[at] as number));
  }
}

function countLosses({ kind }: Segment, offsets: Uint32Array, count: number): number {
  if (kind.data === null && kind.constant === RowKind.Entry) return 0;
  let losses = 0;
  for (let at = 0; at < count; at++) if (kind.get(offsets[at] as number) === RowKind.Gap) losses++;
  return losses;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
