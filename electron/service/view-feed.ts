/**
 * What one page is told of one view: its state, of which one update is under way at a time, and the count of matches of
 * what is looked for in it.
 */
import type { FindCount } from '../contract/find.ts';
import type { ViewUpdate } from '../contract/rows.ts';
import type { OpenView } from '../session/workspace/open-view.ts';

/** At most one view update in this time, milliseconds: as often as a person can see a difference. */
const VIEW_MS = 33;
/**
 * The same while more than so many screens arrive in `VIEW_MS`: nobody reads that, every drawn screen takes processor time
 * from the drain, and on a machine of two cores the log would lose records to its own display.
 */
const HURRIED_VIEW_MS = 66;
const HURRIED_SCREENS = 8;
/** At most one count of matches in this time, milliseconds. */
const COUNT_MS = 100;
/** A page that confirmed nothing for this long was reloaded or lost: it is sent to again. Milliseconds. */
const FORGOTTEN_ACK_MS = 2000;

export interface ViewListener {
  readonly sendUpdate: (view: number, update: ViewUpdate) => void;
  readonly sendFound: (view: number, found: FindCount) => void;
}

export class ViewFeed {
  readonly view: OpenView;
  private readonly listener: ViewListener;
  private sequence = 0;
  private tailRows = 0;
  private unconfirmed: { readonly sequence: number; readonly sentAt: number } | null = null;
  private lastViewAt = Number.NEGATIVE_INFINITY;
  private lastEnd = 0;
  private viewMs = VIEW_MS;
  private lastCountAt = Number.NEGATIVE_INFINITY;
  private lastState = '';
  private lastCount = 'null';

  constructor(view: OpenView, listener: ViewListener) {
    this.view = view;
    this.listener = listener;
  }

  /** How many of the newest rows each update carries from now on; the next is sent whether or not anything else changed. */
  setTail(rows: number): void {
    this.tailRows = rows;
    this.lastState = '';
  }

  /** The page has taken over an update. True if there is news that waited for that. */
  confirm(sequence: number): boolean {
    if (this.unconfirmed?.sequence !== sequence) return false;
    this.unconfirmed = null;
    return this.state() !== this.lastState;
  }

  /** Tells what is new and due. Returns the milliseconds after which to try again. */
  offer(now: number): number {
    return Math.min(this.offerUpdate(now), this.offerCount(now));
  }

  /** What decides whether an update would tell the page anything new. */
  private state(): string {
    const { log } = this.view;
    return `${log.generation} ${log.first} ${log.end} ${log.heldBack} ${log.paused} ${log.scan?.done} ${log.stopped?.code} ${log.store.rowCount}`;
  }

  private offerUpdate(now: number): number {
    if (this.unconfirmed !== null && now - this.unconfirmed.sentAt < FORGOTTEN_ACK_MS) return Infinity;
    const state = this.state();
    if (state === this.lastState) return Infinity;
    const early = this.lastViewAt + this.viewMs - now;
    if (early > 0) return early;
    this.sequence++;
    this.unconfirmed = { sequence: this.sequence, sentAt: now };
    const update = this.view.log.update(this.sequence, this.tailRows);
    const screens = ((update.end - this.lastEnd) / this.tailRows) * (VIEW_MS / (now - this.lastViewAt));
    this.viewMs = this.tailRows > 0 && screens > HURRIED_SCREENS ? HURRIED_VIEW_MS : VIEW_MS;
    this.lastEnd = update.end;
    this.lastViewAt = now;
    this.lastState = state;
    this.listener.sendUpdate(this.view.id, update);
    return Infinity;
  }

  private offerCount(now: number): number {
    const { count } = this.view.finder;
    const state = JSON.stringify(count);
    if (state === this.lastCount) return Infinity;
    const early = this.lastCountAt + COUNT_MS - now;
    if (early > 0 && count !== null) return early;
    this.lastCount = state;
    this.lastCountAt = now;
    if (count !== null) this.listener.sendFound(this.view.id, count);
    return Infinity;
  }
}
