/**
 * The log as shown: which rows, at which positions. Positions are counted from the first match on, only grow, and mean
 * the same row until `generation` changes. While everything is shown, a position is the row number and costs nothing.
 *
 * A filter is applied strictly in order of rows, in slices (`advance`), so that a position never changes once it is
 * handed out; new rows are shown as soon as the scan reaches them, which without text to look for is at once.
 */
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import type { Density } from '../contract/density.ts';
import {
  type FilterSpec,
  type LogRow,
  MAX_ROWS_A_REQUEST,
  type RowDetails,
  type RowsReply,
  SHOW_ALL,
  type ViewUpdate,
} from '../contract/rows.ts';
import { compileFilter, type Filter } from './filter.ts';
import { FilterScan } from './filter-scan.ts';
import { logRow, rowDetails } from './log-row.ts';
import { MatchList } from './match-list.ts';
import { RowSurvey } from './row-survey.ts';
import type { Scanner } from './scanner.ts';
import type { Segment } from './segment.ts';
import type { Slice } from './slice.ts';
import type { SessionStore } from './store.ts';

/** Where the view was paused. Rows from `row` on are held back. */
interface Pause {
  readonly row: number;
  /** Entries appended to the store before it was paused. */
  readonly totalEntries: number;
  /** Filtered only: the position and number of matched entries at `row`; null until the scan gets there. */
  reached: { readonly end: number; readonly entries: number } | null;
}

export class LogView {
  /** What is known of all rows, shown or not. */
  readonly survey: RowSurvey;
  readonly store: SessionStore;
  private filter: Filter;
  private epoch: number;
  private generationNumber = 1;
  private pause: Pause | null = null;

  // Of the filtered view only.
  private readonly matches = new MatchList();
  private applying: FilterScan;
  private readonly scanner: Scanner | null;
  private readonly changed: () => void;

  /** With a `scanner`, what reads text is done by it, and `changed` is called when it has found something. */
  constructor(store: SessionStore, scanner: Scanner | null = null, changed: () => void = () => {}) {
    this.store = store;
    this.survey = new RowSurvey(store);
    this.scanner = scanner;
    this.changed = changed;
    this.epoch = store.epoch;
    const all = compileFilter(SHOW_ALL);
    if (!all.ok) throw new Error(all.failure.message);
    this.filter = all.value;
    this.applying = this.apply();
  }

  /** Changes when positions lose their meaning: with the filter and with a clear of the store. */
  get generation(): number {
    this.sync();
    return this.generationNumber;
  }

  get filterSpec(): FilterSpec {
    return this.filter.spec;
  }

  /** True if every row is shown: a position is then the row's number. */
  get showsAll(): boolean {
    return this.filter.showsAll;
  }

  /** Position of the oldest row kept. */
  get first(): number {
    this.sync();
    const end = this.endNow();
    return Math.min(end, this.filter.showsAll ? this.store.firstRow : this.matches.first);
  }

  /** One above the newest position shown. */
  get end(): number {
    this.sync();
    return this.endNow();
  }

  /** Entries among the rows shown. */
  get matchedEntries(): number {
    this.sync();
    if (this.filter.showsAll) return this.searchedEntries;
    return Math.max(0, (this.pause?.reached?.entries ?? this.matches.entries) - this.matches.evictedEntries);
  }

  /** Entries they are chosen from: those kept of before a pause. */
  get searchedEntries(): number {
    this.sync();
    return Math.max(0, (this.pause?.totalEntries ?? this.store.totalEntries) - this.store.evictedEntries);
  }

  get paused(): boolean {
    return this.pause !== null;
  }

  /** Entries that would be shown now but for the pause. */
  get heldBack(): number {
    this.sync();
    if (this.pause === null) return 0;
    if (this.filter.showsAll) return this.store.totalEntries - this.pause.totalEntries;
    return this.pause.reached === null ? 0 : this.matches.entries - this.pause.reached.entries;
  }

