/**
 * A session: what the viewer keeps of some sources, independent of who looks at it. It owns the store, the survey of
 * all rows, the sources in use, their clock and the names of their processes. Each tick moves entries from the sources
 * to the store; rows of several sources come out in one clock order. A session knows nothing of views.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import { EventNameTable } from '../../../native/core/event-names.ts';
import { IDLE_POLL_MS } from '../../../native/core/pacing.ts';
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { LogSource, SourceInfo } from '../../../native/sources/source.ts';
import type { ColourRule } from '../../contract/colour-rules.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import type { TimeOrigin } from '../../contract/shown-time.ts';
import type { SessionStatus, SourceName } from '../../contract/status.ts';
import { compileFilter } from '../search/filter.ts';
import type { FilterNames } from '../search/name-binding.ts';
import { RowSurvey } from '../store/row-survey.ts';
import { sliceOf } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import { Bookmarks } from './bookmarks.ts';
import { CaptureFilter } from './capture-filter.ts';
import { CapturedSource, REATTACH_MS, type SharedBySources } from './captured-source.ts';
import { FilesAgain, type OpenedReading } from './files-again.ts';
import { filterNames } from './filter-names.ts';
import { KnownSources } from './known-sources.ts';
import { ProcessNames } from './process-names.ts';
import {
  type CaptureEnding,
  type ClearedBy,
  type KnownFacts,
  NOT_RECORDED,
  type SessionKeeper,
} from './session-keeper.ts';
import { statusOf } from './session-status.ts';
import { SessionTime } from './session-time.ts';
import { HOLD_MS, SourceMerger } from './source-merger.ts';
import { SourcePolls } from './source-polls.ts';
import { addLosses, type Losses, NO_LOSSES, RateMeter } from './statistics.ts';

export { REATTACH_MS };

export interface SessionOptions {
  /**
   * Opens a source by the name a person gave it; a file in an encoding, and by what explains its events, if these were
   * chosen for it.
   */
  readonly open: (spec: string, encoding?: string, symbols?: readonly string[]) => Result<LogSource>;
  /** Monotonic milliseconds, to limit the time that some work may take within a tick. */
  readonly now: () => number;
  readonly store: StoreOptions;
  /** Keeps the rows beyond the session. */
  readonly keeper?: SessionKeeper;
  /** Where the recording lies that its rows come from; only of a session that was recorded before. */
  readonly recordedAt?: string;
}

/** The most sources that are captured at once. */
export const MAX_SOURCES = 32;
/** The longest that a tick spends on moving rows to disk after the memory cap was lowered; milliseconds. */
const SHRINK_MS = 8;

export class Session {
  readonly store: SessionStore;
  /** What is known of all rows, whether a view shows them or not. */
  readonly survey: RowSurvey;
  /** Process names of all sources of the session, also of those no longer in use. */
  readonly processes = new ProcessNames();
  /** Of the events of all its sources, by the numbers that its rows have. */
  readonly eventNames = new EventNameTable();
  /** Rows that a person marked, and what was highlighted while rows that come from a recording were recorded. */
  readonly bookmarks = new Bookmarks();
  highlights: readonly ColourRule[] = [];
  /** What it has of files, to be merged with others or moved in time. */
  readonly files: FilesAgain;
  private readonly options: SessionOptions;
  private readonly time = new SessionTime();
  private readonly rates = new RateMeter();
  private readonly merger: SourceMerger;
  private readonly filter = new CaptureFilter();
  readonly polls: SourcePolls;

  private capturing = false;
  /** The sources in use, by number. While stopped, those that were in use, for their figures. */
  private sources: CapturedSource[] = [];
  /** Specs of the sources (`sim:NAME`) by number. The same source keeps its number for the life of the session. */
  private specs: string[] = [];
  private readonly known = new KnownSources();
  /** What the session was called when it was recorded; null unless its rows come from a recording. */
  private recordedAs: string | null = null;
  /** Losses of the sources that are no longer in use, since the last clear. */
  private earlier: Losses = NO_LOSSES;
  private earlierPeak = 0;

