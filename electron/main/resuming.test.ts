/** What is marked before a restart. */
import { expect, it } from 'vitest';
import { Bookmarks } from '../session/ingest/bookmarks.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import { markRestart } from './resuming.ts';

function session(rows: number, isLive: boolean) {
  const store = new SessionStore({ memoryCapBytes: 1 << 20 });
  if (rows > 0) store.append(batchOf(Array.from({ length: rows }, (_, at) => entry(at + 1, `row ${at + 1}`))));
  return { session: { store, isLive, bookmarks: new Bookmarks() } };
}

it('the last row of each live session has a bookmark that says when it ended', () => {
  const sessions = [session(5, true), session(0, true), session(5, false)];
  const [live] = sessions;
  markRestart({ openSessions: sessions } as unknown as Workspace, new Date(0));
  expect(sessions.map(({ session: { bookmarks } }) => bookmarks.rows)).toEqual([[4], [], []]);
  expect(live?.session.bookmarks.noteOf(4)).toContain('1970-01-01T00:00:00.000Z');
  // A bookmark that is there says so, too.
  markRestart({ openSessions: sessions } as unknown as Workspace, new Date(1000));
  expect(live?.session.bookmarks.all).toHaveLength(1);
  expect(live?.session.bookmarks.noteOf(4)).toContain('1970-01-01T00:00:01.000Z');
});
