/** Bookmarks and a view: what a bookmark says of its row, where the view shows it, and which is the next one shown. */
import { RowKind } from '../../../native/core/entry.ts';
import { type Bookmark, type BookmarkPlace, MAX_BOOKMARK_TEXT } from '../../contract/bookmarks.ts';
import { shownText } from '../../contract/shown-text.ts';
import type { SessionStore } from '../store/store.ts';
import { lossText } from '../text/text.ts';
import { logRow } from './log-row.ts';
import { NO_DELTAS } from './row-deltas.ts';
import type { LogView } from './view.ts';

/** A bookmark on a row of the store; null if the row is not kept. */
export function bookmarkOn(store: SessionStore, row: number, note = ''): Bookmark | null {
  const segment = store.segmentOf(row);
  if (segment === null) return null;
  const { kind, index, timeNs, cpu, remarks, type, text } = logRow(segment, row - segment.firstRow, NO_DELTAS);
  const words = kind === RowKind.Gap ? lossText(remarks, cpu, type) : shownText(text);
  return { row, index, timeNs, text: beginning(words), note };
}

/** The beginning of a text, never half a surrogate pair. */
function beginning(text: string): string {
  const cut = text.slice(0, MAX_BOOKMARK_TEXT);
  return text.length > MAX_BOOKMARK_TEXT && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** Where a view shows each of these rows. */
export function placesOf(view: LogView, rows: readonly number[]): BookmarkPlace[] {
  const { store, first, end, reachedRow, heldBackRow } = view;
  return rows.map((row): BookmarkPlace => {
    if (row < store.firstRow || row >= store.endRow) return { row, position: null, absence: 'gone' };
    const position = view.locateRow(row);
    if (position !== null && position >= first && position < end) return { row, position, absence: null };
    const absence = row >= heldBackRow ? 'held-back' : row >= reachedRow ? 'not-reached' : 'hidden';
    return { row, position: null, absence };
  });
}

export interface FoundBookmark {
  readonly position: number;
  readonly row: number;
  readonly wrapped: boolean;
}

/** The nearest of these rows that a view shows at or after (or before) a position, wrapping around once; null for none. */
export function nextShown(
  view: LogView,
  rows: readonly number[],
  from: number,
  direction: 'next' | 'previous',
): FoundBookmark | null {
  const shown = placesOf(view, rows).flatMap(({ row, position }) => (position === null ? [] : [{ row, position }]));
  const forward = direction === 'next';
  const found = forward
    ? shown.find(({ position }) => position >= from)
    : shown.findLast(({ position }) => position <= from);
  if (found !== undefined) return { ...found, wrapped: false };
  const around = forward ? shown[0] : shown.at(-1);
  return around === undefined ? null : { ...around, wrapped: true };
}
