/** What can be captured on the machine, as of the last request. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { SourceOffer } from '../../electron/contract/machine.ts';

export interface OffersState {
  /** Null until it was requested. */
  readonly offers: readonly SourceOffer[] | null;
}

export interface Offers {
  readonly store: StoreApi<OffersState>;
  refresh(): Promise<void>;
}

export function createOffers(bridge: Pick<BoundBridge, 'sources'>): Offers {
  const store = createStore<OffersState>(() => ({ offers: null }));
  return {
    store,
    async refresh() {
      store.setState({ offers: await bridge.sources.offer() });
    },
  };
}
