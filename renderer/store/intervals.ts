/** Intervals between two kinds of records, asked for again and again while they are looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { IntervalQuery, IntervalReport } from '../../electron/contract/intervals.ts';
import type { Failure } from '../../native/core/result.ts';
import type { Later } from './filter.ts';
import { createPolling } from './polling.ts';

export interface IntervalsState {
  /** As typed. */
  readonly start: string;
  readonly end: string;
  /** What is measured; null before the first time. */
  readonly asked: IntervalQuery | null;
  /** A person has stopped it. */
  readonly stopped: boolean;
  readonly report: IntervalReport | null;
  /** Why it cannot be measured. */
  readonly failure: Failure | null;
}

export interface Intervals {
  readonly store: StoreApi<IntervalsState>;
  /** Asks until the returned function is called. */
  watch(): () => void;
  setStart(text: string): void;
  setEnd(text: string): void;
  /** Measures what is typed, or goes on. Does nothing while one of both is empty. */
  measure(): void;
  stop(): void;
}

export function createIntervals(bridge: Pick<BoundBridge, 'session'>, later: Later): Intervals {
  const store = createStore<IntervalsState>(() => ({
    ...{ start: '', end: '', asked: null, stopped: false, report: null, failure: null },
  }));
  const polling = createPolling(later, async () => {
    const { asked, stopped, failure } = store.getState();
    if (asked === null || failure !== null) return false;
    const told = await bridge.session.intervals({ ...asked, goOn: !stopped });
    if (store.getState().asked !== asked) return false;
    store.setState(told.ok ? { report: told.value } : { failure: told.failure });
    return told.ok && !stopped && told.value.looked < told.value.total && told.value.failure === null;
  });
  return {
    store,
    watch: polling.watch,
    setStart: (start) => store.setState({ start }),
    setEnd: (end) => store.setState({ end }),
    measure() {
      const { start, end, asked, stopped, failure } = store.getState();
      if (start.trim() === '' || end.trim() === '') return;
      const same = asked !== null && asked.start === start && asked.end === end && failure === null;
      if (same && !stopped) return;
      store.setState(
        same ? { stopped: false } : { asked: { start, end }, stopped: false, report: null, failure: null },
      );
      polling.again();
    },
    stop() {
      store.setState({ stopped: true });
      polling.again();
    },
  };
}
