/**
 * An in-memory session behind the Bridge, for tests and for looking at the interface without the rest of the program.
 * Rows are computed from their number, so ten million of them cost nothing; time passes only when `advance` is called.
 */

import type {
  Bridge,
  CopyProgress,
  ExportProgress,
  Notice,
  PositionRange,
  Theme,
} from '../../electron/contract/channels.ts';
import type { Density } from '../../electron/contract/density.ts';
import type { FindCount } from '../../electron/contract/find.ts';
import { type HistorySettings, KEEP_ALL } from '../../electron/contract/history.ts';
import type { CaptureName, DriverChange, ProcessName } from '../../electron/contract/machine.ts';
import type { PageState, Restored } from '../../electron/contract/page-state.ts';
import type { FilterSpec, LogRow, RowsReply, TextQuery, ViewUpdate } from '../../electron/contract/rows.ts';
import { OTHER_LEVEL, SHOW_ALL } from '../../electron/contract/rows.ts';
import type { Status } from '../../electron/contract/status.ts';
import { matchExpression } from '../../electron/contract/text-matches.ts';
import { type Failure, fail, ok } from '../../native/core/result.ts';
import { FAKE_DEFAULTS, type FakeOptions, fakeInfo, fakeRow, fakeStatus, gapsBetween } from './fake-data.ts';
import { FakeMachine } from './fake-machine.ts';

/** Rows above which the fake's clipboard is full. */
const MOST_COPIED = 160_000;

export class FakeSession implements Bridge {
  readonly options: FakeOptions;
  /** Every call in order, by method name, with its argument. */
  readonly calls: { readonly name: string; readonly value: unknown }[] = [];
  total: number;
  state: FakeOptions['state'];
  failure: Failure | null;
  /** Rows from this number on a filter has not come to yet. */
  scanLimit = Number.POSITIVE_INFINITY;
  #base = 0;
  #filter: FilterSpec = SHOW_ALL;
  #generation = 1;
  #sequence = 0;
  #awaiting: number | null = null;
  #dirty = true;
  #tail = 0;
  #paused = false;
  #pausedAt = 0;
  #capturing: boolean;
  #nowMs = 0;
  #owed = 0;
  /** Row numbers the filter shows, and how far it has been applied; null while it shows everything. */
  #shown: number[] | null = null;
  #scanned = 0;
  readonly #views = new Set<(update: ViewUpdate) => void>();
  readonly #counts = new Set<(count: FindCount) => void>();
  readonly #statuses = new Set<(status: Status) => void>();
  readonly #progress = new Set<(progress: ExportProgress) => void>();
  readonly #notices = new Set<(notice: Notice) => void>();
  readonly #processes = new Set<(names: readonly ProcessName[]) => void>();
  readonly machine: FakeMachine;
  /** What the page before this one was. */
  restored: Restored | null = null;
  readonly #copies = new Set<(progress: CopyProgress) => void>();
  #history: HistorySettings = { memoryCapBytes: 536_870_912, policy: KEEP_ALL };

  constructor(options: Partial<FakeOptions> = {}) {
    this.options = { ...FAKE_DEFAULTS, ...options };
    this.machine = new FakeMachine(this.options);
    this.total = this.options.rows;
    this.state = this.options.state;
    this.failure = this.options.failure;
    this.#capturing = this.state === 'capturing' || this.state === 'gone';
  }

