/** The files that were opened lately, as the page has them: as of the last time that somebody looked. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { RecentFile } from '../../electron/contract/recent.ts';

export interface RecentState {
  /** Newest first; null before it was asked for. */
  readonly files: readonly RecentFile[] | null;
}

export interface Recent {
  readonly store: StoreApi<RecentState>;
  refresh(): Promise<void>;
  forget(id: string): Promise<void>;
}

export function createRecent(bridge: Pick<Bridge, 'recent'>): Recent {
  const store = createStore<RecentState>(() => ({ files: null }));
  async function refresh(): Promise<void> {
    const listed = await bridge.recent.list();
    store.setState({ files: listed.ok ? listed.value : [] });
  }
  return {
    store,
    refresh,
    async forget(id) {
      await bridge.recent.forget({ id });
      await refresh();
    },
  };
}
