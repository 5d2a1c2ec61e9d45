/** The life of a value that a person follows, asked for again and again while it is looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { LifeReport } from '../../electron/contract/life.ts';
import type { Later } from './filter.ts';
import { createPolling } from './polling.ts';

export interface LifeState {
  /** `0x` and its digits; null while none is followed. */
  readonly value: string | null;
  /** Null until the first answer. */
  readonly report: LifeReport | null;
}

export interface Life {
  readonly store: StoreApi<LifeState>;
  /** Asks until the returned function is called. */
  watch(): () => void;
  follow(value: string): void;
}

export function createLife(bridge: Pick<BoundBridge, 'session'>, later: Later): Life {
  const store = createStore<LifeState>(() => ({ value: null, report: null }));
  const polling = createPolling(later, async () => {
    const { value } = store.getState();
    if (value === null) return false;
    const report = await bridge.session.life({ value });
    if (store.getState().value === value) store.setState({ report });
    return report.looked < report.total && report.failure === null;
  });
  return {
    store,
    watch: polling.watch,
    follow(value) {
      if (value === store.getState().value) return;
      store.setState({ value, report: null });
      polling.again();
    },
  };
}
