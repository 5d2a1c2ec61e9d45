/**
 * An in-memory session behind the Bridge, for tests and for looking at the interface without the rest of the program.
 * Rows are computed from their number, so ten million of them cost nothing; time passes only when `advance` is called.
 */
import type { Bridge, ExportProgress, Notice, Theme } from '../../electron/contract/channels.ts';
import type { FilterSpec, LogRow, RowsReply, TextQuery, ViewUpdate } from '../../electron/contract/rows.ts';
import { OTHER_LEVEL, SHOW_ALL } from '../../electron/contract/rows.ts';
import type { Status } from '../../electron/contract/status.ts';
import { type Failure, fail, ok } from '../../native/core/result.ts';
import { compileQuery } from '../model/matches.ts';
import { FAKE_DEFAULTS, type FakeOptions, fakeInfo, fakeRow, fakeStatus, gapsBetween } from './fake-data.ts';

export class FakeSession implements Bridge {
  readonly options: FakeOptions;
  /** Every call in order, by method name, with its argument. */
  readonly calls: { readonly name: string; readonly value: unknown }[] = [];
  total: number;
  state: FakeOptions['state'];
  failure: Failure | null;
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
  readonly #statuses = new Set<(status: Status) => void>();
  readonly #progress = new Set<(progress: ExportProgress) => void>();
  readonly #notices = new Set<(notice: Notice) => void>();

  constructor(options: Partial<FakeOptions> = {}) {
    this.options = { ...FAKE_DEFAULTS, ...options };
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
    const update: ViewUpdate = {
      sequence: this.#sequence,
      generation: this.#generation,
      first,
      end,
      matchedEntries: end - first - gapsBetween(this.options, first, end),
      sessionRows: this.total - this.#oldest(),
      sessionEntries: this.total - this.#oldest() - gapsBetween(this.options, this.#oldest(), this.total),
      scan: null,
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
    const text = this.#filter.text ? compileQuery(this.#filter.text) : null;
    for (; this.#scanned < limit; this.#scanned++)
      if (this.#passes(this.rowAt(this.#scanned), text)) this.#shown.push(this.#scanned);
    return { first: 0, end: this.#shown.length };
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
      platform: 'linux',
      theme: 'system',
      source: 'sim:demo',
      recentSources: ['sim:demo', 'sim:lab'],
    } as const;
  }

  async setTheme(theme: Theme): Promise<null> {
    this.#note('setTheme', theme);
    return null;
  }

  async startCapture(source: string): ReturnType<Bridge['startCapture']> {
    this.#note('startCapture', source);
    if (!source.startsWith('sim:'))
      return fail(
        'source-unsupported',
        `There is no kind of source called "${source}".`,
        'Use sim:NAME, such as sim:demo.',
      );
    if (source !== 'sim:demo')
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

  async clearSession(): Promise<null> {
    this.#note('clearSession', null);
    this.#base = this.total;
    this.#pausedAt = this.total;
    this.#changeView();
    return null;
  }

  async setFilter(filter: FilterSpec): ReturnType<Bridge['setFilter']> {
    this.#note('setFilter', filter);
    if (filter.text && !compileQuery(filter.text))
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
    const pattern = compileQuery(request.query);
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

  async locate(request: { readonly index: number } | { readonly row: number }) {
    this.#note('locate', request);
    const { first, end } = this.#extent();
    const wanted = 'row' in request ? request.row : request.index - 1;
    if (!this.#shown) return wanted < end ? { position: Math.max(first, wanted) } : null;
    const position = this.#shown.findIndex((number) => ('row' in request ? number === wanted : number >= wanted));
    return position < 0 ? null : { position };
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

  async copy(first: number, last: number): ReturnType<Bridge['copy']> {
    this.#note('copy', { first, last });
    return ok({ rows: last - first + 1 });
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
}
