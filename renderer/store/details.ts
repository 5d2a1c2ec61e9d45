/** Everything about the row at the selection's focus, fetched while the details are shown. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { RowDetails } from '../../electron/contract/rows.ts';

export interface DetailsState {
  /** The requested row; null if none. */
  readonly row: number | null;
  /** Those of the previous row until the new ones arrive, so that the pane does not flicker while the focus moves. */
  readonly details: RowDetails | null;
  /** True if the session no longer holds the row. */
  readonly gone: boolean;
}

export interface Details {
  readonly store: StoreApi<DetailsState>;
  /** Shows a row, or nothing. Only one request is under way at a time, and then the newest wish is requested. */
  show(row: number | null): void;
}

export function createDetails(bridge: Pick<BoundBridge, 'view'>): Details {
  const store = createStore<DetailsState>(() => ({ row: null, details: null, gone: false }));
  let busy = false;

  async function fetchWanted(): Promise<void> {
    if (busy) return;
    busy = true;
    for (;;) {
      const wanted = store.getState().row;
      if (wanted === null) break;
      const details = await bridge.view.details({ row: wanted });
      if (store.getState().row !== wanted) continue;
      store.setState({ details, gone: details === null });
      break;
    }
    busy = false;
  }

  return {
    store,
    show(row) {
      if (row === store.getState().row) return;
      store.setState(row === null ? { row, details: null, gone: false } : { row, gone: false });
      void fetchWanted();
    },
  };
}
