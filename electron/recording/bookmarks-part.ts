/**
 * The bookmarks beside the rows of a session: a part of its own, so that they can be changed while the session is recorded
 * and after. Who reads it trusts nothing in it: it may come from anybody.
 */
import { type Bookmark, cleanNote, MAX_BOOKMARK_TEXT, MAX_NOTE, MOST_BOOKMARKS } from '../contract/bookmarks.ts';
import { LIMITS } from './layout.ts';
import { fields, whole } from './untrusted.ts';

export const BOOKMARKS_PART = 'bookmarks';
/** A part of as many bookmarks as there may be, each as long as it may be, is shorter. */
export const MOST_BOOKMARK_BYTES = 32 * 1024 * 1024;

/** The text of the part. `epoch`: that of the rows, for their numbers begin anew with each. */
export function formatBookmarks(epoch: number, bookmarks: readonly Bookmark[]): string {
  return `${JSON.stringify({ epoch, bookmarks })}\n`;
}

/** Those of the rows of an epoch, by row, none for another; null for what is no such part: then there are none at all. */
export function parseBookmarks(value: unknown, epoch: number): readonly Bookmark[] | null {
  const { epoch: of, bookmarks } = fields(value);
  if (!whole(of) || !Array.isArray(bookmarks) || bookmarks.length > MOST_BOOKMARKS) return null;
  const marks = new Map<number, Bookmark>();
  for (const each of bookmarks) {
    const mark = bookmarkOf(each);
    if (mark === null || marks.has(mark.row)) return null;
    marks.set(mark.row, mark);
  }
  return of === epoch ? [...marks.values()].sort((a, b) => a.row - b.row) : [];
}

function bookmarkOf(value: unknown): Bookmark | null {
  const { row, index, timeNs, text, note } = fields(value);
  if (!whole(row) || row >= LIMITS.rows || !whole(index) || !Number.isSafeInteger(timeNs)) return null;
  if (typeof text !== 'string' || text.length > MAX_BOOKMARK_TEXT) return null;
  if (typeof note !== 'string' || note.length > MAX_NOTE) return null;
  return { row, index, timeNs: timeNs as number, text, note: cleanNote(note) };
}
