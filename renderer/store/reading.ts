/** How far long messages of a view are moved to the left, and which match is to be brought into sight that way. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ReadingState {
  /** Characters long messages are moved to the left. */
  readonly shift: number;
  /** Position of the row whose match is still to be brought into sight sideways; null for none. */
  readonly matchAt: number | null;
}

export interface Reading {
  readonly store: StoreApi<ReadingState>;
  /** Moves messages sideways: to the right no farther than to where the longest row ends. */
  setShift(shift: number): void;
  /** As the page before this one had it; no table says yet how far is too far. */
  restoreShift(shift: number): void;
  /** `limit` says how far messages can be moved to the left for now; returns how to end that. */
  limitShift(limit: () => number): () => void;
  /** Brings the match of a row into sight as soon as it is drawn. */
  seekMatch(position: number | null): void;
}

export function createReading(): Reading {
  const store = createStore<ReadingState>(() => ({ shift: 0, matchAt: null }));
  /** Nothing can be moved while no table is there to say how far. */
  let shiftLimit = () => 0;
  return {
    store,
    setShift(wanted) {
      const { shift } = store.getState();
      const limit = Math.max(0, shiftLimit());
      // Other rows may have come into sight since: nobody is moved back for pressing forward.
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
  };
}
