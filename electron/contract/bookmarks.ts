/**
 * Bookmarks: rows that a person marked, each of which may carry a note. They belong to the session, not to a view, and
 * name rows by their numbers in it. Only a clear changes those, with which they go, and reading files again, after which
 * they are on the same records.
 */
import { refuse, text } from './check.ts';
import { lengthFailure } from './limits.ts';
import type { Located } from './rows.ts';

/** The most bookmarks of a session. */
export const MOST_BOOKMARKS = 10_000;
/** The longest note, UTF-16 units. */
export const MAX_NOTE = 200;
/** How much of a message a bookmark keeps, for a row that is dropped later; UTF-16 units. */
export const MAX_BOOKMARK_TEXT = 200;

export interface Bookmark {
  /** Number of the row in the session. */
  readonly row: number;
  /** Global index, and time since the session began, as in the row itself. */
  readonly index: number;
  readonly timeNs: number;
  /** The beginning of the message in its shown form; of a loss, what was lost. */
  readonly text: string;
  /** One line; empty for none. */
  readonly note: string;
}

/** What is new of the bookmarks of a session. */
export interface BookmarkNews {
  /** True: `set` is all there are. */
  readonly anew: boolean;
  /** Those that were set, or whose note was changed, by row. */
  readonly set: readonly Bookmark[];
  /** Rows that have none any more. */
  readonly removed: readonly number[];
  /** How many were removed last and can be brought back. */
  readonly undoable: number;
  /** One sentence about where they are kept, or that they could not be read; empty while they are saved with the rows. */
  readonly remark: string;
}

/** What a change did. */
export interface BookmarkChange {
  readonly set: number;
  readonly removed: number;
  /** How many of those removed had a note. */
  readonly notesRemoved: number;
}

/** Where a view shows the rows that have a bookmark, by row. */
export interface BookmarkPlaces {
  readonly generation: number;
  readonly places: readonly BookmarkPlace[];
}

export interface BookmarkPlace {
  readonly row: number;
  /** Null where the view does not show it. */
  readonly position: number | null;
  /** Why it is not shown; `gone`: the session does not keep the row any more. */
  readonly absence: Located['absence'] | 'gone';
}

/** Characters that would break a line, or control a terminal that it is printed on. */
const NOT_ON_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** A note as it is kept: on one line, without blanks around it. */
export const cleanNote = (note: string): string => note.replace(NOT_ON_ONE_LINE, ' ').trim();

export const noteFailure = (note: string) => lengthFailure('The note', note, MAX_NOTE);

/** The check of a note in a request. */
export function noteText(value: unknown): string {
  const note = cleanNote(text(value, 'note'));
  refuse(noteFailure(note));
  return note;
}

/** The bookmarks by row, in the order of rows, once something new is known of them; the same map if nothing is. */
export function withNews(marks: ReadonlyMap<number, Bookmark>, news: BookmarkNews): ReadonlyMap<number, Bookmark> {
  if (!news.anew && news.set.length === 0 && news.removed.length === 0) return marks;
  const next = new Map(news.anew ? [] : marks);
  for (const row of news.removed) next.delete(row);
  for (const mark of news.set) next.set(mark.row, mark);
  return new Map([...next].sort(([a], [b]) => a - b));
}
