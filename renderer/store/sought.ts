/**
 * What was looked at, by row, to be found again in a view of another generation: the selection, and the row to stand at.
 * A filter that reads text comes to its rows one after another. While it has not come to one that is sought, whether it
 * is shown cannot be said: it stays sought, and is looked for again with each update.
 */
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { Located } from '../../electron/contract/rows.ts';
import { clampTop, type Extent, maxTop, minTop, ROW_PX, visibleRange } from '../model/scroll.ts';
import type { End, Selection } from '../model/selection.ts';
import { extentOf, type ViewState } from './view-state.ts';

export interface Sought {
  /** To be selected again; null if nothing is, or if the person has selected something since. */
  readonly selection: Selection | null;
  /** Row to stand at, its upper edge so many pixels below that of the table; null if the person has moved since. */
  readonly place: { readonly row: number; readonly y: number } | null;
}

/** What of it was found in a view of some generation. */
export interface Found {
  /** At the positions of now; null if its focus is not shown. */
  readonly selection: Selection | null;
  /** Where to stand: at the row sought, or at the nearest one shown. Null if no place is sought. */
  readonly top: number | null;
  /** What cannot be said yet; null if everything is decided. */
  readonly pending: Sought | null;
}

/** What is looked at in a state, where `pending` is what was looked at before and is still being sought. */
export function lookedAt(state: ViewState, pending: Sought | null): Sought {
  return {
    selection: pending?.selection ?? state.selection,
    place: state.follow ? null : (pending?.place ?? placeOf(state)),
  };
}

/** The selected row, if it is on the screen, else the first on the screen. */
function placeOf(state: ViewState): Sought['place'] {
  const visible = visibleRange(state.top, extentOf(state));
  const focus = state.selection?.focus;
  const at = focus && focus.position >= visible.from && focus.position < visible.end ? focus.position : visible.from;
  const row = state.cache.get(at)?.row;
  return row === undefined ? null : { row, y: at * ROW_PX - state.top };
}

/** The view something is looked for in. */
export interface SearchedView {
  readonly generation: number;
  readonly extent: Extent;
  /** More rows may follow at once, because the filter goes on. */
  readonly scanning: boolean;
}

/** Looks for it in a view. */
export async function findAgain(
  bridge: Pick<BoundBridge, 'view'>,
  sought: Sought,
  { generation, extent, scanning }: SearchedView,
): Promise<Found> {
  const { selection, place } = sought;
  const find = (row: number | null) => (row === null ? Promise.resolve(null) : bridge.view.locate({ target: { row } }));
  const same = selection?.anchor === selection?.focus;
  const [focus, anchor, stand] = await Promise.all([
    find(selection?.focus.row ?? null),
    find(same ? null : (selection?.anchor.row ?? null)),
    find(place?.row ?? null),
  ]);
  const open = (found: Located | null): boolean =>
    found !== null && (found.absence === 'not-reached' || found.generation !== generation);
  const selectionOpen = open(focus) || open(anchor);
  const top = place && topFor(stand, place.y, extent);
  // A row near the end of what is shown so far stands too low until there are rows below it, and for one that is hidden
  // a nearer one may follow.
  const placeOpen = open(stand) || (scanning && top !== null && (top > maxTop(extent) || isLast(stand, extent)));
  const focusEnd = endOf(focus, generation);
  return {
    selection: focusEnd && { focus: focusEnd, anchor: endOf(anchor, generation) ?? focusEnd },
    top: top === null ? null : clampTop(top, extent),
    pending:
      selectionOpen || placeOpen
        ? { selection: selectionOpen ? selection : null, place: placeOpen ? place : null }
        : null,
  };
}

function isLast(found: Located | null, { end }: Extent): boolean {
  return found?.absence === 'hidden' && found.nearest === end - 1;
}

function endOf(found: Located | null, generation: number): End | null {
  if (found === null || found.position === null || found.generation !== generation) return null;
  return { position: found.position, row: found.row };
}

/** A row that was dropped was older than all there are. */
function topFor(found: Located | null, y: number, extent: Extent): number {
  const nearest = found?.nearest ?? null;
  return nearest === null ? minTop(extent) : nearest * ROW_PX - y;
}
