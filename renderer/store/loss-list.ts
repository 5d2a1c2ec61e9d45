/**
 * The losses among the rows shown, listed while somebody looks at the list: asked for again when rows have come or the
 * view has changed, one request at a time, with some distance between them.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { type FoundLoss, MOST_LOSSES } from '../../electron/contract/loss.ts';
import type { Later } from './filter.ts';
import type { ViewState } from './view-state.ts';

export interface LossListState {
  /** In the order of the log; the newest of them where there are very many. */
  readonly losses: readonly FoundLoss[];
  /** So many older ones are not listed. */
  readonly older: number;
  /** All rows that were there at some time have been looked at. */
  readonly counted: boolean;
}

export interface LossList {
  readonly store: StoreApi<LossListState>;
  /** Keeps the list up to date until what it returns is called. */
  watch(): () => void;
}

/** More are not listed: nobody reads them one by one. */
export const MOST_LISTED = 500;
const EVERY_MS = 500;
const NONE: LossListState = { losses: [], older: 0, counted: false };

type Seen = Pick<ViewState, 'generation' | 'first' | 'end'>;

export function createLossList(bridge: Pick<BoundBridge, 'view'>, view: StoreApi<ViewState>, later: Later): LossList {
  const store = createStore<LossListState>(() => NONE);
  let watchers = 0;
  let resting = false;
  /** The rows that the list is of. */
  let listed: Seen | null = null;

  /** Rows came behind those that were listed: what was found there stays, but for the last, which may go on. */
  function kept({ generation, first }: Seen): Pick<LossListState, 'losses' | 'older'> {
    if (listed === null || listed.generation !== generation || listed.first !== first) return NONE;
    const { losses, older } = store.getState();
    return { losses: losses.slice(0, -1), older };
  }

  async function list(now: Seen): Promise<void> {
    const { generation, first, end } = now;
    let { losses, older } = kept(now);
    for (const most = MOST_LOSSES; ; ) {
      const found = await bridge.view.losses({ generation, from: losses.at(-1)?.last ?? -1, most });
      // The view has changed, and says so in a moment.
      if (!found.ok) return;
      const all = [...losses, ...found.value];
      losses = all.slice(-MOST_LISTED);
      older += all.length - losses.length;
      if (found.value.length < most) break;
    }
    listed = { generation, first, end };
    store.setState({ losses, older, counted: true });
  }

  function ask(): void {
    if (resting || watchers === 0) return;
    const { generation, first, end } = view.getState();
    if (generation < 0) return;
    if (listed !== null && listed.generation === generation && listed.first === first && listed.end === end) return;
    resting = true;
    void list({ generation, first, end }).finally(() =>
      later(() => {
        resting = false;
        ask();
      }, EVERY_MS),
    );
  }

  return {
    store,
    watch() {
      watchers++;
      const end = view.subscribe(ask);
      ask();
      return () => {
        watchers--;
        end();
      };
    },
  };
}
