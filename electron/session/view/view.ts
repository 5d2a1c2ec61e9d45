/**
 * The log as one observer sees it: which rows, at which positions, up to where. Positions are counted from the first
 * match on, only increase, and mean the same row until `generation` changes. Any number of views can look at one store;
 * each costs what `ShownRows` takes, and nothing else.
 */
import { type Failure, ok, type Result } from '../../../native/core/result.ts';
import type { Density } from '../../contract/density.ts';
import {
  type FilterSpec,
  type LogRow,
  MAX_ROWS_A_REQUEST,
  type RowDetails,
  type RowsReply,
  SHOW_ALL,
  type ViewUpdate,
} from '../../contract/rows.ts';
import type { Candidates } from '../search/candidates.ts';
import { compileFilter, type Filter } from '../search/filter.ts';
import { bindNames, type FilterNames } from '../search/name-binding.ts';
import { narrows } from '../search/narrows.ts';
import type { Scanner } from '../search/scanner.ts';
import type { Region } from '../store/density.ts';
import { RowSurvey } from '../store/row-survey.ts';
import type { Segment } from '../store/segment.ts';
import type { Slice } from '../store/slice.ts';
import type { SessionStore } from '../store/store.ts';
import type { StoreObserver } from '../store/store-options.ts';
import type { FieldValues } from '../text/field-values.ts';
import { schemaVersion } from '../text/schemas.ts';
import { AllRows } from './all-rows.ts';
import { type EventNamesAt, logRow, rowDetails } from './log-row.ts';
import { MatchedRows } from './matched-rows.ts';
import { DeltaReader, NO_DELTAS } from './row-deltas.ts';
import type { PausePoint, Progress, ShownRows } from './shown-rows.ts';

export class LogView implements StoreObserver {
  readonly store: SessionStore;
  /** What is known of all rows, whether they are shown or not. */
  readonly survey: RowSurvey;
  private readonly scanner: Scanner | null;
  private readonly changed: () => void;
  private readonly names: () => FilterNames | null;
  /** Of the names that the filter was bound to; null while it has none in it. */
  private boundTo: string | null = null;
  /** That of the schemas by which records were told. */
  private schemas = schemaVersion();
  private readonly unobserve: () => void;
  private filter: Filter;
  private shown: ShownRows;
  private generationNumber = 1;
  /** Rows of the store from this one on came after the filter was set. */
  private setAtRow: number;
  private pause: PausePoint | null = null;

  /**
   * With a `scanner`, the part of a filter that reads text is evaluated there, and `changed` is called when it has
   * found something. `survey` is the store's survey, if there is one already. `names` says
   * who is called what by now.
   */
  constructor(
    store: SessionStore,
    scanner: Scanner | null = null,
    changed: () => void = () => {},
    survey: RowSurvey = new RowSurvey(store),
    names: () => FilterNames | null = () => null,
  ) {
    this.store = store;
    this.survey = survey;
    this.scanner = scanner;
    this.changed = changed;
    this.names = names;
    const all = compileFilter(SHOW_ALL);
    if (!all.ok) throw new Error(all.failure.message);
    this.filter = all.value;
    this.setAtRow = store.endRow;
    this.shown = this.show();
    this.unobserve = store.observe(this);
  }

  /** Changes when positions lose their meaning: when the filter changes, and when the store is cleared. */
  get generation(): number {
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
    return this.shown.first;
  }

  /** One above the newest position shown. */
  get end(): number {
    return this.shown.end;
  }

  /** Entries among the rows shown, without those that are only near a match. */
  get matchedEntries(): number {
    return this.shown.entries;
  }

  /** Entries that are shown because they are near a match. */
  get contextEntries(): number {
    return this.shown.contextEntries;
  }

  /**
   * Number of entries from which those shown were chosen: the kept entries, while paused only those from before the
   * pause.
   */
  get searchedEntries(): number {
    return Math.max(
      0,
      (this.pause?.totalEntries ?? this.store.figures.totalEntries) - this.store.figures.evictedEntries,
    );
  }

  get paused(): boolean {
    return this.pause !== null;
  }

  /** Entries that would be shown now if the view were not paused. */
  get heldBack(): number {
    return this.shown.heldBack;
  }

  /**
   * Rows of the store from this one on are not shown yet: the filter has not reached them, or they came while paused.
   */
  get reachedRow(): number {
    return this.shown.reachedRow;
  }

