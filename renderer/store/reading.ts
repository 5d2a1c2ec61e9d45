/** How far long messages of a view are moved to the left, which match is to be brought into sight by that, and which columns there are. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { isShownColumn, type ShownColumn } from '../../electron/contract/output.ts';

export interface ReadingState {
  /** Characters by which long messages are moved to the left. */
  readonly shift: number;
  /** Position of the row whose match is still to be brought into sight; null for none. */
  readonly matchAt: number | null;
}

export interface Reading {
  readonly store: StoreApi<ReadingState>;
  /** Moves messages sideways, not farther than until the longest row ends. */
  setShift(shift: number): void;
  /** Restores the move of the page before this one, without a limit, because no table can tell one yet. */
  restoreShift(shift: number): void;
  /** Sets the function that tells how far messages can be moved at present; returns a function that removes it. */
  limitShift(limit: () => number): () => void;
  /** Brings the match of a row into sight as soon as it is drawn. */
  seekMatch(position: number | null): void;
  /** The table says which columns it shows, in their order. */
  setColumns(ids: readonly string[]): void;
  /** Those of them that can be copied; null before a table has said so. */
  columns(): readonly ShownColumn[] | null;
}

export function createReading(): Reading {
  const store = createStore<ReadingState>(() => ({ shift: 0, matchAt: null }));
  /** While there is no table, messages cannot be moved. */
  let shiftLimit = () => 0;
  let columns: readonly ShownColumn[] | null = null;
  return {
    store,
    setShift(wanted) {
      const { shift } = store.getState();
      const limit = Math.max(0, shiftLimit());
      // Other rows may have come into sight since. If they allow less than the present move, pressing Right does not
      // move back.
      const most = wanted > shift ? Math.max(shift, limit) : limit;
      store.setState({ shift: Math.max(0, Math.min(wanted, most)), matchAt: null });
    },
    restoreShift: (shift) => store.setState({ shift, matchAt: null }),
    limitShift(limit) {
      shiftLimit = limit;
      return () => {
        shiftLimit = () => 0;
      };
    },
    seekMatch: (matchAt) => store.setState({ matchAt }),
    setColumns(ids) {
      columns = ids.filter(isShownColumn);
    },
    columns: () => columns,
  };
}
