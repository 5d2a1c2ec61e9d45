/**
 * Brings the table to a time that is looked at elsewhere, for instance in the lanes: the rows in sight become some of it. A
 * table that shows rows of it already stays where it is.
 */
import type { LaneRange } from '../../electron/contract/lanes.ts';
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import type { Result } from '../../native/core/result.ts';
import { clampTop, ROW_PX, visibleRange } from '../model/scroll.ts';
import type { View } from './view.ts';
import { extentOf, type ViewState } from './view-state.ts';

export interface TimeRange {
  /** Where the table was brought last, pixels as in ViewState.top; null before that. */
  readonly placedTop: number | null;
  /** Goes there; of several ranges in quick succession, to the last. */
  show(range: LaneRange): void;
}

export interface TimeRangeDependencies {
  readonly view: View;
  /** A failure leaves the table where it is. */
  readonly locate: (target: LocateTarget) => Promise<Result<Located | null>>;
  /** Resolves once the view shows the result of the current filter. */
  readonly upToDate: () => Promise<void>;
}

/** The times of the first and the last row in sight; null while they are not held. */
export function timesInSight(state: ViewState): LaneRange | null {
  const { from, end } = visibleRange(state.top, extentOf(state));
  const [first, last] = [state.cache.get(from), state.cache.get(end - 1)];
  return first === undefined || last === undefined ? null : { fromNs: first.timeNs, toNs: last.timeNs };
}

export function createTimeRange({ view, locate, upToDate }: TimeRangeDependencies): TimeRange {
  const state = view.store.getState;
  let wanted: LaneRange | null = null;
  let going = false;
  let placedTop: number | null = null;

  async function goTo(range: LaneRange): Promise<void> {
    await upToDate();
    const seen = timesInSight(state());
    if (seen !== null && seen.toNs >= range.fromNs && seen.fromNs < range.toNs) return;
    // What lies behind is moved to as little as what lies before: its last rows come into sight.
    const behind = seen !== null && seen.fromNs >= range.toNs;
    const located = await locate({ timeNs: behind ? range.toNs : range.fromNs });
    if (!located.ok || wanted !== range) return;
    const { end, viewPx } = state();
    const { position = null, nearest = null, generation = state().generation } = located.value ?? {};
    if (generation !== state().generation) return;
    const at = position ?? nearest ?? end;
    placedTop = clampTop(behind ? at * ROW_PX - viewPx : at * ROW_PX, extentOf(state()));
    view.standAt(placedTop);
  }

  async function go(): Promise<void> {
    if (going) return;
    going = true;
    for (let range = wanted; range !== null; range = wanted) {
      await goTo(range);
      if (wanted === range) wanted = null;
    }
    going = false;
  }

  return {
    get placedTop() {
      return placedTop;
    },
    show(range) {
      wanted = range;
      void go();
    },
  };
}
