/**
 * The one map of everything that crosses between the main process and a renderer. Preload, main and renderer derive
 * their types and channel lists from here; nothing is written twice. The contract names no Electron type, so that the
 * same renderer can later be served over another transport.
 */
import type { Failure, Result } from '../../native/core/result.ts';
import type { Density } from './density.ts';
import type { DoctorFinding } from './doctor.ts';
import type { ExportFormat } from './export-formats.ts';
import type { FindCount, FindSpread } from './find.ts';
import type { HistorySettings } from './history.ts';
import type { CaptureName, DebugFilter, DriverChange, DriverReport, ProcessName, SourceOffer } from './machine.ts';
import type { Packed } from './packed.ts';
import type { PageState, Restored } from './page-state.ts';
import type { FilterSpec, Located, LocateTarget, RowDetails, RowsReply, TextQuery, ViewUpdate } from './rows.ts';
import type { SourceInfo, Status } from './status.ts';

export type { ExportFormat };
export type Theme = 'system' | 'light' | 'dark';

export interface Bootstrap {
  readonly version: string;
  readonly platform: 'linux' | 'win32' | 'darwin';
  readonly theme: Theme;
  /** Source the app was started with or used last, offered as the default of the source box. */
  readonly source: string;
  /** Sources used lately, newest first. */
  readonly recentSources: readonly string[];
  /** What the page before this one was; null for the first. */
  readonly restored: Restored | null;
}

/** Positions `first..last` of a view of some generation. */
export interface PositionRange {
  readonly generation: number;
  readonly first: number;
  readonly last: number;
}

/** Where to write is asked of the person, by main, with a dialog of the system: a path never comes from a page. */
export interface ExportRequest {
  /** Everything, what the filter shows, or the rows in `range`. */
  readonly scope: 'all' | 'filtered' | 'selection';
  /** The selection, at the time it was made; null for any other scope. */
  readonly range: PositionRange | null;
  readonly format: ExportFormat;
}

export interface ExportProgress {
  readonly id: number;
  readonly path: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly rows: number;
  readonly totalRows: number;
  /** Rows that had left the history before they could be written. */
  readonly skippedRows: number;
  readonly bytes: number;
  readonly failure: Failure | null;
}

/** `too-large`: nothing was copied; the text would take about so many bytes, more than a clipboard is for. */
export interface CopyOutcome {
  readonly state: 'copied' | 'too-large';
  readonly rows: number;
  readonly bytes: number;
}

/** How far a copy has got that takes its time; null when it has ended, however it did. */
export type CopyProgress = { readonly rows: number; readonly totalRows: number } | null;

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly action: string;
}

