/** The word that is marked wherever it stands in the rows shown, and how many of them hold it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { FindCount } from '../../electron/contract/find.ts';
import type { TextQuery } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import { sameQuery } from './highlights.ts';

export interface WordMarkState {
  /** Null: none is marked. */
  readonly query: TextQuery | null;
  readonly count: FindCount | null;
}

export interface WordMark {
  readonly store: StoreApi<WordMarkState>;
  connect(): () => void;
  /** Marks a word as it is written, instead of the one before. */
  mark(word: string): void;
  /** False if none was marked. */
  clear(): boolean;
}

export function createWordMark(bridge: Pick<BoundBridge, 'on' | 'view'>, fail: (failure: Failure) => void): WordMark {
  const store = createStore<WordMarkState>(() => ({ query: null, count: null }));
  const get = store.getState;

  async function set(query: TextQuery | null): Promise<void> {
    store.setState({ query, count: null });
    const counted = await bridge.view.countWord({ query });
    if (!counted.ok) fail(counted.failure);
  }

  return {
    store,
    connect: () =>
      bridge.on.view.found(({ found }) => {
        const { query } = get();
        if (query !== null && sameQuery(query, found.query)) store.setState({ count: found });
      }),
    mark(word) {
      if (word !== '') void set({ pattern: word, regex: false, caseSensitive: true });
    },
    clear() {
      if (get().query === null) return false;
      void set(null);
      return true;
    },
  };
}
