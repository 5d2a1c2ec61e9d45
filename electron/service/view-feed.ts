/**
 * The events for one page about one view: its state, with one update under way at a time, and the count of matches of
 * the current search.
 */
import type { FindCount } from '../contract/find.ts';
import type { ViewUpdate } from '../contract/rows.ts';
import { type FieldValues, fieldValues } from '../session/text/field-values.ts';
import type { Finder } from '../session/view/finder.ts';
import type { OpenView } from '../session/workspace/open-view.ts';

/** View updates are at least so far apart, milliseconds: as often as a person can see a difference. */
const VIEW_MS = 33;
/**
 * The distance while more than a certain number of screens arrive within `VIEW_MS`. Nobody can read that much, and
 * drawing takes processor time away from draining the rings, and from the answer to a key: on a machine of two cores,
 * records would be lost because of their own display.
 */
const HURRIED_VIEW_MS = 100;
/** The distance for a table that does not follow the newest rows: they move no more than its scroll bar. */
const STANDING_VIEW_MS = 66;
const HURRIED_SCREENS = 8;
/**
 * For so long a page goes without rows of another order while its filter has found less than a screen of them: it would
 * be drawn twice, and with next to nothing the first time. Milliseconds.
 */
const PARTIAL_MS = 100;
/** Counts of matches are sent at least so far apart; milliseconds. */
const COUNT_MS = 100;
/**
 * If a page has not confirmed an update for this long, it was reloaded or lost, and the next one is sent anyway.
 * Milliseconds.
 */
const FORGOTTEN_ACK_MS = 2000;

export interface ViewListener {
  readonly sendUpdate: (view: number, update: ViewUpdate) => void;
  readonly sendFound: (view: number, found: FindCount) => void;
}

/** The count of a search, and what was told of it last. */
interface ToldCount {
  readonly finder: Finder;
  last: string;
  at: number;
}

export class ViewFeed {
  readonly view: OpenView;
  private readonly listener: ViewListener;
  private sequence = 0;
  private tailRows = 0;
  private fields: FieldValues | null = null;
  private unconfirmed: { readonly sequence: number; readonly sentAt: number } | null = null;
  private lastViewAt = Number.NEGATIVE_INFINITY;
  private lastEnd = 0;
  private viewMs = VIEW_MS;
  private lastState = '';
  private lastGeneration = -1;
  /** A generation that the page does not know, and since when there is one. */
  private newGeneration = -1;
  private newSince = 0;
  /** The page knows all of what there was when its filter was set. */
  private isTold = true;
  /** The page waits for what it has just asked for. */
  private wanted = false;
  private readonly counts: readonly ToldCount[];

  constructor(view: OpenView, listener: ViewListener) {
    this.view = view;
    this.listener = listener;
    this.counts = [view.finder, view.marker].map((finder) => ({ finder, last: 'null', at: Number.NEGATIVE_INFINITY }));
  }

  /**
   * Sets how many of the newest rows each update carries, and values of which fields they have. The next update is sent even
   * if nothing else has changed.
   */
  setTail(rows: number, fields: readonly string[] = []): void {
    if (this.tailRows === 0 && rows > 0) this.wanted = true;
    this.tailRows = rows;
    this.fields = fieldValues(fields);
    this.lastState = '';
  }

  /** The page has processed an update. True if there is news that waited for that. */
  confirm(sequence: number): boolean {
    if (this.unconfirmed?.sequence !== sequence) return false;
    this.unconfirmed = null;
    return this.state() !== this.lastState;
  }

  /** Sends what is new and due. Returns the milliseconds after which to try again. */
  offer(now: number): number {
    return Math.min(this.offerUpdate(now), ...this.counts.map((count) => this.offerCount(count, now)));
  }

  /** A key that changes if an update would tell the page anything new. */
  private state(): string {
    const { log } = this.view;
    return `${log.generation} ${log.first} ${log.end} ${log.heldBack} ${log.paused} ${log.scan?.done} ${log.stopped?.code} ${log.store.rowCount}`;
  }

  private offerUpdate(now: number): number {
    const { log } = this.view;
    const answer = this.isAnswer();
    const owes = this.unconfirmed !== null && now - this.unconfirmed.sentAt < FORGOTTEN_ACK_MS;
    // Rows of an order that is over, or of a table out of sight, are no reason to wait with those that are asked for.
    const others = this.wanted || log.generation !== this.lastGeneration;
    if (owes && !(answer && others)) return Infinity;
    const state = this.state();
    if (state === this.lastState) return Infinity;
    if (!answer) {
      const early = Math.max(this.lastViewAt + this.viewMs, this.waitsUntil(now)) - now;
      if (early > 0) return early;
    }
    this.sequence++;
    this.unconfirmed = { sequence: this.sequence, sentAt: now };
    const seen = log.update(this.sequence, this.tailRows, this.fields);
    const update: ViewUpdate = this.view.readsFromStart ? { ...seen, readsFromStart: true } : seen;
    const screens = ((update.end - this.lastEnd) / this.tailRows) * (VIEW_MS / Math.max(1, now - this.lastViewAt));
    if (this.tailRows === 0) this.viewMs = update.scan === null ? STANDING_VIEW_MS : VIEW_MS;
    else this.viewMs = screens > HURRIED_SCREENS ? HURRIED_VIEW_MS : VIEW_MS;
    this.lastEnd = update.end;
    this.lastViewAt = now;
    this.lastState = state;
    this.lastGeneration = log.generation;
    this.isTold = log.isAnswered;
    this.wanted = false;
    this.listener.sendUpdate(this.view.id, update);
    return Infinity;
  }

  /**
   * Whether the page is to know at once: the rows of a table that comes into sight; of another order of rows a first
   * screen, and what there was when it began. All else is sent as often as it can be seen.
   */
  private isAnswer(): boolean {
    const { log } = this.view;
    if (this.wanted) return true;
    const isNew = log.generation !== this.lastGeneration;
    if (log.isAnswered) return isNew || !this.isTold;
    return isNew && this.tailRows > 0 && log.end - log.first >= this.tailRows;
  }

  /** Until when rows of another order are waited for that are no answer yet; milliseconds. */
  private waitsUntil(now: number): number {
    const { generation } = this.view.log;
    if (generation === this.lastGeneration) return now;
    if (generation !== this.newGeneration) {
      this.newGeneration = generation;
      this.newSince = now;
    }
    return this.newSince + PARTIAL_MS;
  }

  private offerCount(told: ToldCount, now: number): number {
    const { count } = told.finder;
    const state = JSON.stringify(count);
    if (state === told.last) return Infinity;
    const early = told.at + COUNT_MS - now;
    if (early > 0 && count !== null) return early;
    told.last = state;
    told.at = now;
    if (count !== null) this.listener.sendFound(this.view.id, count);
    return Infinity;
  }
}
