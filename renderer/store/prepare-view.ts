/**
 * Prepares a new generation of a view, so that it can be shown in one step: finds the rows that were looked at, and
 * fetches those that will be visible.
 */
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { type LogRow, MAX_ROWS_A_REQUEST, type ViewUpdate } from '../../electron/contract/rows.ts';
import { noteColumns } from '../model/columns.ts';
import { RowCache } from '../model/row-cache.ts';
import { clampTop, type Extent, maxTop, minTop, visibleRange } from '../model/scroll.ts';
import { afterEviction } from '../model/selection.ts';
import { findAgain, lookedAt, type Sought } from './sought.ts';
import { extentOf, type Pushed, pushedOf, type ViewState } from './view-state.ts';

export type PrepareBridge = Pick<BoundBridge, 'view'>;

/** The fields whose values rows are asked for with; without the list none. */
export interface AskedFields {
  readonly fields?: readonly string[];
}

/** The parts of the state that a new generation changes. */
export type Prepared = Pushed & Pick<ViewState, 'cache' | 'top' | 'selection' | 'seen'>;

export interface Preparation {
  readonly change: Partial<Prepared>;
  /** What of the things looked at is still undecided, because the filter has not reached it; null if nothing is. */
  readonly pending: Sought | null;
  /** What was looked for, shown now or not. */
  readonly looked: Sought;
}

/** What an update of the order that is shown changes. Its rows are put into the cache. */
export function withUpdate(shown: ViewState, update: ViewUpdate): Partial<ViewState> {
  const { cache, version, seen, selection } = shown;
  putTail(cache, update);
  cache.dropBelow(update.first);
  return {
    ...pushedOf(update),
    version: version + 1,
    seen: noteColumns(seen, update.tail),
    selection: afterEviction(selection, update.first),
  };
}

/** Adds the newest rows, which an update carries, to the cache. */
function putTail(cache: RowCache, update: ViewUpdate): void {
  cache.put({ generation: update.generation, first: update.end - update.tail.length, rows: update.tail });
}

/**
 * Everything needed to show a new generation at once. It includes the rows at a place that keeps in sight what was
 * looked at, or at `goal` if the person was moving there (it differs from `old.top`) and the rows had not arrived yet.
 * `sought` is what was looked at before `old` and has not been found again yet, `left` as lookedAt has it.
 * `fields`: what rows are asked for with.
 */
export async function prepareView(
  bridge: PrepareBridge,
  old: ViewState,
  sought: Sought | null,
  left: Sought | null,
  goal: number,
  update: ViewUpdate,
  fields: AskedFields = {},
): Promise<Preparation> {
  const cache = new RowCache(update.generation);
  putTail(cache, update);
  const pushed = pushedOf(update);
  const extent = { first: update.first, end: update.end, viewPx: old.viewPx };
  const moving = goal !== old.top && !old.follow;
  // After a clear, or once files were read again, other rows have the numbers. A page that begins is no such case.
  const others = old.generation >= 0 && old.epoch !== update.epoch;
  const stood = others ? { selection: null, place: null } : lookedAt(old, sought, left);
  // Who is about to move leaves the place, for this generation and for the next one.
  const looked = moving ? { ...stood, place: null } : stood;
  const found = await findAgain(bridge, looked, {
    generation: update.generation,
    extent,
    scanning: update.scan !== null,
  });
  const top = old.follow ? maxTop(extent) : moving ? destination(goal, old, extent) : (found.top ?? minTop(extent));
  const visible = visibleRange(top, extent);
  let fetched: readonly LogRow[] = [];
  const missing = cache.missing(visible);
  const last = missing.at(-1);
  if (missing[0] && last) {
    const first = missing[0].from;
    const count = Math.min(last.end - first, MAX_ROWS_A_REQUEST);
    const reply = await bridge.view.rows({ generation: update.generation, first, count, ...fields });
    cache.put(reply);
    fetched = reply.rows;
  }
  const change = {
    ...pushed,
    cache,
    top,
    selection: found.selection,
    seen: noteColumns(noteColumns(old.seen, update.tail), fetched),
  };
  return { change, pending: found.pending, looked };
}

/**
 * Where a move that has not reached the screen leads in the new view. Its rows are unknown, but the ends of the view
 * are known.
 */
function destination(goal: number, old: ViewState, extent: Extent): number {
  return goal <= minTop(extentOf(old)) ? minTop(extent) : clampTop(goal, extent);
}