  /** Rows of the store from this one on came after the view was paused. */
  get heldBackRow(): number {
    return this.pause?.row ?? this.store.endRow;
  }

  /** How far the filter has got; null once it has covered every row that is to be shown. */
  get scan(): Progress | null {
    return this.shown.scan;
  }

  /**
   * Whether the filter has covered all rows that there were when it was set. Of a log to which rows are added all the time it
   * is so for some moments before `scan` is null.
   */
  get isAnswered(): boolean {
    return this.scan === null || this.reachedRow >= this.setAtRow;
  }

  /** Why the filter stopped where `scan` says, by itself or because somebody asked for it; null if it did not stop. */
  get stopped(): Failure | null {
    return this.shown.stopped;
  }

  /** Bytes of the index of matches. */
  get memoryBytes(): number {
    return this.shown.memoryBytes;
  }

  /** Stops the filter where it is, until `resumeScan` or another filter. Harmless if it has covered all rows. */
  stopScan(): void {
    this.shown.stopScan({
      code: 'cancelled',
      message: 'The filter was stopped before it had seen all rows',
      action: 'Go on, or choose another filter',
    });
  }

  /** Continues a filter that was stopped. */
  resumeScan(): void {
    this.shown.resumeScan();
  }

  /** Changes the filter. On a failure (`bad-pattern`, `bad-argument`) the view stays as it was. */
  setFilter(spec: FilterSpec): Result<{ readonly generation: number }> {
    const names = this.names();
    const compiled = compileFilter(spec, bindNames(spec, names));
    if (!compiled.ok) return compiled;
    const candidates = this.candidatesOf(spec);
    this.filter = compiled.value;
    this.boundTo = this.filter.readsNames ? (names?.version ?? null) : null;
    this.restart(candidates);
    return ok({ generation: this.generationNumber });
  }

  /**
   * Keeps the end of the view where it is, or lets it continue. While paused, rows are still stored, and evicted under
   * the cap.
   */
  setPaused(paused: boolean): void {
    if (paused === this.paused) return;
    this.pause = paused ? { row: this.store.endRow, totalEntries: this.store.figures.totalEntries } : null;
    this.shown.setPause(this.pause);
  }

  /** Applies the filter to new rows until the slice is spent. True if there is more to do at once. */
  advance(slice: Slice): boolean {
    if (this.schemas !== schemaVersion()) this.readAgain();
    if (this.boundTo !== null) this.bindAgain();
    return this.shown.advance(slice);
  }

  /** The row number at a position from `first` to `end - 1`. */
  rowAt(position: number): number {
    return this.shown.rowAt(position);
  }

  /**
   * Rows at positions `first..first+count-1`, as far as the view holds them. The reply says at which position they
   * begin. They have the values of `fields`.
   */
  rows(first: number, count: number, fields: FieldValues | null = null): RowsReply {
    const begin = Math.max(first, this.first);
    const end = Math.min(first + Math.min(count, MAX_ROWS_A_REQUEST), this.end);
    const rows: LogRow[] = [];
    if (begin < end) {
      const deltas = new DeltaReader(this, begin);
      for (let position = begin; position < end; position++) {
        const after = deltas.next();
        const row = logRow(...this.place(position), after, fields);
        rows.push(this.shown.isContext(position) ? { ...row, isContext: true } : row);
      }
    }
    return { generation: this.generationNumber, first: begin, rows };
  }

  /** The newest `count` rows, oldest first. */
  tail(count: number, fields: FieldValues | null = null): readonly LogRow[] {
    const rows = Math.min(count, MAX_ROWS_A_REQUEST, this.end - this.first);
    return rows <= 0 ? [] : this.rows(this.end - rows, rows, fields).rows;
  }

  /** Everything about a row of the store, shown or not; null if it is not kept. `startUnixMs`: wall clock of time 0. */
  details(row: number, startUnixMs: number, eventNames?: EventNamesAt): RowDetails | null {
    const position = this.locateRow(row);
    const deltas = position === null ? NO_DELTAS : new DeltaReader(this, position).next();
    // Read last, because reading the rows above may move this row's segment out of memory.
    const segment = this.store.segmentOf(row);
    if (segment === null) return null;
    const offset = row - segment.firstRow;
    return rowDetails(logRow(segment, offset, deltas), segment, offset, startUnixMs, eventNames);
  }

