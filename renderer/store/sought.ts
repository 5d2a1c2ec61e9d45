/**
 * The things a person was looking at, by row, in order to find them in another generation of the view: the selection,
 * and the row that is to stay at its place on the screen (the selected row if it is visible, else the first visible
 * one). A filter that reads text covers rows one after another, and until it has reached a row, nobody can say whether
 * the row is shown. Such a row stays sought, and is looked for again with each update.
 */
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { ViewState as Told } from '../../electron/contract/page-state.ts';
import type { Located, LocatedSpans } from '../../electron/contract/rows.ts';
import { clampTop, type Extent, maxTop, minTop, ROW_PX, visibleRange } from '../model/scroll.ts';
import { type End, partsOf, type Selection, selectedCount } from '../model/selection.ts';
import { extentOf, type ViewState } from './view-state.ts';

export interface Sought {
  /** The selection to restore; null if there is none, or if the person has selected something since. */
  readonly selection: Selection | null;
  /**
   * The row to return to, and how many pixels its upper edge is below that of the table; null if the person has moved
   * since.
   */
  readonly place: { readonly row: number; readonly y: number } | null;
}

/** What a page before this one was looking at, to be looked for in the first view as in any new generation. */
export function soughtBefore({ place, selection }: Pick<Told, 'place' | 'selection'>): Sought {
  // As apart as the rows are, as long as nobody knows where they are shown.
  const end = (row: number): End => ({ position: row, row });
  const others = selection?.others?.map(({ first, last }) => ({ first: end(first), last: end(last) }));
  return {
    selection: selection && {
      anchor: end(selection.anchor),
      focus: end(selection.focus),
      ...(others === undefined ? {} : { others }),
      ...(selection.aside ? { aside: true } : {}),
    },
    place: place && { row: place.row, y: -place.hiddenPx },
  };
}

/** What is left to look for where the person has moved; null for nothing. */
export function selectionAlone(sought: Sought | null): Sought | null {
  return sought?.selection ? { selection: sought.selection, place: null } : null;
}

/** What was found in a generation of the view. */
export interface Found {
  /** The selection with its positions in this generation; null if its focus is not shown. */
  readonly selection: Selection | null;
  /** Where to scroll to: the sought row, or the nearest one shown. Null if no place is sought. */
  readonly top: number | null;
  /** What is still undecided; null if everything is decided. */
  readonly pending: Sought | null;
}

/**
 * What a person looks at in a state. `pending` is what they looked at before and is still being sought; `left` what they
 * looked at when the state was taken over and have not given up since: of it a filter may have hidden what another shows.
 */
export function lookedAt(state: ViewState, pending: Sought | null, left: Sought | null): Sought {
  return {
    selection: pending?.selection ?? left?.selection ?? state.selection,
    place: state.follow ? null : (pending?.place ?? left?.place ?? placeOf(state)),
  };
}

/** The selected row if it is on the screen, else the first row on the screen. */
function placeOf(state: ViewState): Sought['place'] {
  const visible = visibleRange(state.top, extentOf(state));
  const focus = state.selection?.focus;
  const at = focus && focus.position >= visible.from && focus.position < visible.end ? focus.position : visible.from;
  const row = state.cache.get(at)?.row;
  return row === undefined ? null : { row, y: at * ROW_PX - state.top };
}

/** The view in which something is sought. */
export interface SearchedView {
  readonly generation: number;
  readonly extent: Extent;
  /** True if more rows may follow at once, because the filter is not done. */
  readonly scanning: boolean;
}

/** Looks for the sought things in a view. */
export async function findAgain(
  bridge: Pick<BoundBridge, 'view'>,
  sought: Sought,
  { generation, extent, scanning }: SearchedView,
): Promise<Found> {
  const { selection, place } = sought;
  const find = (row: number | null) => (row === null ? Promise.resolve(null) : bridge.view.locate({ target: { row } }));
  const same = selection?.anchor === selection?.focus;
  const rows = selection === null ? null : rowsOf(selection);
  const [focus, anchor, stand, spans] = await Promise.all([
    find(selection?.focus.row ?? null),
    find(same ? null : (selection?.anchor.row ?? null)),
    find(place?.row ?? null),
    rows === null ? null : bridge.view.locateSpans({ spans: rows }),
  ]);
  const open = (found: Located | null): boolean =>
    found !== null && (found.absence === 'not-reached' || found.generation !== generation);
  const selectionOpen =
    open(focus) || open(anchor) || (spans !== null && (spans.open || spans.generation !== generation));
  const top = place && topFor(stand, place.y, extent);
  // The place stays undecided if a row near the end of what is shown so far would be too low until rows follow below
  // it, or if the row is hidden and a nearer one may follow.
  const placeOpen = open(stand) || (scanning && top !== null && (top > maxTop(extent) || isLast(stand, extent)));
  const ends = { focus: endOf(focus, generation), anchor: endOf(same ? focus : anchor, generation) };
  return {
    selection: selection && foundSelection(selection, ends, spans?.generation === generation ? spans.spans : []),
    top: top === null ? null : clampTop(top, extent),
    pending:
      selectionOpen || placeOpen
        ? { selection: selectionOpen ? selection : null, place: placeOpen ? place : null }
        : null,
  };
}

/** The ranges of a selection of more than one row, by their rows; null for a single one. Those of unknown rows are left out. */
function rowsOf(selection: Selection): { readonly first: number; readonly last: number }[] | null {
  if (selection.others === undefined && selectedCount(selection) <= 1) return null;
  return partsOf(selection).flatMap(({ first, last }) =>
    first.row === null || last.row === null ? [] : [{ first: first.row, last: last.row }],
  );
}

/** What of a selection is shown. Where its focus is not, the keys stand at the end of what is. */
function foundSelection(
  selection: Selection,
  ends: { readonly focus: End | null; readonly anchor: End | null },
  spans: LocatedSpans['spans'],
): Selection | null {
  const others = spans.filter((span) => span !== null);
  const focus = ends.focus ?? others.at(-1)?.last ?? null;
  if (focus === null) return null;
  const beside = others.length === 0 ? {} : { others };
  const simple = selection.others === undefined && !selection.aside;
  if (ends.focus !== null && (ends.anchor !== null || spans.length === 0)) {
    const own = { anchor: ends.anchor ?? focus, focus };
    return simple ? own : { ...own, ...beside, ...(selection.aside ? { aside: true } : {}) };
  }
  return { anchor: focus, focus, ...beside, aside: true };
}

function isLast(found: Located | null, { end }: Extent): boolean {
  return found?.absence === 'hidden' && found.nearest === end - 1;
}

function endOf(found: Located | null, generation: number): End | null {
  if (found === null || found.position === null || found.generation !== generation) return null;
  return { position: found.position, row: found.row };
}

/** A row that was dropped was older than all that are left. */
function topFor(found: Located | null, y: number, extent: Extent): number {
  const nearest = found?.nearest ?? null;
  return nearest === null ? minTop(extent) : nearest * ROW_PX - y;
}
