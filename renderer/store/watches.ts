/** Actions on a match, as the page has them: which are set, what became of each, and what may be chosen. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import {
  NO_WATCHES,
  type Watch,
  type WatchedRow,
  type WatchesState,
  watchFailure,
} from '../../electron/contract/watches.ts';
import type { Failure, Result } from '../../native/core/result.ts';

export interface WatchesStore extends WatchesState {
  readonly failure: Failure | null;
}

export interface Watches {
  readonly store: StoreApi<WatchesStore>;
  connect(): () => void;
  refresh(): Promise<void>;
  /** Each resolves to whether it was done. */
  add(watch: Watch): Promise<boolean>;
  change(at: number, watch: Watch): Promise<boolean>;
  remove(at: number): Promise<boolean>;
  /** Calls for each new match of an action that goes to it; returns a function that ends that. */
  onTrack(go: (match: WatchedRow) => void): () => void;
  /** Lets the person choose where the last minutes are saved. */
  chooseFolder(): Promise<void>;
}

export function createWatches({ watches: calls, on }: Pick<Bridge, 'watches' | 'on'>): Watches {
  const store = createStore<WatchesStore>(() => ({ ...NO_WATCHES, failure: null }));
  const get = store.getState;
  const trackers = new Set<(match: WatchedRow) => void>();

  function take(result: Result<WatchesState>): boolean {
    store.setState(result.ok ? { ...result.value, failure: null } : { failure: result.failure });
    return result.ok;
  }

  async function set(watches: readonly Watch[], changed?: Watch): Promise<boolean> {
    const wrong = changed === undefined ? null : watchFailure(changed);
    return take(wrong === null ? await calls.set({ watches }) : { ok: false, failure: wrong });
  }

  return {
    store,
    connect: () =>
      on.app.watches(({ reports }) => {
        // Those of another number are of what was set before: the answer to the change has the new ones.
        const { watches, reports: before } = get();
        if (reports.length !== watches.length) return;
        store.setState({ reports });
        for (const [at, { done, last }] of reports.entries()) {
          if (watches[at]?.action !== 'track' || last === null || done <= (before[at]?.done ?? 0)) continue;
          for (const go of trackers) go(last);
        }
      }),
    async refresh() {
      store.setState({ ...(await calls.list()), failure: null });
    },
    add: (watch) => set([...get().watches, watch], watch),
    change: (at, watch) => set(get().watches.with(at, watch), watch),
    remove: (at) => set(get().watches.toSpliced(at, 1)),
    onTrack(go) {
      trackers.add(go);
      return () => void trackers.delete(go);
    },
    async chooseFolder() {
      take(await calls.chooseFolder());
    },
  };
}
