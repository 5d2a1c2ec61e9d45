/** The session's last status, and the rates of the last two minutes for the plot. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { Status } from '../../electron/contract/status.ts';

export interface RateSample {
  readonly atMs: number;
  readonly perSecond: number;
}

export interface StatusState {
  readonly status: Status | null;
  /** Oldest first, not older than RATES_MS before the newest. */
  readonly rates: readonly RateSample[];
}

export const RATES_MS = 120_000;

export interface StatusStore {
  readonly store: StoreApi<StatusState>;
  connect(): () => void;
}

/** The rates with one more sample, and without samples that are too old. */
export function withSample(rates: readonly RateSample[], sample: RateSample): RateSample[] {
  const oldest = sample.atMs - RATES_MS;
  return [...rates.filter((other) => other.atMs >= oldest && other.atMs < sample.atMs), sample];
}

export function createStatus(bridge: Pick<BoundBridge, 'on'>): StatusStore {
  const store = createStore<StatusState>(() => ({ status: null, rates: [] }));
  return {
    store,
    connect: () =>
      bridge.on.session.status(({ status }) =>
        store.setState(({ rates }) => ({
          status,
          rates: withSample(rates, { atMs: status.atMs, perSecond: status.perSecond }),
        })),
      ),
  };
}
