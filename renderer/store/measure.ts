/**
 * Measuring in one view: the row that others are measured from, and the times of the rows at the two ends of the
 * selection, which may be far from those on the screen.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { ViewState as Told } from '../../electron/contract/page-state.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { formatCount } from '../model/format.ts';
import { selectedCount, selectedRange } from '../model/selection.ts';
import type { Reference } from '../model/time-columns.ts';
import type { View } from './view.ts';
import type { ViewState } from './view-state.ts';

/** The two ends of a selection, by their positions in a generation. */
export interface SelectedEnds {
  readonly generation: number;
  readonly first: number;
  readonly last: number;
  readonly firstRow: number;
  readonly firstNs: number;
  readonly lastNs: number;
}

export interface MeasureState {
  readonly reference: Reference | null;
  /** Whether the column of deltas is measured from the reference. */
  readonly fromReference: boolean;
  /** Of the selection; null without one, and until its rows are here. */
  readonly ends: SelectedEnds | null;
}

export interface Measure {
  readonly store: StoreApi<MeasureState>;
  /** Follows the view; returns a function that ends this. */
  connect(): () => void;
  /** Measures from the selected row; no longer, if it is the one measured from. */
  toggle(): Promise<void>;
  clear(): void;
  /** The row at a position of what is shown, asked for if it is not here; undefined if it is not to be had. */
  rowAt(position: number): Promise<LogRow | undefined>;
  /** Whether the column of deltas is measured from the reference. */
  setFromReference(from: boolean): void;
  /** Takes over what the page before this one measured from. */
  restore(told: NonNullable<Told['reference']>): void;
}

export function createMeasure(
  bridge: Pick<BoundBridge, 'view'>,
  view: Pick<View, 'store'>,
  tell: (words: string) => void,
): Measure {
  const store = createStore<MeasureState>(() => ({ reference: null, fromReference: false, ends: null }));
  let fetching = false;

  async function rowAt(position: number): Promise<LogRow | undefined> {
    const { cache, generation } = view.store.getState();
    const held = cache.get(position);
    if (held !== undefined) return held;
    const reply = await bridge.view.rows({ generation, first: position, count: 1 });
    return reply.generation === generation && reply.first === position ? reply.rows[0] : undefined;
  }

  /** The ends of the selection from rows that are here; undefined while they are not. */
  function heldEnds({ selection, generation, cache }: ViewState): SelectedEnds | null | undefined {
    if (selection === null || selectedCount(selection) === 0) return null;
    const { first, last } = selectedRange(selection);
    const now = store.getState().ends;
    if (now !== null && now.generation === generation && now.first === first && now.last === last) return now;
    const [from, to] = [cache.get(first), cache.get(last)];
    if (from === undefined || to === undefined) return undefined;
    return endsOf(generation, first, last, from, to);
  }

  /** One request at a time, for the newest selection. */
  async function fetchEnds(): Promise<void> {
    if (fetching) return;
    fetching = true;
    try {
      for (;;) {
        const state = view.store.getState();
        if (heldEnds(state) !== undefined || state.selection === null) break;
        const { first, last } = selectedRange(state.selection);
        const [from, to] = [await rowAt(first), await rowAt(last)];
        // What changes next asks again.
        if (from === undefined || to === undefined) break;
        const { generation, selection } = view.store.getState();
        if (generation !== state.generation || selection !== state.selection) continue;
        store.setState({ ends: endsOf(generation, first, last, from, to) });
        break;
      }
    } finally {
      fetching = false;
    }
  }

  function look(state: ViewState): void {
    const ends = heldEnds(state);
    if (ends === undefined) {
      if (store.getState().ends !== null) store.setState({ ends: null });
      void fetchEnds();
    } else if (ends !== store.getState().ends) store.setState({ ends });
  }

  function clear(): void {
    store.setState({ reference: null, fromReference: false });
  }

  return {
    store,
    clear,
    rowAt,
    connect() {
      look(view.store.getState());
      return view.store.subscribe((next, before) => {
        const { reference } = store.getState();
        // After a clear of the session other rows have the numbers.
        if (reference !== null && next.generation >= 0 && reference.epoch !== next.epoch) clear();
        if (next.selection !== before.selection || next.generation !== before.generation) look(next);
        else if (next.version !== before.version && store.getState().ends === null) look(next);
      });
    },
    async toggle() {
      const { selection, epoch } = view.store.getState();
      if (selection === null) {
        tell('Select a row first: it is the one that others are measured from.');
        return;
      }
      const row = await rowAt(selection.focus.position);
      if (row === undefined) return;
      if (store.getState().reference?.row === row.row) {
        clear();
        tell('Nothing is measured from that row any more.');
        return;
      }
      const reference = { row: row.row, index: row.index, timeNs: row.timeNs, epoch };
      store.setState({ reference, fromReference: true });
      tell(`Times are measured from record ${formatCount(row.index)}.`);
    },
    setFromReference: (fromReference) => store.setState({ fromReference }),
    restore({ row, index, timeNs, epoch, used }) {
      store.setState({ reference: { row, index, timeNs, epoch }, fromReference: used });
    },
  };
}

function endsOf(generation: number, first: number, last: number, from: LogRow, to: LogRow): SelectedEnds {
  return { generation, first, last, firstRow: from.row, firstNs: from.timeNs, lastNs: to.timeNs };
}