  constructor(options: SessionOptions) {
    this.options = options;
    this.store = new SessionStore(options.store);
    this.survey = new RowSurvey(this.store);
    this.merger = new SourceMerger(
      (batch: EntryBatch) => this.take(this.filter.take(batch)),
      HOLD_MS,
      // A batch that the capture filter may take rows out of cannot be leased from the store, because rows written in
      // place cannot be taken back.
      (rows, bytes) => (this.filter.spec === null ? this.store.lease(rows, bytes) : null),
    );
    this.polls = new SourcePolls(this.merger, options.now);
    this.files = new FilesAgain({
      open: options.open,
      bookmarks: this.bookmarks,
      known: () => this.known.all(this.sources).map(({ id, info }) => ({ id, info, spec: this.specs[id] ?? '' })),
      replace: (opened) => this.replace(opened),
      mostSources: MAX_SOURCES,
    });
    options.keeper?.begin(this);
  }

  /** If set, only rows that this filter shows are kept when they arrive; null: all are kept. */
  get captureFilter(): FilterSpec | null {
    return this.filter.spec;
  }

  /** From now on keeps only rows that a filter shows; null keeps all. Failure: bad-pattern; nothing changes. */
  setCaptureFilter(spec: FilterSpec | null): Result<null> {
    const compiled = compileFilter(spec ?? SHOW_ALL);
    if (!compiled.ok) return compiled;
    this.filter.set(spec);
    return ok(null);
  }

  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  get startUnixMs(): number {
    return this.time.startUnixMs;
  }

  /** What is known of when time 0 was, for times that are shown. */
  get origin(): TimeOrigin {
    return this.time.origin;
  }

  /** The first of the sources in use or last used; of rows that were recorded, the first they came from. */
  get sourceInfo(): SourceInfo | null {
    return this.sources[0]?.info ?? (this.recordedAs === null ? null : (this.known.all([])[0]?.info ?? null));
  }

  /** The sources from which the session has rows, and those in use, by number. */
  get sourceNames(): readonly SourceName[] {
    return this.known.names(this.sources);
  }

  /** What a person calls it: of rows that were recorded, the recording's name; null where it has none of its own. */
  get title(): string | null {
    return this.recordedAs;
  }

  /** Where the recording lies that its rows come from; null for any other session. */
  get recordedAt(): string | null {
    return this.options.recordedAt ?? null;
  }

  /** Where its rows are being recorded; null while they are not. */
  get keptAt(): string | null {
    return this.options.keeper?.place ?? null;
  }

  /** The sources in use, or those of before the stop. */
  get sourcesInUse(): readonly Pick<CapturedSource, 'id' | 'spec' | 'info'>[] {
    return this.sources;
  }

  /** Who is called what, for filters with names. */
  get filterNames(): FilterNames {
    return filterNames(this);
  }

  /** True if the session has no rows and never had a source, so that a file may be opened in it. */
  get isUnused(): boolean {
    return this.specs.length === 0 && this.store.rowCount === 0 && this.recordedAs === null;
  }

  /** What the times of a source are moved by on the common time line, nanoseconds; null for one that is not in use. */
  offsetOf(id: number): number | null {
    return this.sources.find((source) => source.id === id)?.place.offsetNs ?? null;
  }

  /** The name under which a source was opened that rows say they are of; null if there is none of that number. */
  specOf(id: number): string | null {
    return this.specs[id] ?? null;
  }

  /** What is known beside the rows. */
  facts(): KnownFacts {
    let losses = this.earlier;
    for (const source of this.sources) losses = addLosses(losses, source.lossesOf(source.figures));
    const { lost, lostByCause, late } = losses;
    return {
      startUnixMs: this.startUnixMs,
      sources: this.known.all(this.sources),
      processes: this.processes.all,
      ...{ lost, lostByCause, late: late + this.merger.late },
    };
  }

