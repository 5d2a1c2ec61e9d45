/**
 * The selected rows: a range of positions between an anchor and a focus. Each end also remembers its row, so that
 * it can be found again when a filter gives that row another position.
 */

export interface End {
  readonly position: number;
  /** Number of the row in the session; null until the row has been fetched. */
  readonly row: number | null;
}

export interface Selection {
  readonly anchor: End;
  /** The end that moves; its row is the one that the details show. */
  readonly focus: End;
}

export function selectOne(end: End): Selection {
  return { anchor: end, focus: end };
}

/** Moves the focus and keeps the anchor (a click with Shift). Without a selection, starts one. */
export function extendTo(selection: Selection | null, focus: End): Selection {
  return selection ? { anchor: selection.anchor, focus } : selectOne(focus);
}

/** First and last selected position. */
export function selectedRange(selection: Selection): { readonly first: number; readonly last: number } {
  const { anchor, focus } = selection;
  return { first: Math.min(anchor.position, focus.position), last: Math.max(anchor.position, focus.position) };
}

export function isSelected(selection: Selection | null, position: number): boolean {
  if (!selection) return false;
  const { first, last } = selectedRange(selection);
  return position >= first && position <= last;
}

export function selectedCount(selection: Selection | null): number {
  if (!selection) return 0;
  const { first, last } = selectedRange(selection);
  return last - first + 1;
}

/** Where moving by `rows` brings the focus; `start` if nothing is selected. Null if there are no rows. */
export function moveFocus(
  selection: Selection | null,
  rows: number,
  view: { readonly first: number; readonly end: number; readonly start: number },
): number | null {
  if (view.end <= view.first) return null;
  const target = selection ? selection.focus.position + rows : view.start;
  return Math.min(Math.max(target, view.first), view.end - 1);
}

/** The selection without rows before `first`, which were dropped. Appended rows never change a selection. */
export function afterEviction(selection: Selection | null, first: number): Selection | null {
  if (!selection || selectedRange(selection).first >= first) return selection;
  if (selectedRange(selection).last < first) return null;
  const clip = (end: End): End => (end.position >= first ? end : { position: first, row: null });
  return { anchor: clip(selection.anchor), focus: clip(selection.focus) };
}

/** Fills in row numbers that were unknown when the selection was made. */
export function withRows(selection: Selection, rowAt: (position: number) => number | undefined): Selection {
  const fill = (end: End): End => {
    const row = end.row ?? rowAt(end.position);
    return row === undefined || row === end.row ? end : { position: end.position, row };
  };
  const anchor = fill(selection.anchor);
  const focus = selection.focus === selection.anchor ? anchor : fill(selection.focus);
  return anchor === selection.anchor && focus === selection.focus ? selection : { anchor, focus };
}
