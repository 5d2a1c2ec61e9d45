/** Calls about the bookmarks of a session, and about where a view of it shows them. */
import { type BookmarkChange, type BookmarkPlaces, noteText } from '../bookmarks.ts';
import { packed, result } from '../call.ts';
import { integer, MAX, oneOf } from '../check.ts';
import { positionRange } from '../query.ts';
import { nothingElse, ofSession, ofView } from './ids.ts';

const rowOf = (row: unknown): number => integer(row, 0, MAX, 'row');

export const bookmarkCalls = {
  /**
   * Sets a bookmark on each of the rows at some positions, or removes them if each has one. Failures: cancelled for rows
   * that are no longer shown, bad-argument where a session would have more than MOST_BOOKMARKS.
   */
  'view.toggleBookmarks': result<BookmarkChange>()(ofView(({ range }) => ({ range: positionRange(range) }))),
  /** The nearest shown row with a bookmark at or after (or before) `from`, wrapping around once; null if there is none. */
  'view.findBookmark': result<{ readonly position: number; readonly row: number; readonly wrapped: boolean } | null>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      from: integer(fields.from, 0, MAX, 'from'),
      direction: oneOf(fields.direction, ['next', 'previous'], 'direction'),
    })),
  ),
  /** Where the view shows the rows that have one, and why it does not show the others. */
  'view.bookmarkPlaces': packed<BookmarkPlaces>({ generation: -1, places: [] })(ofView(nothingElse)),
  /** Changes the note of a row, which gets a bookmark if it has none. Failures: as above. */
  'session.setNote': result<null>()(ofSession(({ row, note }) => ({ row: rowOf(row), note: noteText(note) }))),
  /** Removes the bookmark of a row; harmless if it has none. */
  'session.removeBookmark': result<null>()(ofSession(({ row }) => ({ row: rowOf(row) }))),
  'session.removeAllBookmarks': result<null>()(ofSession(nothingElse)),
  /** Brings back those that were removed last. Failure: bad-argument, if there would be too many. */
  'session.restoreBookmarks': result<null>()(ofSession(nothingElse)),
};