  /** Takes over what was known beside rows that were recorded under a name, and that the store has by now. */
  restore(name: string, { startUnixMs, sources, processes, lost, lostByCause, late }: KnownFacts): void {
    this.recordedAs = name;
    const infos = sources.map(({ info }) => info);
    this.time.restore(startUnixMs, infos);
    this.known.restore(sources);
    for (const { source, pid, name } of processes) this.processes.note(source, new Map([[pid, name]]));
    this.earlier = { lost, lostByCause, late };
  }

  /** What a person should know of where the bookmarks are kept, a sentence; empty while they are saved with the rows. */
  get bookmarkRemark(): string {
    return this.options.keeper?.bookmarkRemark ?? NOT_RECORDED;
  }

  /** Whether a source other than a file is in use that may still deliver. */
  get isLive(): boolean {
    return this.capturing && this.sources.some(({ isOpen, info }) => isOpen && info.file === undefined);
  }

  /**
   * What the clock of the session shows now, nanoseconds since its time 0, as far as the live sources in use tell; null where
   * none does, or not all: some of what one wrote may not have been read.
   */
  clockNs(nowMs: number): number | null {
    const live = this.capturing ? this.sources.filter(({ isOpen, info }) => isOpen && info.file === undefined) : [];
    const clocks = live.map((source) => source.clockNs(nowMs));
    return clocks.length === 0 || clocks.includes(null) ? null : Math.max(...(clocks as number[]));
  }

  get isCapturing(): boolean {
    return this.capturing;
  }

  /**
   * A text that changes when the status differs in kind: what is captured, which sources are open, whether rows were
   * cleared, how much is kept. Cheap enough to compare in every tick.
   */
  get standing(): string {
    const sources = this.sources.map((source) => `${source.id}${source.isOpen ? '+' : '-'}`).join();
    const { epoch, memoryCapBytes, policy } = this.store;
    const opening = this.options.keeper?.opening ?? null;
    return `${opening === null ? '' : opening.stopped} ${this.capturing} ${sources} ${epoch} ${memoryCapBytes} ${policy.keep} ${this.filter.changes}`;
  }

  /**
   * Opens a source and captures from it instead of those in use; the rows stay. If it cannot be opened, nothing
   * changes.
   */
  start(spec: string): Result<SourceInfo> {
    const held = this.find(spec);
    if (held?.isOpen) {
      for (const other of [...this.sources]) if (other !== held) this.release(other);
      return ok(held.info);
    }
    const opened = this.options.open(spec);
    if (!opened.ok) return opened;
    for (const other of [...this.sources]) this.release(other);
    return ok(this.adopt(spec, opened.value));
  }

  /** Opens a source and captures from it beside those in use. A failure changes nothing. */
  add(spec: string): Result<SourceInfo> {
    const held = this.capturing ? this.find(spec) : undefined;
    if (held?.isOpen) return ok(held.info);
    if (this.capturing && held === undefined && this.sources.length >= MAX_SOURCES) {
      return fail('bad-argument', `${MAX_SOURCES} sources are captured already`, 'Remove one first');
    }
    const opened = this.options.open(spec);
    if (!opened.ok) return opened;
    for (const other of [...this.sources]) if (!this.capturing || other === held) this.release(other);
    return ok(this.adopt(spec, opened.value));
  }

  /**
   * Releases one source; what it still held back is stored, and the others continue. Harmless if there is no source of
   * that number.
   */
  remove(id: number): void {
    const source = this.sources.find((each) => each.id === id);
    if (source === undefined) return;
    if (this.sources.length === 1) this.stop();
    else this.release(source);
  }

  /** Ends the capture and discards all rows, in memory and on disk. The session must not be used afterwards. */
  close(): void {
    const how = this.ending;
    this.stop();
    this.options.keeper?.closing(how);
    this.store.clear();
  }

  private get ending(): CaptureEnding {
    const states = this.sources.map((source) => source.figures.state);
    if (!this.capturing || this.sources.some((source) => source.isOpen)) return 'stopped';
    return (['failed', 'gone', 'ended'] as const).find((state) => states.includes(state)) ?? 'stopped';
  }

