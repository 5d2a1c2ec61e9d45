/** The bookmarks of a session as the service told them, and what a person does with them whichever view is looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Bookmark, withNews } from '../../electron/contract/bookmarks.ts';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { Failure, Result } from '../../native/core/result.ts';

export interface BookmarksState {
  /** By row, in the order of rows. */
  readonly marks: ReadonlyMap<number, Bookmark>;
  /** How many were removed last and can be brought back. */
  readonly undoable: number;
  /** What is to be said of where they are kept; empty for nothing. */
  readonly remark: string;
  /** Why the last change that a person asked for in the list was not made; null if it was. */
  readonly failure: Failure | null;
}

export interface Bookmarks {
  readonly store: StoreApi<BookmarksState>;
  connect(): () => void;
  /** Changes the note of a row, which gets a bookmark if it has none; false if that failed. */
  setNote(row: number, note: string): Promise<boolean>;
  remove(row: number): Promise<void>;
  removeAll(): Promise<void>;
  /** Brings back those that were removed last. */
  restore(): Promise<void>;
  forgetFailure(): void;
}

export function createBookmarks(bridge: Pick<BoundBridge, 'on' | 'session'>): Bookmarks {
  const store = createStore<BookmarksState>(() => ({ marks: new Map(), undoable: 0, remark: '', failure: null }));

  async function done(asked: Promise<Result<null>>): Promise<boolean> {
    const result = await asked;
    store.setState({ failure: result.ok ? null : result.failure });
    return result.ok;
  }

  return {
    store,
    connect: () =>
      bridge.on.session.bookmarks(({ news }) =>
        store.setState(({ marks }) => ({
          marks: withNews(marks, news),
          undoable: news.undoable,
          remark: news.remark,
        })),
      ),
    setNote: (row, note) => done(bridge.session.setNote({ row, note })),
    remove: async (row) => void (await done(bridge.session.removeBookmark({ row }))),
    removeAll: async () => void (await done(bridge.session.removeAllBookmarks())),
    restore: async () => void (await done(bridge.session.restoreBookmarks())),
    forgetFailure: () => store.setState({ failure: null }),
  };
}
