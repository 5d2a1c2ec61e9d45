/**
 * The overview of the whole view, fetched again when the view has changed: one request at a time, and none sooner than a
 * while after the last.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/channels.ts';
import { type Density, MAX_BUCKETS } from '../../electron/contract/density.ts';
import type { Later } from './filter.ts';
import type { ViewState } from './view-state.ts';

export interface DensityState {
  readonly density: Density | null;
}

export interface DensityStore {
  readonly store: StoreApi<DensityState>;
  connect(): () => void;
  /** How many parts there is room for; 0 while nobody looks. */
  setBuckets(buckets: number): void;
}

const EVERY_MS = 250;

export function createDensity(bridge: Pick<Bridge, 'density'>, view: StoreApi<ViewState>, later: Later): DensityStore {
  const store = createStore<DensityState>(() => ({ density: null }));
  let buckets = 0;
  let resting = false;
  /** What the last request was for. */
  let asked: { generation: number; first: number; end: number; buckets: number } | null = null;

  function ask(): void {
    if (resting || buckets === 0) return;
    const { generation, first, end } = view.getState();
    const same = asked?.generation === generation && asked.first === first && asked.end === end;
    if (same && asked?.buckets === buckets) return;
    asked = { generation, first, end, buckets };
    resting = true;
    bridge
      .density(buckets)
      .then((density) => store.setState({ density }))
      .finally(() =>
        later(() => {
          resting = false;
          ask();
        }, EVERY_MS),
      );
  }

  return {
    store,
    connect: () => view.subscribe(ask),
    setBuckets(wanted) {
      buckets = Math.min(wanted, MAX_BUCKETS);
      ask();
    },
  };
}
