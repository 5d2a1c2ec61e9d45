/** CPU lanes, asked for again and again while they are looked at, and the part of the log that they show. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { LaneRange, LaneReport } from '../../electron/contract/lanes.ts';
import { movedRange, rangeAround, zoomedRange } from '../model/lanes.ts';
import type { Later } from './filter.ts';
import { createPolling } from './polling.ts';

export interface LanesState {
  /** Null: all of the log, as it grows. */
  readonly range: LaneRange | null;
  /** Of the range, or of the one before it until the answer is here; null until the first answer. */
  readonly report: LaneReport | null;
}

export interface Lanes {
  readonly store: StoreApi<LanesState>;
  /** Asks until the returned function is called. */
  watch(): () => void;
  /** Shows `factor` times as much time around a share of what is shown, 0..1. */
  zoom(factor: number, share: number): void;
  /** Shows what lies by a share of what is shown further on. */
  move(share: number): void;
  showAll(): void;
  /** Shows as much time as before around rows that a person has brought into sight, unless some of them are shown. */
  keepInSight(rows: LaneRange): void;
}

/** While rows arrive, the last of them are not counted yet. */
const ENOUGH = 0.98;

/** `moved`: called with the time that is shown when a person has chosen it. */
export function createLanes(
  bridge: Pick<BoundBridge, 'session'>,
  later: Later,
  moved: (range: LaneRange) => void = () => {},
): Lanes {
  const store = createStore<LanesState>(() => ({ range: null, report: null }));
  /** The part that the report is about. */
  let told: LaneRange | null = null;
  const polling = createPolling(later, async () => {
    const { range } = store.getState();
    const report = await bridge.session.lanes({ range });
    const { range: wanted, report: before } = store.getState();
    if (wanted !== range) return true;
    // What was counted of another part is drawn in its place until nearly all of this one is.
    if (before === null || told === range || report.looked >= report.total * ENOUGH) {
      told = range;
      store.setState({ report });
    }
    return report.looked < report.total;
  });

  function show(range: LaneRange | null): void {
    store.setState({ range });
    polling.again();
  }

  function choose(range: LaneRange | null): void {
    show(range);
    if (range !== null) moved(range);
  }

  return {
    store,
    watch: polling.watch,
    zoom(factor, share) {
      const { range, report } = store.getState();
      if (report !== null) choose(zoomedRange(range, report, factor, share));
    },
    move(share) {
      const { range, report } = store.getState();
      if (report !== null && range !== null) choose(movedRange(range, report, share));
    },
    showAll: () => show(null),
    keepInSight(rows) {
      const { range, report } = store.getState();
      const isShown = range === null || (rows.toNs >= range.fromNs && rows.fromNs < range.toNs);
      if (report !== null && !isShown) show(rangeAround(range, rows, report));
    },
  };
}
