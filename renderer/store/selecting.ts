/** Selecting rows beside those that are selected, as Ctrl does, with the mouse and the keys. */
import { MOST_PARTS, type PositionRange } from '../../electron/contract/output.ts';
import { ROW_PX, revealTop } from '../model/scroll.ts';
import {
  addTo,
  type End,
  moveFocus,
  type Selection,
  selectedRange,
  selectedSpans,
  standAt,
  toggleAt,
} from '../model/selection.ts';
import type { View } from './view.ts';
import { extentOf } from './view-state.ts';

export interface Selecting {
  /** Adds the row at a position to what is selected, or takes it away. */
  toggleAt(position: number): void;
  /** As `toggleAt`, where the keys stand. */
  toggle(): void;
  /** Selects the rows from the anchor to a position, beside what else is selected. */
  addTo(position: number): void;
  all(): void;
  /** The selected positions; null if there are none. */
  range(): PositionRange | null;
  /** Where moving by `rows` brings the focus; null if there are no rows. */
  moved(rows: number): number | null;
  /** Moves the focus; `stand` leaves what is selected as it is, `add` selects the rows from the anchor on beside it. */
  step(rows: number, how: 'stand' | 'add'): void;
}

export function createSelecting(
  view: Pick<View, 'store' | 'select' | 'selectAt' | 'setFollow'>,
  say: (words: string) => void,
): Selecting {
  const state = view.store.getState;

  const endAt = (position: number): End => ({ position, row: state().cache.get(position)?.row ?? null });

  /** Selects, if that is possible; in sight of it if asked for, otherwise the table stays. */
  function take(selection: Selection | null, reveal: boolean): void {
    if (selection === null) {
      say(`At most ${MOST_PARTS} separate ranges of rows can be selected.`);
      return;
    }
    // A row that somebody wants to read must not scroll away.
    if (state().follow) view.setFollow(false);
    if (!reveal) view.select(selection);
    else view.selectAt(selection, revealTop(state().top, selection.focus.position, extentOf(state())));
  }

  function moved(rows: number): number | null {
    const { first, end, top, follow, selection } = state();
    return moveFocus(selection, rows, { first, end, start: follow ? end - 1 : Math.ceil(top / ROW_PX) });
  }

  return {
    moved,
    range() {
      const { selection, generation } = state();
      const spans = selectedSpans(selection);
      if (selection === null || spans.length === 0) return null;
      return { generation, ...selectedRange(selection), ...(spans.length > 1 ? { parts: spans } : {}) };
    },
    all() {
      const { first, end } = state();
      if (end > first) view.select({ anchor: endAt(first), focus: endAt(end - 1) });
    },
    toggleAt: (position) => take(toggleAt(state().selection, endAt(position)), false),
    toggle() {
      const position = moved(0);
      if (position !== null) take(toggleAt(state().selection, endAt(position)), true);
    },
    addTo: (position) => take(addTo(state().selection, endAt(position)), false),
    step(rows, how) {
      const position = moved(rows);
      if (position !== null) take((how === 'add' ? addTo : standAt)(state().selection, endAt(position)), true);
    },
  };
}
