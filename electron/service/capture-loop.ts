/**
 * Keeps the engine ticking and the page informed. Ticks wait for nothing the page does: a view update goes out only
 * after the page confirmed the last one, so a slow page gets fewer updates and the rings are drained all the same.
 */
import type { Events } from '../contract/channels.ts';
import type { ViewUpdate } from '../contract/rows.ts';
import type { CaptureEngine } from '../session/ingest/capture.ts';
import type { Finder } from '../session/view/finder.ts';

/** At most one view update in this time, milliseconds: as often as a person can see a difference. */
const VIEW_MS = 33;
/**
 * The same while more than so many screens arrive in `VIEW_MS`: nobody reads that, every drawn screen takes processor time
 * from the drain, and on a machine of two cores the log would lose records to its own display.
 */
const HURRIED_VIEW_MS = 66;
const HURRIED_SCREENS = 8;
const STATUS_MS = 250;
/** At most one count of matches in this time, milliseconds. */
const COUNT_MS = 100;
/** A page that confirmed nothing for this long was reloaded or lost: it is sent to again. Milliseconds. */
const FORGOTTEN_ACK_MS = 2000;

export interface LoopTimers {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back once, after at least `ms`; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** What is kept going. */
export interface Driven {
  readonly engine: CaptureEngine;
  readonly finder: Finder;
}

export interface Page {
  readonly sendView: (update: ViewUpdate) => void;
  readonly sendCount: (count: Events['find.count']) => void;
  readonly sendStatus: (status: Events['status']) => void;
  readonly sendProcesses: (names: Events['processes']) => void;
}

export class CaptureLoop {
  private readonly engine: CaptureEngine;
  private readonly finder: Finder;
  private readonly page: Page;
  private readonly timers: LoopTimers;
  private cancel: () => void = () => {};
  private running = false;
  private sequence = 0;
  private tailRows = 0;
  private unconfirmed: { readonly sequence: number; readonly sentAt: number } | null = null;
  private lastViewAt = Number.NEGATIVE_INFINITY;
  private lastEnd = 0;
  private viewMs = VIEW_MS;
  private lastStatusAt = Number.NEGATIVE_INFINITY;
  private lastCountAt = Number.NEGATIVE_INFINITY;
  private lastView = '';
  private lastCount = 'null';
  private lastStatus = '';
  private lastStanding = '';

  constructor({ engine, finder }: Driven, page: Page, timers: LoopTimers) {
    this.engine = engine;
    this.finder = finder;
    this.page = page;
    this.timers = timers;
  }

  start(): void {
    this.running = true;
    this.schedule(0);
  }

  stop(): void {
    this.running = false;
    this.cancel();
  }

  /** Something changed that the page should see without waiting for the next tick of an idle engine. */
  wake(): void {
    this.schedule(0);
  }

  /** The page starts anew: it knows nothing and owes no confirmation. */
  pageLoaded(): void {
    this.unconfirmed = null;
    this.finder.stopCounting();
    this.tailRows = 0;
    this.lastCount = 'null';
    this.lastView = '';
    this.lastStatus = '';
    this.engine.processes.tellAgain();
    this.wake();
  }

  setTail(rows: number): void {
    this.tailRows = rows;
    this.lastView = '';
    this.wake();
  }

  confirm(sequence: number): void {
    if (this.unconfirmed?.sequence !== sequence) return;
    this.unconfirmed = null;
    // While rows stream in the next tick is near; when idle, what was held back for this confirmation goes now.
    if (this.viewState() !== this.lastView) this.schedule(0);
  }

  private schedule(ms: number): void {
    if (!this.running) return;
    this.cancel();
    this.cancel = this.timers.after(ms, () => this.run());
  }

  private run(): void {
    if (!this.running) return;
    const delay = this.engine.tick(this.timers.now());
    const now = this.timers.now();
    this.finder.advance();
    const viewDelay = this.offerView(now);
    const countDelay = this.offerCount(now);
    this.offerStatus(now);
    this.schedule(Math.min(delay, viewDelay, countDelay));
  }

  /** What decides whether an update would tell the page anything new. */
  private viewState(): string {
    const { view, store } = this.engine;
    return `${view.generation} ${view.first} ${view.end} ${view.heldBack} ${view.paused} ${view.scan?.done} ${view.stopped?.code} ${store.rowCount}`;
  }

  /** Sends an update if there is news and the page is ready for it. Returns the milliseconds after which to try again. */
  private offerView(now: number): number {
    if (this.unconfirmed !== null && now - this.unconfirmed.sentAt < FORGOTTEN_ACK_MS) return Infinity;
    const state = this.viewState();
    if (state === this.lastView) return Infinity;
    const early = this.lastViewAt + this.viewMs - now;
    if (early > 0) return early;
    this.sequence++;
    this.unconfirmed = { sequence: this.sequence, sentAt: now };
    const update = this.engine.view.update(this.sequence, this.tailRows);
    const screens = ((update.end - this.lastEnd) / this.tailRows) * (VIEW_MS / (now - this.lastViewAt));
    this.viewMs = this.tailRows > 0 && screens > HURRIED_SCREENS ? HURRIED_VIEW_MS : VIEW_MS;
    this.lastEnd = update.end;
    this.lastViewAt = now;
    this.lastView = state;
    this.page.sendView(update);
    return Infinity;
  }

  /** Sends the count of matches if there is news. Returns the milliseconds after which to try again. */
  private offerCount(now: number): number {
    const { count } = this.finder;
    const state = JSON.stringify(count);
    if (state === this.lastCount) return Infinity;
    const early = this.lastCountAt + COUNT_MS - now;
    if (early > 0 && count !== null) return early;
    this.lastCount = state;
    this.lastCountAt = now;
    if (count !== null) this.page.sendCount(count);
    return Infinity;
  }

  private offerStatus(now: number): void {
    // Figures wait for their turn; a start, a stop or an end is told at once.
    const { standing } = this.engine;
    if (now - this.lastStatusAt < STATUS_MS && standing === this.lastStanding) return;
    this.lastStanding = standing;
    this.lastStatusAt = now;
    const status = this.engine.status(now);
    const names = this.engine.processes.takeNews();
    if (names.length > 0) this.page.sendProcesses(names);
    // Time alone is no news: an idle page is left alone.
    const state = JSON.stringify({ ...status, atMs: 0 });
    if (state === this.lastStatus) return;
    this.lastStatus = state;
    this.page.sendStatus(status);
  }
}