  /** How far the filter has got; null once it covers every row that is to be shown. */
  get scan(): { readonly done: number; readonly total: number } | null {
    this.sync();
    const oldest = this.store.firstRow;
    const until = Math.max(oldest, this.pause?.row ?? this.store.endRow);
    if (this.filter.showsAll || this.applying.row >= until) return null;
    return { done: this.applying.row - oldest, total: until - oldest };
  }

  /** Why the filter goes no further than `scan` says, by itself or because somebody asked for it; null while it does. */
  get stopped(): Failure | null {
    this.sync();
    return this.scan === null ? null : this.applying.stopped;
  }

  /** Leaves the filter as far applied as it is, until `resumeScan` or another filter. Harmless if it covers all rows. */
  stopScan(): void {
    if (this.scan === null) return;
    this.applying.stop({
      code: 'cancelled',
      message: 'The filter was stopped before it had seen all rows',
      action: 'Go on, or choose another filter',
    });
  }

  /** Lets a filter that was stopped go on from where it is. */
  resumeScan(): void {
    this.sync();
    this.applying.resume();
  }

  /** Rows of the store from this one on are not shown yet: the filter has not come to them, or they came while paused. */
  get reachedRow(): number {
    this.sync();
    const until = this.pause?.row ?? this.store.endRow;
    return this.filter.showsAll ? until : Math.min(until, this.applying.row);
  }

  /** Rows of the store from this one on came after the view was paused. */
  get heldBackRow(): number {
    this.sync();
    return this.pause?.row ?? this.store.endRow;
  }

  /** Bytes of the index of matches. */
  get memoryBytes(): number {
    return this.matches.bytes;
  }

  /** Shows other rows. On a failure (`bad-pattern`, `bad-argument`) the view stays as it was. */
  setFilter(spec: FilterSpec): Result<{ readonly generation: number }> {
    const compiled = compileFilter(spec);
    if (!compiled.ok) return compiled;
    this.sync();
    this.filter = compiled.value;
    this.restart();
    return ok({ generation: this.generationNumber });
  }

  /** Freezes the end of the view, or lets it go on. Rows are stored all the same, and evicted under the cap. */
  setPaused(paused: boolean): void {
    this.sync();
    if (paused === this.paused) return;
    this.pause = paused ? { row: this.store.endRow, totalEntries: this.store.totalEntries, reached: null } : null;
    this.noteReached();
  }

  /** Applies the filter to rows it has not seen until the slice is spent. True if there is more to do at once. */
  advance(slice: Slice): boolean {
    this.sync();
    return !this.filter.showsAll && this.applying.advance(slice);
  }

  /** The row number at a position from `first` to `end - 1`. */
  rowAt(position: number): number {
    return this.filter.showsAll ? position : this.matches.row(position, this.store.firstRow);
  }

  /** Rows at positions `first..first+count-1`, as far as the view holds them. The reply says where they begin. */
  rows(first: number, count: number): RowsReply {
    const begin = Math.max(first, this.first);
    const end = Math.min(first + Math.min(count, MAX_ROWS_A_REQUEST), this.end);
    const rows: LogRow[] = [];
    let previousNs = begin > this.first && begin <= this.end ? this.timeAt(begin - 1) : null;
    for (let position = begin; position < end; position++) {
      const [segment, offset] = this.place(position);
      rows.push(logRow(segment, offset, previousNs));
      previousNs = segment.timeNs[offset] as number;
    }
    return { generation: this.generationNumber, first: begin, rows };
  }

  /** The newest `count` rows, oldest first. */
  tail(count: number): readonly LogRow[] {
    const rows = Math.min(count, MAX_ROWS_A_REQUEST, this.end - this.first);
    return rows <= 0 ? [] : this.rows(this.end - rows, rows).rows;
  }

  /** Everything about a row of the store, shown or not; null if it is not kept. `startUnixMs`: wall clock of time 0. */
  details(row: number, startUnixMs: number): RowDetails | null {
    const position = this.locateRow(row);
    const previousNs = position !== null && position > this.first ? this.timeAt(position - 1) : null;
    // Last: looking at the row above may take this one's segment out of memory.
    const segment = this.store.segmentOf(row);
    if (segment === null) return null;
    const offset = row - segment.firstRow;
    return rowDetails(logRow(segment, offset, previousNs), segment, offset, startUnixMs);
  }

