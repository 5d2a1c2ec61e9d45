/** The state of the rows on the screen. */
import type { StoreApi } from 'zustand/vanilla';
import type { ViewUpdate } from '../../electron/contract/rows.ts';
import type { SeenColumns } from '../model/columns.ts';
import type { RowCache } from '../model/row-cache.ts';
import { type Extent, visibleRange } from '../model/scroll.ts';
import type { Selection } from '../model/selection.ts';

/** The parts of an update that are shown unchanged. */
export type Pushed = Omit<ViewUpdate, 'sequence' | 'tail' | 'readsFromStart'>;

export interface ViewState extends Pushed {
  /** The rows held of the generation shown. The object is modified in place; `version` changes when it is. */
  readonly cache: RowCache;
  readonly version: number;
  /** Pixels from position 0 to the upper edge of the table. */
  readonly top: number;
  readonly viewPx: number;
  readonly follow: boolean;
  readonly selection: Selection | null;
  readonly seen: SeenColumns;
}

export function extentOf(state: Pick<ViewState, 'first' | 'end' | 'viewPx'>): Extent {
  return { first: state.first, end: state.end, viewPx: state.viewPx };
}

/** The selected position that keys go on from; null without a selection and where it was scrolled out of sight: nobody thinks of it then. */
export function focusInSight(state: Pick<ViewState, 'selection' | 'top' | 'first' | 'end' | 'viewPx'>): number | null {
  const position = state.selection?.focus.position;
  if (position === undefined || state.viewPx === 0) return position ?? null;
  const { from, end } = visibleRange(state.top, extentOf(state));
  return position >= from && position < end ? position : null;
}

/** An update without the parts that are not shown. */
export function pushedOf(update: ViewUpdate): Pushed {
  const { sequence: _sequence, tail: _tail, readsFromStart: _start, ...pushed } = update;
  return pushed;
}

/** Before anything was told. */
export const EMPTY: Pushed = {
  generation: -1,
  epoch: 0,
  first: 0,
  end: 0,
  matchedEntries: 0,
  contextEntries: 0,
  searchedEntries: 0,
  sessionRows: 0,
  sessionEntries: 0,
  scan: null,
  stopped: null,
  paused: false,
  heldBack: 0,
};

/** Resolves once this generation is shown, or a later one. */
export function whenReached(view: StoreApi<ViewState>, generation: number): Promise<void> {
  return new Promise((resolve) => {
    if (view.getState().generation >= generation) {
      resolve();
      return;
    }
    const end = view.subscribe((state) => {
      if (state.generation < generation) return;
      end();
      resolve();
    });
  });
}
