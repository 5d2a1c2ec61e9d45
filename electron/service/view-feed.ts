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
 * drawing takes processor time away from draining the rings: on a machine of two cores, records would be lost because
 * of their own display.
 */
const HURRIED_VIEW_MS = 66;
const HURRIED_SCREENS = 8;
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
    if (this.unconfirmed !== null && now - this.unconfirmed.sentAt < FORGOTTEN_ACK_MS) return Infinity;
    const state = this.state();
    if (state === this.lastState) return Infinity;
    const { log } = this.view;
    // What the person has just asked for goes at once: another order of rows, as soon as its filter is done with what there
    // was, and the rows of a table that comes into sight. All else is as often as it can be seen.
    const answer = this.wanted || (log.generation !== this.lastGeneration && log.isAnswered);
    const early = this.lastViewAt + this.viewMs - now;
    if (early > 0 && !answer) return early;
    this.sequence++;
    this.unconfirmed = { sequence: this.sequence, sentAt: now };
    const seen = log.update(this.sequence, this.tailRows, this.fields);
    const update: ViewUpdate = this.view.readsFromStart ? { ...seen, readsFromStart: true } : seen;
    const screens = ((update.end - this.lastEnd) / this.tailRows) * (VIEW_MS / Math.max(1, now - this.lastViewAt));
    this.viewMs = this.tailRows > 0 && screens > HURRIED_SCREENS ? HURRIED_VIEW_MS : VIEW_MS;
    this.lastEnd = update.end;
    this.lastViewAt = now;
    this.lastState = state;
    this.lastGeneration = log.generation;
    this.wanted = false;
    this.listener.sendUpdate(this.view.id, update);
    return Infinity;
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
