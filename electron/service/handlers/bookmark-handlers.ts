/** Handlers of calls about bookmarks. What is decided of them is in the session; here rows are read for them, in slices. */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { Bookmark, BookmarkChange } from '../../contract/bookmarks.ts';
import type { bookmarkCalls } from '../../contract/calls/bookmark-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import { type PositionRange, partsWithin, rowsOfParts } from '../../contract/output.ts';
import type { Session } from '../../session/ingest/session.ts';
import { bookmarkOn, nextShown, placesOf } from '../../session/view/bookmark-places.ts';
import { orRefuse } from '../refused.ts';
import { lookAtRows } from '../row-slices.ts';
import { type Dependencies, lookedAt, type ViewAndSession } from './dependencies.ts';

export function bookmarkHandlers(dependencies: Dependencies): Pick<Handlers, keyof typeof bookmarkCalls> {
  const { workspace, wake } = dependencies;
  const sessionOf = (id: number): Session => orRefuse(workspace.session(id));

  /** What bookmarks on these rows say of them; rows that are gone are left out. Failure: cancelled by a clear. */
  const read = ({ store }: Session, rows: readonly number[]): Promise<Result<readonly Bookmark[]>> =>
    lookAtRows(store, rows, (row) => bookmarkOn(store, row), dependencies);

  async function toggle({ view, session }: ViewAndSession, range: PositionRange): Promise<Result<BookmarkChange>> {
    const { log } = view;
    const { bookmarks } = session;
    const parts = partsWithin(range, log);
    const length = rowsOfParts(parts);
    if (range.generation !== log.generation || length === 0)
      return fail('cancelled', 'The selected rows are no longer shown', 'Select rows again');
    // Of more rows than there may be bookmarks not all have one, so that some would have to be set.
    const possible = bookmarks.room(length - bookmarks.count);
    if (!possible.ok) return possible;
    const rows = parts.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, at) => log.rowAt(first + at)),
    );
    const missing = rows.filter((row) => !bookmarks.has(row));
    if (missing.length === 0) {
      const going = bookmarks.remove(rows);
      return ok({ set: 0, removed: going.length, notesRemoved: going.filter(({ note }) => note !== '').length });
    }
    const room = bookmarks.room(missing.length);
    if (!room.ok) return room;
    const marks = await read(session, missing);
    if (!marks.ok) return marks;
    const set = bookmarks.set(marks.value);
    return set.ok ? ok({ set: set.value, removed: 0, notesRemoved: 0 }) : set;
  }

  return {
    'view.toggleBookmarks': async ({ view, range }) => {
      const toggled = await toggle(lookedAt(dependencies, view), range);
      wake();
      return toggled;
    },
    'view.findBookmark': ({ view, generation, from, direction }) => {
      const { view: open, session } = lookedAt(dependencies, view);
      if (generation !== open.log.generation)
        return fail('cancelled', 'The view changed before a bookmark was found', 'Try again');
      return ok(nextShown(open.log, session.bookmarks.rows, from, direction));
    },
    'view.bookmarkPlaces': ({ view }) => {
      const { view: open, session } = lookedAt(dependencies, view);
      return { generation: open.log.generation, places: placesOf(open.log, session.bookmarks.rows) };
    },
    'session.setNote': ({ session, row, note }) => {
      const { store, bookmarks } = sessionOf(session);
      if (!bookmarks.setNote(row, note)) {
        const mark = bookmarkOn(store, row, note);
        if (mark === null)
          return fail('cancelled', 'The row is no longer kept, and has no bookmark', 'Choose another row');
        const set = bookmarks.set([mark]);
        if (!set.ok) return set;
      }
      wake();
      return ok(null);
    },
    'session.removeBookmark': ({ session, row }) => {
      sessionOf(session).bookmarks.remove([row]);
      wake();
      return ok(null);
    },
    'session.removeAllBookmarks': ({ session }) => {
      sessionOf(session).bookmarks.removeAll();
      wake();
      return ok(null);
    },
    'session.restoreBookmarks': ({ session }) => {
      const restored = sessionOf(session).bookmarks.restore();
      wake();
      return restored.ok ? ok(null) : restored;
    },
  };
}