  /**
   * Ends the capture and releases the sources; what they still held back is stored. Harmless if nothing is captured.
   */
  stop(): void {
    this.options.keeper?.stopped?.();
    if (!this.capturing) return;
    for (const source of this.sources) source.close();
    this.merger.flush();
    this.capturing = false;
    this.settleFiles();
  }

  /** Discards all rows and counts from zero; the capture continues. */
  clear(by: ClearedBy = 'person'): void {
    this.options.keeper?.clearing(by);
    this.files.drop();
    this.bookmarks.clear();
    this.merger.clear();
    this.store.clear();
    this.filter.clear();
    this.rates.reset();
    for (const source of this.sources) source.clear();
    this.time.clear(this.sources.filter((source) => source.isOpen).map((source) => source.place));
    this.known.clear();
    this.earlier = NO_LOSSES;
    this.earlierPeak = 0;
    this.options.keeper?.cleared();
  }

  /** Moves everything that is ready. Returns the milliseconds after which to call again; 0 means at once. */
  tick(nowMs: number): number {
    let delayMs = IDLE_POLL_MS;
    if (this.capturing) {
      delayMs = this.polls.poll(this.sources, nowMs, () => this.clear('source'));
      this.settleFiles();
    }
    this.rates.sample(nowMs, this.filter.addedTo(this.store.figures.totalEntriesByCpu));
    const more = this.options.keeper?.advance?.() ?? false;
    this.survey.catchUp();
    this.options.keeper?.tick(nowMs);
    return this.store.shrink(sliceOf(this.options.now, SHRINK_MS)) || more ? 0 : delayMs;
  }

  private take(batch: EntryBatch): void {
    this.files.look(batch, this.store.endRow, (source) => this.offsetOf(source) ?? 0);
    this.store.append(batch);
  }

  private settleFiles(): void {
    this.files.settle(!this.merger.holding && this.sources.every(({ isOpen }) => !isOpen));
  }

  status(nowMs: number): SessionStatus {
    const { sources, sourceNames, capturing, time, rates, store, filter, earlier, earlierPeak } = this;
    const parts = { sources, sourceNames, capturing, time, rates, store, filter, earlier, earlierPeak };
    return statusOf({ ...parts, keeper: this.options.keeper, late: this.merger.late }, nowMs);
  }

  private find(spec: string): CapturedSource | undefined {
    return this.sources.find((source) => source.spec === spec);
  }

  private adopt(spec: string, opened: LogSource, statedNs = 0): SourceInfo {
    let id = this.specs.indexOf(spec);
    if (id < 0) id = this.specs.push(spec) - 1;
    const shared: SharedBySources = {
      open: this.options.open,
      time: this.time,
      merger: this.merger,
      processes: this.processes,
      eventNames: this.eventNames,
      placesBeside: (self) =>
        this.sources.filter((other) => other !== self && other.isOpen).map((other) => other.place),
    };
    const source = new CapturedSource(id, spec, opened, shared, statedNs);
    this.sources = [...this.sources, source].sort((a, b) => a.id - b.id);
    this.capturing = true;
    this.options.keeper?.opened(source.info);
    return source.info;
  }

  /** Each waits for the others until all were looked at, so that none comes too late. */
  private replace(opened: readonly OpenedReading[]): void {
    for (const source of [...this.sources]) this.release(source);
    this.clear();
    for (const { reading, source } of opened) this.adopt(reading.spec, source, reading.statedNs);
    for (const source of this.sources) source.begin();
  }

  private release(source: CapturedSource): void {
    source.close();
    const own = source.lossesOf(source.readFigures());
    this.earlier = addLosses(this.earlier, own);
    this.earlierPeak = Math.max(this.earlierPeak, source.peakFill);
    this.sources = this.sources.filter((other) => other !== source);
    if (this.sources.length === 0) this.merger.flush();
    this.known.letGo(source, own);
  }
}
