/**
 * The overview of the whole view, fetched again when the view has changed: one request at a time, with some distance
 * between them.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { type Density, MAX_BUCKETS } from '../../electron/contract/density.ts';
import type { Later } from './filter.ts';
import type { FindState } from './find.ts';
import type { ViewState } from './view-state.ts';

export interface DensityState {
  readonly density: Density | null;
  /** Numbers of matches of the find bar in equal parts of the view; null while none are counted. */
  readonly hits: readonly number[] | null;
  /** The row under the pointer, and its time; null until it is known. */
  readonly pointed: { readonly position: number; readonly timeNs: number } | null;
}

export interface DensityStore {
  readonly store: StoreApi<DensityState>;
  connect(): () => void;
  /** The number of parts that there is room for; 0 while the overview is not shown. */
  setBuckets(buckets: number): void;
  /** The pointer is at a position of the view, whose time is asked for; null: it is elsewhere. */
  point(position: number | null): void;
}

const EVERY_MS = 250;

/** Everything on which an answer depends. */
interface Wanted {
  readonly generation: number;
  readonly first: number;
  readonly end: number;
  readonly buckets: number;
  /** Number of matches counted in this generation. */
  readonly counted: number;
}

function isSame(a: Wanted, b: Wanted): boolean {
  return (
    a.generation === b.generation &&
    a.first === b.first &&
    a.end === b.end &&
    a.buckets === b.buckets &&
    a.counted === b.counted
  );
}

export function createDensity(
  bridge: Pick<BoundBridge, 'view'>,
  view: StoreApi<ViewState>,
  find: StoreApi<FindState>,
  later: Later,
): DensityStore {
  const store = createStore<DensityState>(() => ({ density: null, hits: null, pointed: null }));
  let buckets = 0;
  let resting = false;
  /** What was last requested. */
  let asked: Wanted | null = null;

  function wanted(): Wanted {
    const { generation, first, end } = view.getState();
    const { count } = find.getState();
    return { generation, first, end, buckets, counted: count?.generation === generation ? count.count : 0 };
  }

  async function fetch({ generation, counted }: Wanted): Promise<void> {
    const [density, spread] = await Promise.all([
      bridge.view.density({ buckets }),
      counted > 0 ? bridge.view.findSpread({ generation, buckets }) : null,
    ]);
    store.setState({ density, hits: spread?.ok ? spread.value.counts : null });
  }

  /** Where the pointer is, and whether a row is being asked for: the last of several places counts. */
  let at: number | null = null;
  let asking = false;
  async function askTime(): Promise<void> {
    if (asking || at === null || store.getState().pointed?.position === at) return;
    const position = at;
    asking = true;
    const { generation } = view.getState();
    const { rows } = await bridge.view.rows({ generation, first: position, count: 1 });
    asking = false;
    const timeNs = rows[0]?.timeNs;
    if (timeNs !== undefined) store.setState({ pointed: { position, timeNs } });
    if (at !== position) void askTime();
  }

  function ask(): void {
    if (resting || buckets === 0) return;
    const now = wanted();
    if (asked && isSame(asked, now)) return;
    asked = now;
    resting = true;
    fetch(now).finally(() =>
      later(() => {
        resting = false;
        ask();
      }, EVERY_MS),
    );
  }

  return {
    store,
    connect() {
      const ends = [view.subscribe(ask), find.subscribe(ask)];
      return () => {
        for (const end of ends) end();
      };
    },
    point(position) {
      at = position;
      if (position === null) store.setState({ pointed: null });
      void askTime();
    },
    setBuckets(wanted) {
      buckets = Math.min(wanted, MAX_BUCKETS);
      ask();
    },
  };
}