  /** Lets time pass: rows arrive, the status is pushed if wanted, an update goes out if the last was acknowledged. */
  advance(ms: number, withStatus = true): void {
    this.#nowMs += ms;
    if (this.state === 'capturing' && this.#capturing) {
      this.#owed += (this.options.rate * ms) / 1000;
      const arrived = Math.floor(this.#owed);
      this.#owed -= arrived;
      this.append(arrived);
    }
    if (withStatus) this.pushStatus();
    this.push();
  }

  append(rows: number): void {
    if (rows === 0) return;
    this.total += rows;
    this.#dirty = true;
  }

  /** Sends an update if anything changed and none is on its way. */
  push(): void {
    if (!this.#dirty || this.#awaiting !== null || this.#views.size === 0) return;
    this.#dirty = false;
    this.#awaiting = ++this.#sequence;
    const { first, end } = this.#extent();
    const tailFirst = Math.max(first, end - this.#tail);
    const limit = Math.max(this.#oldest(), this.#paused ? this.#pausedAt : this.total);
    const update: ViewUpdate = {
      sequence: this.#sequence,
      generation: this.#generation,
      first,
      end,
      matchedEntries: this.#entries(first, end),
      searchedEntries: limit - this.#oldest() - gapsBetween(this.options, this.#oldest(), limit),
      sessionRows: this.total - this.#oldest(),
      sessionEntries: this.total - this.#oldest() - gapsBetween(this.options, this.#oldest(), this.total),
      scan: this.#shown && this.scanLimit < this.total ? { done: this.scanLimit, total: this.total } : null,
      stopped: null,
      paused: this.#paused,
      heldBack: this.#paused ? this.total - this.#pausedAt : 0,
      tail: this.#rows(tailFirst, end - tailFirst),
    };
    for (const listener of this.#views) listener(update);
  }

  pushStatus(): void {
    const status = this.status();
    for (const listener of this.#statuses) listener(status);
  }

  notice(notice: Notice): void {
    for (const listener of this.#notices) listener(notice);
  }

  rowAt(number: number): LogRow {
    return fakeRow(this.options, number);
  }

  status(): Status {
    return fakeStatus(this.options, {
      atMs: this.#nowMs,
      total: this.total,
      oldest: this.#oldest(),
      state: this.state,
      capturing: this.#capturing,
      failure: this.failure,
      memoryCapBytes: this.#history.memoryCapBytes,
      history: {
        policy: this.#history.policy,
        diskRows: 0,
        diskBytes: 0,
        place: '/home/you/.config/RingView/history',
        failure: null,
        hiddenRows: 0,
        largestCapBytes: 24 * 1024 ** 3,
      },
    });
  }

  #oldest(): number {
    return Math.max(this.#base, this.total - this.options.keep);
  }

  #passes(row: LogRow, text: RegExp | null): boolean {
    if (this.#filter.hiddenCpus.includes(row.cpu) || this.#filter.hiddenSources.includes(row.source)) return false;
    if (row.kind === 1) return true;
    if (this.#filter.hiddenLevels.includes(Math.min(row.level, OTHER_LEVEL))) return false;
    if (!text) return true;
    text.lastIndex = 0;
    return text.test(row.text);
  }

  #extent(): { first: number; end: number } {
    const limit = this.#paused ? this.#pausedAt : this.total;
    if (!this.#shown) return { first: this.#oldest(), end: Math.max(limit, this.#oldest()) };
    const text = this.#filter.text ? matchExpression(this.#filter.text) : null;
    for (; this.#scanned < Math.min(limit, this.scanLimit); this.#scanned++)
      if (this.#passes(this.rowAt(this.#scanned), text)) this.#shown.push(this.#scanned);
    return { first: 0, end: this.#shown.length };
  }

  /** Entries at positions; a filter leaves gap rows where it likes. */
  #entries(first: number, end: number): number {
    const shown = this.#shown;
    if (shown === null) return end - first - gapsBetween(this.options, first, end);
    return shown.slice(first, end).filter((number) => this.rowAt(number).kind === 0).length;
  }

  #numberAt(position: number): number {
    return this.#shown ? this.#shown[position]! : position;
  }

  #rows(first: number, count: number): LogRow[] {
    const rows: LogRow[] = [];
    for (let position = first; position < first + count; position++) {
      const row = this.rowAt(this.#numberAt(position));
      const above = this.#shown && position > 0 ? this.rowAt(this.#numberAt(position - 1)) : null;
      rows.push(above ? { ...row, deltaNs: row.timeNs - above.timeNs } : row);
    }
    return rows;
  }

  #note(name: string, value: unknown): void {
    this.calls.push({ name, value });
  }

  async bootstrap() {
    return {
      version: '0.1.0',
      platform: this.options.platform,
      theme: 'system',
      source: 'sim:demo',
      recentSources: ['sim:demo', 'sim:lab'],
      restored: this.restored,
    } as const;
  }

  async remember(state: PageState): Promise<null> {
    this.#note('remember', state);
    return null;
  }

  async setTheme(theme: Theme): Promise<null> {
    this.#note('setTheme', theme);
    return null;
  }

  async startCapture(source: string): ReturnType<Bridge['startCapture']> {
    this.#note('startCapture', source);
    const windows = this.options.platform === 'win32' && /^(driver|dbwin):/.test(source);
    if (!windows && !source.startsWith('sim:'))
      return fail(
        'source-unsupported',
        `There is no kind of source called "${source}".`,
        'Use sim:NAME, such as sim:demo.',
      );
    if (!windows && source !== 'sim:demo')
      return fail(
        'source-not-found',
        `No session "${source.slice(4)}" is running.`,
        `Start one with: npx ringview simulate --name ${source.slice(4)}`,
        {
          code: 'ENOENT',
          text: 'No such file or directory',
        },
      );
    this.state = 'capturing';
    this.failure = null;
    this.#capturing = true;
    this.pushStatus();
    return ok(fakeInfo(this.options, source));
  }

  async addSource(source: string): ReturnType<Bridge['addSource']> {
    this.#note('addSource', source);
    return ok(fakeInfo(this.options, source));
  }

  async removeSource(id: number): Promise<null> {
    this.#note('removeSource', id);
    return null;
  }

  async stopCapture(): Promise<null> {
    this.#note('stopCapture', null);
    this.#capturing = false;
    this.pushStatus();
    return null;
  }

  async examine(): ReturnType<Bridge['examine']> {
    this.#note('examine', null);
    return [{ severity: 'fine', what: 'sim:demo delivers', fix: null }];
  }

  async examineDriver(): ReturnType<Bridge['examineDriver']> {
    this.#note('examineDriver', null);
    return this.machine.examine();
  }

  async changeDriver(change: DriverChange): ReturnType<Bridge['changeDriver']> {
    this.#note('changeDriver', change);
    return this.machine.change(change);
  }

  async setDriverCaptures(captures: readonly CaptureName[]): ReturnType<Bridge['setDriverCaptures']> {
    this.#note('setDriverCaptures', captures);
    return this.machine.capture(captures);
  }

  async readDebugFilter(): ReturnType<Bridge['readDebugFilter']> {
    this.#note('readDebugFilter', null);
    return this.machine.filter();
  }

  async setDebugMask(component: string, mask: number): ReturnType<Bridge['setDebugMask']> {
    this.#note('setDebugMask', { component, mask });
    return this.machine.setMask(component, mask);
  }

  async offerSources(): ReturnType<Bridge['offerSources']> {
    this.#note('offerSources', null);
    return this.machine.offers();
  }

  async clearSession(): Promise<null> {
    this.#note('clearSession', null);
    this.#base = this.total;
    this.#pausedAt = this.total;
    this.#changeView();
    return null;
  }

  async setFilter(filter: FilterSpec): ReturnType<Bridge['setFilter']> {
    this.#note('setFilter', filter);
    if (filter.text && !matchExpression(filter.text))
      return fail(
        'bad-pattern',
        `"${filter.text.pattern}" is not a regular expression: unterminated group.`,
        'Correct it; the filter before stays in force.',
      );
    this.#filter = filter;
    this.#changeView();
    return ok({ generation: this.#generation });
  }

  #changeView(): void {
    const { hiddenCpus, hiddenLevels, hiddenSources, text } = this.#filter;
    const chips = hiddenCpus.length + hiddenLevels.length + hiddenSources.length;
    const all = chips === 0 && text === null;
    this.#shown = all ? null : [];
    this.#scanned = this.#oldest();
    this.#generation++;
    this.#dirty = true;
    this.push();
  }

  async setPaused(paused: boolean): Promise<null> {
    this.#note('setPaused', paused);
    this.#paused = paused;
    this.#pausedAt = this.total;
    this.#dirty = true;
    this.push();
    return null;
  }

  async setTail(rows: number): Promise<null> {
    this.#note('setTail', rows);
    this.#tail = rows;
    this.#dirty = true;
    this.push();
    return null;
  }

  async ackView(sequence: number): Promise<null> {
    this.#note('ackView', sequence);
    if (this.#awaiting === sequence) this.#awaiting = null;
    return null;
  }

  async rows(request: { generation: number; first: number; count: number }): Promise<RowsReply> {
    this.#note('rows', request);
    const { first, end } = this.#extent();
    if (request.generation !== this.#generation)
      return { generation: this.#generation, first: request.first, rows: [] };
    const from = Math.max(first, request.first);
    return {
      generation: this.#generation,
      first: from,
      rows: this.#rows(from, Math.max(0, Math.min(end, request.first + request.count) - from)),
    };
  }

  async find(request: {
    generation: number;
    query: TextQuery;
    from: number;
    direction: 'next' | 'previous';
  }): ReturnType<Bridge['find']> {
    this.#note('find', request);
    const pattern = matchExpression(request.query);
    if (!pattern)
      return fail(
        'bad-pattern',
        `"${request.query.pattern}" is not a regular expression.`,
        'Correct it and search again.',
      );
    const { first, end } = this.#extent();
    const step = request.direction === 'next' ? 1 : -1;
    const count = end - first;
    for (let i = 0; i < count; i++) {
      const raw = request.from + i * step;
      const position = first + ((((raw - first) % count) + count) % count);
      pattern.lastIndex = 0;
      if (pattern.test(this.rowAt(this.#numberAt(position)).text)) return ok({ position, wrapped: position !== raw });
    }
    return ok(null);
  }

  /** Counts at once, in rows up to a bound: a fake of ten million would take its time. */
  async countFinds(query: TextQuery | null): ReturnType<Bridge['countFinds']> {
    this.#note('countFinds', query);
    const pattern = query && matchExpression(query);
    if (query !== null && pattern === null)
      return fail('bad-pattern', `"${query.pattern}" is not a regular expression.`, 'Correct it and search again.');
    if (query === null || pattern === null) return ok(null);
    const { first, end } = this.#extent();
    let count = 0;
    for (let position = first; position < Math.min(end, first + 10_000); position++) {
      pattern.lastIndex = 0;
      if (pattern.test(this.rowAt(this.#numberAt(position)).text)) count++;
    }
    this.tellCount({ query, generation: this.#generation, count, progress: null, at: null, failure: null });
    return ok(null);
  }

  tellCount(count: FindCount): void {
    for (const listener of this.#counts) listener(count);
  }

  async findSpread({ generation, buckets }: { generation: number; buckets: number }): ReturnType<Bridge['findSpread']> {
    this.#note('findSpread', buckets);
    // As if every tenth part held a match.
    return ok({ generation, counts: Array.from({ length: buckets }, (_, part) => (part % 10 === 0 ? 1 : 0)) });
  }

  async stopScan(): Promise<null> {
    this.#note('stopScan', null);
    return null;
  }

  async resumeScan(): Promise<null> {
    this.#note('resumeScan', null);
    return null;
  }

  async locate(request: Parameters<Bridge['locate']>[0]): ReturnType<Bridge['locate']> {
    this.#note('locate', request);
    const { first, end } = this.#extent();
    const row = this.#rowOf(request);
    if (row < this.#oldest() || row >= this.total) return null;
    const shown = this.#shown;
    const after = shown ? shown.findIndex((number) => number >= row) : Math.min(row, end - 1);
    const position = (shown ? after >= 0 && shown[after] === row : row < end) ? after : null;
    const nearest = end <= first ? null : (position ?? (after < 0 ? end - 1 : Math.max(first, after)));
    const absence =
      position !== null
        ? null
        : this.#paused && row >= this.#pausedAt
          ? 'held-back'
          : row >= this.#scanned
            ? 'not-reached'
            : 'hidden';
    return { generation: this.#generation, row, index: row + 1, position, nearest, absence };
  }

  #rowOf(request: Parameters<Bridge['locate']>[0]): number {
    if ('row' in request) return request.row;
    if ('index' in request) return Math.max(this.#oldest(), request.index - 1);
    let row = this.#oldest();
    while (row < this.total && this.rowAt(row).timeNs < request.timeNs) row++;
    return row;
  }

  /** The filter comes so far, and says so. */
  scanTo(row: number): void {
    this.scanLimit = row;
    this.#dirty = true;
    this.push();
  }

  async details(number: number) {
    this.#note('details', number);
    const row = this.rowAt(number);
    return {
      row,
      text: row.text,
      bytes: new TextEncoder().encode(row.text),
      unixMs: Date.UTC(2026, 2, 1, 9, 30) + row.timeNs / 1e6,
    };
  }

  async setHistory(settings: HistorySettings): ReturnType<Bridge['setHistory']> {
    this.#note('setHistory', settings);
    this.#history = settings;
    this.pushStatus();
    return ok(null);
  }

  /** Counts every row for as long as that is quick; of a longer log, some of each bucket. */
  async density(buckets: number): Promise<Density> {
    this.#note('density', buckets);
    const { first, end } = this.#extent();
    const bucketRows = Math.max(1, Math.ceil((end - first) / buckets));
    const start = Math.floor(first / bucketRows) * bucketRows;
    const counts: { errors: number[]; warnings: number[]; gaps: number[] } = { errors: [], warnings: [], gaps: [] };
    const step = Math.max(1, Math.floor((end - first) / 200_000));
    for (let from = start; from < end; from += bucketRows) {
      const sums = { errors: 0, warnings: 0, gaps: 0 };
      for (let at = Math.max(from, first); at < Math.min(end, from + bucketRows); at += step) {
        const row = this.rowAt(this.#numberAt(at));
        if (row.kind === 1) sums.gaps += step;
        else if (row.level === 0) sums.errors += step;
        else if (row.level === 1) sums.warnings += step;
      }
      counts.errors.push(sums.errors);
      counts.warnings.push(sums.warnings);
      counts.gaps.push(sums.gaps);
    }
    return { generation: this.#generation, first, end, start, bucketRows, ...counts };
  }

  async copy(range: PositionRange): ReturnType<Bridge['copy']> {
    this.#note('copy', range);
    const rows = range.last - range.first + 1;
    return ok({ state: rows > MOST_COPIED ? 'too-large' : 'copied', rows, bytes: rows * 100 });
  }

  async cancelCopy(): Promise<null> {
    this.#note('cancelCopy', null);
    return null;
  }

  copyProgress(progress: CopyProgress): void {
    for (const listener of this.#copies) listener(progress);
  }

  onCopyProgress(listener: (progress: CopyProgress) => void): () => void {
    this.#copies.add(listener);
    return () => this.#copies.delete(listener);
  }

  async startExport(request: Parameters<Bridge['startExport']>[0]): ReturnType<Bridge['startExport']> {
    this.#note('startExport', request);
    const progress: ExportProgress = {
      id: 1,
      path: 'ringview-export.txt',
      state: 'running',
      rows: Math.floor(this.total / 3),
      totalRows: this.total,
      skippedRows: 0,
      bytes: this.total * 30,
      failure: null,
    };
    for (const listener of this.#progress) listener(progress);
    return ok({ id: 1, path: progress.path });
  }

  async cancelExport(id: number): Promise<null> {
    this.#note('cancelExport', id);
    for (const listener of this.#progress)
      listener({
        id,
        path: 'ringview-export.txt',
        state: 'cancelled',
        rows: 0,
        totalRows: this.total,
        skippedRows: 0,
        bytes: 0,
        failure: null,
      });
    return null;
  }

  onViewUpdate(listener: (update: ViewUpdate) => void): () => void {
    this.#views.add(listener);
    return () => this.#views.delete(listener);
  }

  onFindCount(listener: (count: FindCount) => void): () => void {
    this.#counts.add(listener);
    return () => this.#counts.delete(listener);
  }

  onStatus(listener: (status: Status) => void): () => void {
    this.#statuses.add(listener);
    return () => this.#statuses.delete(listener);
  }

  onExportProgress(listener: (progress: ExportProgress) => void): () => void {
    this.#progress.add(listener);
    return () => this.#progress.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#notices.add(listener);
    return () => this.#notices.delete(listener);
  }

  onProcesses(listener: (names: readonly ProcessName[]) => void): () => void {
    this.#processes.add(listener);
    if (this.options.processes) listener(this.machine.processNames());
    return () => this.#processes.delete(listener);
  }

  processes(names: readonly ProcessName[]): void {
    for (const listener of this.#processes) listener(names);
  }
}
