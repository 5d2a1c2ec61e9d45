/**
 * An export of what the store holds, pulled chunk by chunk, so that whoever writes the file sets the pace and the capture
 * goes on meanwhile. Rows evicted before they were reached are counted, not waited for.
 */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { ExportFormat } from '../../contract/output.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import type { SourceName } from '../../contract/status.ts';
import type { NameOfProcess } from '../ingest/process-names.ts';
import { compileFilter, type Filter } from '../search/filter.ts';
import { scanFailure } from '../search/scan-failure.ts';
import type { Scan, Scanner, ScanOutcome } from '../search/scanner.ts';
import type { Segment } from '../store/segment.ts';
import type { SessionStore } from '../store/store.ts';
import { encodeUtf8 } from '../text/text.ts';
import { createExportRow, createFormatter, type ExportInfo, type RowFormatter, readSegmentRow } from './export.ts';

/** Rows a scanner looks at in one go. */
const ROWS_A_PIECE = 16_384;

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Which rows; SHOW_ALL for all. */
  readonly filter: FilterSpec;
  /** First row to write; without it the oldest kept. */
  readonly firstRow?: number;
  /** One above the last row to write; rows that arrive later are left out. */
  readonly endRow: number;
  readonly info: ExportInfo | null;
  /** The session's sources; several are named in each row. */
  readonly sources?: readonly SourceName[];
  /** Names the processes; null or left out where no process has a name. */
  readonly processOf?: NameOfProcess | null;
  /** Does what reads text; without it, that is done in `next`. */
  readonly scanner?: Scanner;
}

/** UTF-16 units after which a chunk is handed out: some 256 KiB of file. */
const CHUNK_TEXT = 262_144;
const ROWS_A_STEP = 1024;

export class ExportJob {
  /** Rows looked at, of `totalRows`. */
  scannedRows = 0;
  /** Rows written. */
  writtenRows = 0;
  /** Rows that were evicted before this job reached them. */
  skippedRows = 0;
  readonly totalRows: number;

  private readonly store: SessionStore;
  private readonly filter: Filter;
  private readonly formatter: RowFormatter;
  private readonly epoch: number;
  private readonly endRow: number;
  private nextRow: number;
  private pending: string;
  private readonly found = new Uint32Array(ROWS_A_STEP);
  private readonly scanner: Scanner | null;
  private scan: Scan | null = null;
  private readonly scratch = createExportRow();

  private constructor(store: SessionStore, filter: Filter, options: ExportOptions) {
    this.store = store;
    this.filter = filter;
    this.scanner = filter.readsText ? (options.scanner ?? null) : null;
    this.formatter = createFormatter(options.format, options.sources, options.processOf);
    this.epoch = store.epoch;
    this.nextRow = Math.max(store.firstRow, options.firstRow ?? 0);
    this.endRow = Math.max(this.nextRow, Math.min(options.endRow, store.endRow));
    this.totalRows = this.endRow - this.nextRow;
    this.pending = this.formatter.header(options.info);
  }

  /** `bad-pattern` or `bad-argument` for a filter that cannot be compiled. */
  static create(store: SessionStore, options: ExportOptions): Result<ExportJob> {
    const filter = compileFilter(options.filter);
    return filter.ok ? ok(new ExportJob(store, filter.value, options)) : filter;
  }

  /**
   * The next part of the file, null after the last; never empty. A part ends with a whole row. With a filter that seldom
   * matches, a call looks at no more than `maxRows` rows and then hands out what there is, possibly an empty array.
   */
  async next(maxRows = 65_536): Promise<Result<Uint8Array<ArrayBuffer> | null>> {
    let text = this.pending;
    this.pending = '';
    const stopAt = this.scannedRows + maxRows;
    for (;;) {
      if (this.store.epoch !== this.epoch) {
        return fail('cancelled', 'The log was cleared while it was exported', 'Export again');
      }
      if (text.length >= CHUNK_TEXT || this.scannedRows >= stopAt || this.skipEvicted() >= this.endRow) break;
      const step = this.scanner === null ? ok(this.step()) : await this.stepElsewhere(this.scanner);
      if (!step.ok) return step;
      text += step.value;
    }
    if (text === '' && this.nextRow >= this.endRow) return ok(null);
    return ok(encodeUtf8(text));
  }

  /** Gives back what a scanner holds for this; call it when no more is asked for. */
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

  private step(): string {
    const segment = this.store.segmentOf(this.nextRow);
    if (segment === null) throw new Error(`row ${this.nextRow} is not kept`);
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + ROWS_A_STEP, this.endRow - segment.firstRow);
    return this.write(segment, this.found, this.filter.scan(segment, from, to, this.found), to);
  }

  private async stepElsewhere(scanner: Scanner): Promise<Result<string>> {
    this.scan ??= scanner.open({ filter: this.filter.spec });
    const { scan, store } = this;
    const segment = store.segmentOf(this.nextRow);
    if (segment === null) throw new Error(`row ${this.nextRow} is not kept`);
    const from = this.nextRow - segment.firstRow;
    const to = Math.min(segment.count, from + ROWS_A_PIECE, this.endRow - segment.firstRow);
    store.pin(segment);
    const outcome = await new Promise<ScanOutcome | null>((resolve) => {
      scan.submit({ segment, from, to, offsets: null }, resolve);
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

  /** The rows found among those up to offset `to`, which are then done with. */
  private write(segment: Segment, offsets: Uint32Array, found: number, to: number): string {
    let text = '';
    for (let i = 0; i < found; i++) {
      readSegmentRow(segment, offsets[i] as number, this.scratch);
      text += this.formatter.row(this.scratch);
    }
    const rows = segment.firstRow + to - this.nextRow;
    this.nextRow += rows;
    this.scannedRows += rows;
    this.writtenRows += found;
    return text;
  }
}