/** Request and reply of every call, by channel. `null` is "nothing". */
export interface Requests {
  'app.bootstrap': { request: null; reply: Bootstrap };
  'app.setTheme': { request: Theme; reply: null };
  /** What the page is now, kept for the one that takes its place should it end. */
  'page.remember': { request: PageState; reply: null };
  /** Opens a source (`sim:NAME`) and starts capturing; `sim:demo` starts the embedded simulated driver. Replaces all sources in use; rows stay. */
  'capture.start': { request: { readonly source: string }; reply: Result<SourceInfo> };
  /** Opens one more source and captures from it as well, in one order by clock; starts capturing if that was stopped. */
  'capture.add': { request: { readonly source: string }; reply: Result<SourceInfo> };
  /** Releases one source; its rows stay, the others go on. Harmless if there is none of that number. */
  'capture.remove': { request: { readonly id: number }; reply: null };
  /** Releases all sources. */
  'capture.stop': { request: null; reply: null };
  'session.clear': { request: null; reply: null };
  /** Changes how much history is kept, at once and for later starts. */
  'history.set': { request: HistorySettings; reply: Result<null> };
  /** Why capture is silent, or may be: the worst first. Changes nothing. */
  'doctor.run': { request: null; reply: readonly DoctorFinding[] };
  /** Where ringview.sys stands. Changes nothing. */
  'driver.examine': { request: null; reply: DriverReport };
  /** Installs (asking for the file), starts, stops or removes ringview.sys; null if the person chose no file. */
  'driver.change': { request: { readonly change: DriverChange }; reply: Result<DriverReport | null> };
  /** Switches on these captures of the loaded driver, and all others off. */
  'driver.capture': { request: { readonly captures: readonly CaptureName[] }; reply: Result<DriverReport> };
  'debugFilter.read': { request: null; reply: Result<DebugFilter> };
  /** Writes one mask to the registry; Windows reads it when it starts. */
  'debugFilter.set': { request: { readonly component: string; readonly mask: number }; reply: Result<DebugFilter> };
  /** What can be captured now. Claims nothing. */
  'sources.offer': { request: null; reply: readonly SourceOffer[] };
  'view.setFilter': { request: FilterSpec; reply: Result<{ readonly generation: number }> };
  'view.setPaused': { request: boolean; reply: null };
  /** How many of the newest rows each ViewUpdate carries, 0..MAX_ROWS_A_REQUEST: the height of the table while following, else 0. */
  'view.setTail': { request: number; reply: null };
  /** Confirms a ViewUpdate; the next is sent only then. */
  'view.ack': { request: number; reply: null };
  /** Rows at positions; empty rows with the current generation if `generation` is an old one. */
  'view.rows': {
    request: { readonly generation: number; readonly first: number; readonly count: number };
    reply: Packed<RowsReply>;
  };
  /** The nearest match at or after (before) `from`, going round once; null if there is none. */
  'view.find': {
    request: {
      readonly generation: number;
      readonly query: TextQuery;
      readonly from: number;
      readonly direction: 'next' | 'previous';
    };
    reply: Result<{ readonly position: number; readonly wrapped: boolean } | null>;
  };
  /** Counts the matches of a query in the view from now on, told by `find.count`; null ends that and any search. */
  'view.countFinds': { request: { readonly query: TextQuery | null }; reply: Result<null> };
  /** How the matches counted so far are spread over the view, in equal parts, at most MAX_SPREAD_BUCKETS. */
  'view.findSpread': {
    request: { readonly generation: number; readonly buckets: number };
    reply: Result<FindSpread>;
  };
  /** Leaves the filter as far applied as it is: see ViewUpdate.stopped. */
  'view.stopScan': { request: null; reply: null };
  /** Lets it go on from there. */
  'view.resumeScan': { request: null; reply: null };
  /** Where a row is in the view; null if the session holds none: the row was dropped, or none is of that index or time or later. */
  'view.locate': { request: LocateTarget; reply: Located | null };
  'view.details': { request: { readonly row: number }; reply: RowDetails | null };
  /** How errors, warnings and losses are spread over the view, in about `buckets` parts of equal length. */
  'view.density': { request: { readonly buckets: number }; reply: Packed<Density> };
  /** Puts rows on the clipboard as text lines; the answer comes when it is done. A new copy replaces one under way. */
  'view.copy': { request: PositionRange; reply: Result<CopyOutcome> };
  'copy.cancel': { request: null; reply: null };
  /** Asks where to, and starts an export; null if the person dismissed the dialog. Progress arrives as events. */
  'export.start': { request: ExportRequest; reply: Result<{ readonly id: number; readonly path: string } | null> };
  'export.cancel': { request: { readonly id: number }; reply: null };
}

/** Payload of every event, by channel. */
export interface Events {
  'view.update': Packed<ViewUpdate>;
  'find.count': FindCount;
  status: Status;
  'export.progress': ExportProgress;
  'copy.progress': CopyProgress;
  notice: Notice;
  /** Names of processes that are new since the last event, or since the page was loaded. */
  processes: readonly ProcessName[];
}

export type RequestChannel = keyof Requests;
export type EventChannel = keyof Events;

/** `satisfies` makes a channel missing here, or one too many, a compile error. */
export const REQUEST_CHANNELS = Object.keys({
  'app.bootstrap': true,
  'app.setTheme': true,
  'page.remember': true,
  'capture.start': true,
  'capture.add': true,
  'capture.remove': true,
  'capture.stop': true,
  'session.clear': true,
  'history.set': true,
  'doctor.run': true,
  'driver.examine': true,
  'driver.change': true,
  'driver.capture': true,
  'debugFilter.read': true,
  'debugFilter.set': true,
  'sources.offer': true,
  'view.setFilter': true,
  'view.setPaused': true,
  'view.setTail': true,
  'view.ack': true,
  'view.rows': true,
  'view.find': true,
  'view.countFinds': true,
  'view.findSpread': true,
  'view.stopScan': true,
  'view.resumeScan': true,
  'view.locate': true,
  'view.details': true,
  'view.density': true,
  'view.copy': true,
  'copy.cancel': true,
  'export.start': true,
  'export.cancel': true,
} satisfies Record<RequestChannel, true>) as readonly RequestChannel[];

export const EVENT_CHANNELS = Object.keys({
  'view.update': true,
  'find.count': true,
  status: true,
  'export.progress': true,
  'copy.progress': true,
  notice: true,
  processes: true,
} satisfies Record<EventChannel, true>) as readonly EventChannel[];

