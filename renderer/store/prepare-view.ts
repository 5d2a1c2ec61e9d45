/**
 * Makes a view of a new generation ready to be shown in one step: finds the rows looked at again, and fetches what will
 * be visible.
 */
import type { Bridge } from '../../electron/contract/channels.ts';
import { type LogRow, MAX_ROWS_A_REQUEST, type ViewUpdate } from '../../electron/contract/rows.ts';
import { noteColumns } from '../model/columns.ts';
import { RowCache } from '../model/row-cache.ts';
import { clampTop, type Extent, maxTop, minTop, ROW_PX, visibleRange } from '../model/scroll.ts';
import type { End, Selection } from '../model/selection.ts';
import { extentOf, type Pushed, pushedOf, type ViewState } from './view-state.ts';

export type PrepareBridge = Pick<Bridge, 'rows' | 'locate'>;

/** What a new generation changes of the state. */
export type Prepared = Pushed & Pick<ViewState, 'cache' | 'top' | 'selection' | 'seen'>;

/** Holds the newest rows an update carries. */
export function putTail(cache: RowCache, update: ViewUpdate): void {
  cache.put({ generation: update.generation, first: update.end - update.tail.length, rows: update.tail });
}

/**
 * Everything a new generation needs to be shown at once: its rows at the place that keeps what was looked at, or at
 * `goal`, if the person was on the way there (it differs from `old.top`) and the rows had not arrived yet.
 */
export async function prepareView(
  bridge: PrepareBridge,
  old: ViewState,
  goal: number,
  update: ViewUpdate,
): Promise<Prepared> {
  const cache = new RowCache(update.generation);
  putTail(cache, update);
  const pushed = pushedOf(update);
  const extent = { first: update.first, end: update.end, viewPx: old.viewPx };
  const selection = await relocate(bridge, old.selection);
  const top = old.follow
    ? maxTop(extent)
    : goal === old.top
      ? await keptTop(bridge, old, selection, extent)
      : destination(goal, old, extent);
  const visible = visibleRange(top, extent);
  const missing = cache.missing(visible);
  const last = missing.at(-1);
  if (missing[0] && last) {
    const first = missing[0].from;
    const count = Math.min(last.end - first, MAX_ROWS_A_REQUEST);
    cache.put(await bridge.rows({ generation: update.generation, first, count }));
  }
  const held: LogRow[] = [];
  for (let position = visible.from; position < visible.end; position++) {
    const row = cache.get(position);
    if (row) held.push(row);
  }
  return { ...pushed, cache, top, selection, seen: noteColumns(old.seen, held) };
}

/** The selection at the positions its rows have now; null if the row in focus is not in the view. */
async function relocate(bridge: PrepareBridge, selection: Selection | null): Promise<Selection | null> {
  if (!selection) return null;
  const find = async (end: End): Promise<End | null> => {
    const found = end.row === null ? null : await bridge.locate({ row: end.row });
    return found && { position: found.position, row: end.row };
  };
  const focus = await find(selection.focus);
  if (!focus) return null;
  const anchor = selection.anchor === selection.focus ? focus : ((await find(selection.anchor)) ?? focus);
  return { anchor, focus };
}

/** Where a move that has not reached the screen leads in the new view: its rows are unknown, the ends are not. */
function destination(goal: number, old: ViewState, extent: Extent): number {
  return goal <= minTop(extentOf(old)) ? minTop(extent) : clampTop(goal, extent);
}

/** The place in the new view that leaves the row looked at where it was on the screen. */
async function keptTop(
  bridge: PrepareBridge,
  old: ViewState,
  selection: Selection | null,
  extent: Extent,
): Promise<number> {
  const visible = visibleRange(old.top, extentOf(old));
  const focus = old.selection?.focus;
  if (selection && focus && focus.position >= visible.from && focus.position < visible.end)
    return clampTop(old.top + (selection.focus.position - focus.position) * ROW_PX, extent);
  const row = old.cache.get(visible.from);
  if (!row) return minTop(extent);
  const found = (await bridge.locate({ row: row.row })) ?? (await bridge.locate({ index: row.index }));
  return found ? clampTop(old.top + (found.position - visible.from) * ROW_PX, extent) : maxTop(extent);
}
