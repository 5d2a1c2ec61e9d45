/**
 * Finds a row for a view, whether the view shows it or not. Which row is meant is decided among all rows of the
 * session. The answer then says where the view shows it, or which row it shows instead and why, so that nobody is led
 * to another row without being told.
 */
import type { Located, LocatedSpans, LocateTarget } from '../../contract/rows.ts';
import { locateIndex } from './locate-index.ts';
import { locateTime, positionFrom } from './locate-time.ts';
import type { LogView } from './view.ts';

/** Null if the session has no such row: it was dropped, or no row has that index or time or a later one. */
export function locate(view: LogView, target: LocateTarget): Located | null {
  const row = targetRow(view, target);
  const segment = row === null ? null : view.store.segmentOf(row);
  if (row === null || segment === null) return null;
  const index = segment.index[row - segment.firstRow] as number;
  const nearest = 'timeNs' in target ? followingPosition(view, row) : nearestPosition(view, row);
  const found = { generation: view.generation, row, index, nearest };
  if (nearest !== null && view.rowAt(nearest) === row) return { ...found, position: nearest, absence: null };
  const absence = row >= view.heldBackRow ? 'held-back' : row >= view.reachedRow ? 'not-reached' : 'hidden';
  return { ...found, position: null, absence };
}

/** Where ranges of rows are shown: a range from the first to the last of its rows that are. */
export function locateSpans(
  view: LogView,
  spans: readonly { readonly first: number; readonly last: number }[],
): LocatedSpans {
  const { generation, first, end, reachedRow, heldBackRow } = view;
  const place = (position: number) => ({ position, row: view.rowAt(position) });
  return {
    generation,
    spans: spans.map((span) => {
      const from = positionFrom(view, span.first, first, end);
      const last = positionFrom(view, span.last + 1, from, end) - 1;
      return last < from ? null : { first: place(from), last: place(last) };
    }),
    open: spans.some(({ last }) => Math.min(last, heldBackRow - 1) >= reachedRow),
  };
}

function targetRow(view: LogView, target: LocateTarget): number | null {
  const { store, survey } = view;
  if ('row' in target) return target.row;
  // In the list of all rows, a position is the row's number.
  const all = { first: store.firstRow, end: store.endRow, rowAt: (position: number) => position, survey };
  return 'timeNs' in target ? locateTime(all, store, target.timeNs) : locateIndex(all, store, target.index);
}

/** Position of the shown row that is nearest to a row, the later one of two equally near; null if no row is shown. */
function nearestPosition(view: LogView, row: number): number | null {
  const { first, end } = view;
  if (first >= end) return null;
  const after = positionFrom(view, row, first, end);
  if (after === end) return end - 1;
  if (after === first) return after;
  return row - view.rowAt(after - 1) < view.rowAt(after) - row ? after - 1 : after;
}

/** Position of the first shown row that is not before a row, or of the last one; null if no row is shown. */
function followingPosition(view: LogView, row: number): number | null {
  const { first, end } = view;
  return first >= end ? null : Math.min(end - 1, positionFrom(view, row, first, end));
}