  /** Position of a row of the store; null if the view does not hold it. */
  locateRow(row: number): number | null {
    const { first, end } = this;
    if (this.filter.showsAll) return row >= first && row < end ? row : null;
    const position = this.matches.locate(row, this.store.firstRow);
    return position !== null && position < end ? position : null;
  }

  /** How errors, warnings and losses are spread over the rows shown, in some `buckets` buckets. */
  densityIn(buckets: number): Density {
    const { generation, first, end } = this;
    const counts = this.filter.showsAll
      ? this.survey.buckets(first, end, buckets)
      : this.matches.buckets(first, end, buckets);
    return { generation, first, end, ...counts };
  }

  /** The state to show; `sequence` is the caller's. */
  update(sequence: number, tailRows: number): ViewUpdate {
    return {
      sequence,
      generation: this.generation,
      first: this.first,
      end: this.end,
      matchedEntries: this.matchedEntries,
      searchedEntries: this.searchedEntries,
      sessionRows: this.store.rowCount,
      sessionEntries: this.store.entryCount,
      scan: this.scan,
      stopped: this.stopped,
      paused: this.paused,
      heldBack: this.heldBack,
      tail: this.tail(tailRows),
    };
  }

  /** The segment and offset of a position from `first` to `end - 1`. */
  place(position: number): readonly [Segment, number] {
    const row = this.rowAt(position);
    const segment = this.store.segmentOf(row);
    if (segment === null) throw new Error(`position ${position} is row ${row}, which is not kept`);
    return [segment, row - segment.firstRow];
  }

  private timeAt(position: number): number {
    const [segment, offset] = this.place(position);
    return segment.timeNs[offset] as number;
  }

  private endNow(): number {
    if (this.filter.showsAll) return this.pause?.row ?? this.store.endRow;
    return this.pause?.reached?.end ?? this.matches.end;
  }

  /** Takes note of what happened to the store since the last call: a clear, or an eviction. */
  private sync(): void {
    if (this.epoch !== this.store.epoch) {
      this.epoch = this.store.epoch;
      if (this.pause !== null) this.pause = { row: 0, totalEntries: 0, reached: null };
      this.scanner?.forget();
      this.restart();
      return;
    }
    const oldest = this.store.firstRow;
    this.matches.dropBefore(oldest);
    this.store.reserve(this, this.matches.bytes);
    if (this.applying.row < oldest) {
      this.applying.skipEvicted();
      this.noteReached();
    }
  }

  private restart(): void {
    this.generationNumber++;
    this.matches.clear();
    this.store.reserve(this, 0);
    this.applying.cancel();
    this.applying = this.apply();
    if (this.pause !== null) this.pause.reached = null;
    this.noteReached();
  }

  private apply(): FilterScan {
    const { store, filter, scanner, changed } = this;
    return new FilterScan({
      store,
      filter,
      scanner,
      take: (segment, offsets, count, endRow) => this.take(segment, offsets, count, endRow),
      changed,
    });
  }

  /** Adds what the filter found, in two parts if the view was paused between them. */
  private take(segment: Segment, offsets: Uint32Array, count: number, endRow: number): void {
    let before = 0;
    const pausedAt = this.pause === null || this.pause.reached !== null ? endRow : this.pause.row;
    if (pausedAt < endRow) {
      while (before < count && segment.firstRow + (offsets[before] as number) < pausedAt) before++;
      this.matches.append(segment, offsets, before);
      this.pause = { ...(this.pause as Pause), reached: this.reachedNow() };
    }
    this.matches.append(segment, offsets.subarray(before), count - before);
    this.store.reserve(this, this.matches.bytes);
    this.noteReached();
  }

  private reachedNow(): { readonly end: number; readonly entries: number } {
    return { end: this.matches.end, entries: this.matches.entries };
  }

  /** Remembers where the scan passed the row at which the view was paused. */
  private noteReached(): void {
    if (this.filter.showsAll || this.pause === null || this.pause.reached !== null) return;
    if (this.applying.row >= this.pause.row) this.pause.reached = this.reachedNow();
  }
}
