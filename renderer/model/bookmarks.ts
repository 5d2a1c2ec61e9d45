/** What is said of bookmarks: in the status bar, in the list, in the names of their marks. */
import type { Bookmark, BookmarkChange, BookmarkPlace } from '../../electron/contract/bookmarks.ts';
import { shownText } from '../../electron/contract/shown-text.ts';
import { formatCount, formatPlural } from './format.ts';

/** What a key did: `Bookmark set.`, `12 bookmarks removed.`; a note that went with one is not lost yet. */
export function changeWords({ set, removed, notesRemoved }: BookmarkChange): {
  readonly message: string;
  readonly action: string;
} {
  const words = (count: number, done: string): string =>
    count === 1 ? `Bookmark ${done}` : `${formatPlural(count, 'bookmark')} ${done}`;
  if (removed === 0) return { message: `${words(set, 'set')}.`, action: '' };
  const notes = notesRemoved === 0 ? '' : notesRemoved === 1 ? ', with its note' : `, with ${notesRemoved} notes`;
  return {
    message: `${words(removed, 'removed')}${notes}.`,
    action: notesRemoved === 0 ? '' : 'The list of bookmarks has Undo.',
  };
}

/** Said where no bookmark is shown that one could go to. */
export function noneWords(all: number): string {
  if (all === 0) return 'There is no bookmark.';
  return all === 1 ? 'The bookmark is not shown here.' : `None of the ${formatCount(all)} bookmarks is shown here.`;
}

/** Said on the way round the end. */
export function lapWords(direction: 'next' | 'previous', same: boolean): string {
  if (same) return 'There is no other bookmark here.';
  return direction === 'next'
    ? 'Went round the end: this is the first bookmark.'
    : 'Went round the beginning: this is the last bookmark.';
}

/** Why the row of a bookmark is not in the view; empty if it is, or before that is known. */
export function absenceWords(place: BookmarkPlace | undefined): string {
  switch (place?.absence) {
    case 'hidden':
      return 'hidden by the filter';
    case 'held-back':
      return 'came after the pause';
    case 'not-reached':
      return 'not filtered yet';
    case 'gone':
      return 'no longer kept';
    default:
      return '';
  }
}

/** The name of the mark at a row. */
export const markName = ({ note }: Bookmark): string => (note === '' ? 'Bookmark' : `Bookmark: ${shownText(note)}`);

/** Pixels of the mark of a bookmark on the strip. */
export const STRIP_MARK_PX = 7;

/** Where on a strip of so many pixels the marks of bookmarks begin, from the top; each once. `positions`: of shown rows. */
export function stripMarks(
  positions: readonly number[],
  { first, end }: { readonly first: number; readonly end: number },
  heightPx: number,
): number[] {
  const rows = end - first;
  if (rows <= 0) return [];
  const last = Math.max(0, heightPx - STRIP_MARK_PX);
  const tops = positions
    .filter((position) => position >= first && position < end)
    .map((position) => {
      const middle = ((position - first + 0.5) / rows) * heightPx;
      return Math.min(last, Math.max(0, Math.round(middle - STRIP_MARK_PX / 2)));
    });
  return [...new Set(tops)].sort((a, b) => a - b);
}

/** Whether a bookmark is drawn at a pixel of the strip. */
export function isMarkedAt(tops: readonly number[], y: number): boolean {
  return tops.some((top) => y >= top && y < top + STRIP_MARK_PX);
}
