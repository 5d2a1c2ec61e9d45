/** The recorded sessions as the page has them: the list while it is open, and what a crash left until it is dismissed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { LibrarySettings, RecordedSession, SessionList } from '../../electron/contract/library.ts';
import type { Failure, Result } from '../../native/core/result.ts';

export interface RecordedState {
  /** Null before it was asked for. */
  readonly list: SessionList | null;
  /** What is said in the list of the last thing that could not be done. */
  readonly failure: Failure | null;
  /** Sessions that a crash ended, newest first. */
  readonly offers: readonly RecordedSession[];
}

export interface Recorded {
  readonly store: StoreApi<RecordedState>;
  refresh(): Promise<void>;
  /** Asks what a crash left. */
  askForOffers(): Promise<void>;
  dismissOffers(): void;
  rename(id: string, name: string): Promise<boolean>;
  pin(id: string, pinned: boolean): Promise<void>;
  delete(id: string): Promise<void>;
  pack(id: string): Promise<void>;
  /** True if they are in force now. */
  setSettings(settings: LibrarySettings): Promise<boolean>;
}

export function createRecorded(bridge: Pick<Bridge, 'library'>): Recorded {
  const store = createStore<RecordedState>(() => ({ list: null, failure: null, offers: [] }));
  const { library } = bridge;

  async function refresh(): Promise<void> {
    const listed = await library.list();
    store.setState(listed.ok ? { list: listed.value } : { failure: listed.failure });
  }

  /** The list as it is afterwards, and why something was not done. */
  async function then<T>(asked: Promise<Result<T>>): Promise<Result<T>> {
    const result = await asked;
    store.setState({ failure: result.ok ? null : result.failure });
    await refresh();
    return result;
  }

  return {
    store,
    refresh: () => {
      store.setState({ failure: null });
      return refresh();
    },
    async askForOffers() {
      const offers = await library.offers();
      // Whoever wants to know why finds it said in the list.
      if (offers.ok) store.setState({ offers: offers.value });
    },
    dismissOffers() {
      store.setState({ offers: [] });
      void library.dismiss();
    },
    rename: async (id, name) => (await then(library.rename({ id, name }))).ok,
    pin: async (id, pinned) => void (await then(library.pin({ id, pinned }))),
    delete: async (id) => void (await then(library.delete({ id }))),
    pack: async (id) => void (await then(library.pack({ id }))),
    async setSettings(settings) {
      const set = await then(library.setSettings({ settings }));
      return set.ok && set.value;
    },
  };
}