  /** Position of a row of the store; null if the view does not hold it. */
  locateRow(row: number): number | null {
    return this.shown.locate(row);
  }

  /** How errors, warnings and losses are spread over the rows shown, in some `buckets` buckets. */
  densityIn(buckets: number): Density {
    const { generation, first, end } = this;
    return { generation, first, end, ...this.shown.buckets(first, end, buckets) };
  }

  /** The state to show; `sequence` is the caller's. */
  update(sequence: number, tailRows: number, fields: FieldValues | null = null): ViewUpdate {
    return {
      sequence,
      generation: this.generation,
      epoch: this.store.epoch,
      first: this.first,
      end: this.end,
      matchedEntries: this.matchedEntries,
      contextEntries: this.contextEntries,
      searchedEntries: this.searchedEntries,
      sessionRows: this.store.rowCount,
      sessionEntries: this.store.figures.entryCount,
      scan: this.scan,
      stopped: this.stopped,
      paused: this.paused,
      heldBack: this.heldBack,
      tail: this.tail(tailRows, fields),
    };
  }

  /** The segment and offset of a position from `first` to `end - 1`. */
  place(position: number): readonly [Segment, number] {
    const row = this.rowAt(position);
    const segment = this.store.segmentOf(row);
    if (segment === null) throw new Error(`position ${position} is row ${row}, which is not kept`);
    return [segment, row - segment.firstRow];
  }

  /** Where the next loss marker may be from a position on, or the last one up to it; null if there is none. */
  lossRegion(position: number, forward: boolean): Region | null {
    return this.shown.lossRegion(position, forward);
  }

  /** One above the last of the positions from `position` on, below `stop`, whose rows are below `row`. */
  endBelow(position: number, stop: number, row: number): number {
    return this.shown.endBelow(position, stop, row);
  }

  /** The first of the positions up to `position`, not below `stop`, whose rows are not below `row`. */
  startFrom(position: number, stop: number, row: number): number {
    return this.shown.startFrom(position, stop, row);
  }

  rowsDropped(oldestRow: number): void {
    this.shown.rowsDropped(oldestRow);
  }

  cleared(): void {
    if (this.pause !== null) this.pause = { row: 0, totalEntries: 0 };
    this.scanner?.forget();
    this.restart();
  }

  /** Closes the view: it costs nothing from here on, and must not be used any more. */
  close(): void {
    this.unobserve();
    this.shown.close();
  }

  /** Names that were learnt may stand for other rows than before: then the filter begins anew. */
  private bindAgain(): void {
    const names = this.names();
    if (names === null || names.version === this.boundTo) return;
    this.boundTo = names.version;
    const { spec, bindings } = this.filter;
    const found = bindNames(spec, names);
    if (JSON.stringify(found) === JSON.stringify(bindings)) return;
    const compiled = compileFilter(spec, found);
    if (!compiled.ok) throw new Error(compiled.failure.message);
    this.filter = compiled.value;
    this.restart();
  }

  /** Other schemas: records have other texts and fields. */
  private readAgain(): void {
    this.schemas = schemaVersion();
    const { spec } = this.filter;
    const names = this.names();
    const compiled = compileFilter(spec, bindNames(spec, names));
    // A filter that means nothing any more goes on as it was.
    if (compiled.ok) {
      this.filter = compiled.value;
      this.boundTo = this.filter.readsNames ? (names?.version ?? null) : null;
    }
    this.restart();
  }

  /** What is shown, if another filter can show nothing else: as while somebody types on. Null where that is not certain. */
  private candidatesOf(spec: FilterSpec): Candidates | null {
    const { shown, filter } = this;
    // What names and records mean may have changed since the filter was applied.
    if (!(shown instanceof MatchedRows) || filter.readsNames || this.schemas !== schemaVersion()) return null;
    return narrows(spec, filter.spec) ? shown.found : null;
  }

  private restart(candidates: Candidates | null = null): void {
    this.generationNumber++;
    this.setAtRow = this.store.endRow;
    this.shown.close();
    this.shown = this.show(candidates);
  }

  private show(candidates: Candidates | null = null): ShownRows {
    const { store, survey, filter, scanner, changed, pause } = this;
    return filter.showsAll
      ? new AllRows(store, survey, pause)
      : new MatchedRows(store, filter, scanner, changed, pause, candidates);
  }
}