/** Channels whose reply is itself a Result: what is refused there is a failure like any other. */
export type ResultChannel = {
  [C in RequestChannel]: Requests[C]['reply'] extends Result<unknown> ? C : never;
}[RequestChannel];

const RESULT_CHANNELS: ReadonlySet<string> = new Set(
  Object.keys({
    'capture.start': true,
    'capture.add': true,
    'history.set': true,
    'driver.change': true,
    'driver.capture': true,
    'debugFilter.read': true,
    'debugFilter.set': true,
    'view.setFilter': true,
    'view.find': true,
    'view.countFinds': true,
    'view.findSpread': true,
    'view.copy': true,
    'export.start': true,
  } satisfies Record<ResultChannel, true>),
);

export function isResultChannel(channel: RequestChannel): channel is ResultChannel {
  return RESULT_CHANNELS.has(channel);
}

/**
 * What every call comes back with, over any transport: the reply, or why the call was refused. `bad-argument`: no valid
 * request of its channel; `overloaded`: too many calls are waiting already; `internal`: a defect.
 */
export type Answer<C extends RequestChannel> = Result<Requests[C]['reply']>;

/** Main's side: one handler a channel. */
export type Handlers = {
  readonly [C in RequestChannel]: (
    request: Requests[C]['request'],
  ) => Promise<Requests[C]['reply']> | Requests[C]['reply'];
};

/**
 * The renderer's side: a named method a channel, in camel case, and one subscription an event. A call that is refused
 * answers with the failure where its reply is a Result, and rejects with an Error that says why where it is not.
 */
export interface Bridge {
  bootstrap(): Promise<Bootstrap>;
  setTheme(theme: Theme): Promise<null>;
  remember(state: PageState): Promise<null>;
  startCapture(source: string): Promise<Result<SourceInfo>>;
  addSource(source: string): Promise<Result<SourceInfo>>;
  removeSource(id: number): Promise<null>;
  stopCapture(): Promise<null>;
  clearSession(): Promise<null>;
  setHistory(settings: HistorySettings): Promise<Result<null>>;
  examine(): Promise<readonly DoctorFinding[]>;
  examineDriver(): Promise<DriverReport>;
  changeDriver(change: DriverChange): Promise<Result<DriverReport | null>>;
  setDriverCaptures(captures: readonly CaptureName[]): Promise<Result<DriverReport>>;
  readDebugFilter(): Promise<Result<DebugFilter>>;
  setDebugMask(component: string, mask: number): Promise<Result<DebugFilter>>;
  offerSources(): Promise<readonly SourceOffer[]>;
  setFilter(filter: FilterSpec): Promise<Result<{ readonly generation: number }>>;
  setPaused(paused: boolean): Promise<null>;
  setTail(rows: number): Promise<null>;
  ackView(sequence: number): Promise<null>;
  rows(request: Requests['view.rows']['request']): Promise<RowsReply>;
  find(request: Requests['view.find']['request']): Promise<Requests['view.find']['reply']>;
  countFinds(query: TextQuery | null): Promise<Result<null>>;
  findSpread(request: Requests['view.findSpread']['request']): Promise<Result<FindSpread>>;
  stopScan(): Promise<null>;
  resumeScan(): Promise<null>;
  locate(request: Requests['view.locate']['request']): Promise<Requests['view.locate']['reply']>;
  details(row: number): Promise<RowDetails | null>;
  density(buckets: number): Promise<Density>;
  copy(range: PositionRange): Promise<Requests['view.copy']['reply']>;
  cancelCopy(): Promise<null>;
  startExport(request: ExportRequest): Promise<Requests['export.start']['reply']>;
  cancelExport(id: number): Promise<null>;
  /** Each returns a function that ends the subscription. */
  onViewUpdate(listener: (update: ViewUpdate) => void): () => void;
  onFindCount(listener: (count: FindCount) => void): () => void;
  onStatus(listener: (status: Status) => void): () => void;
  onExportProgress(listener: (progress: ExportProgress) => void): () => void;
  onCopyProgress(listener: (progress: CopyProgress) => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
  onProcesses(listener: (names: readonly ProcessName[]) => void): () => void;
}

type PackedMethods = 'rows' | 'density' | 'onViewUpdate';

/** What `window.ringview` is: the bridge, of which some methods give JSON text (packed.ts). */
export interface PreloadBridge extends Omit<Bridge, PackedMethods> {
  rows(request: Requests['view.rows']['request']): Promise<Packed<RowsReply>>;
  density(buckets: number): Promise<Packed<Density>>;
  onViewUpdate(listener: (update: Packed<ViewUpdate>) => void): () => void;
}
