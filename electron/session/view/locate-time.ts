/**
 * Finds a row by its time. Rows lie in the order of their indices, which is not that of their times: late rows, and rows
 * of CPUs whose clocks differ, lie a little out of order. Segments are ruled out by their bounds, never by order.
 */
import type { SessionStore } from '../store/store.ts';
import type { LogView } from './view.ts';

/** Rows of the store at positions, in their order: those a view shows, or all of them. */
export type RowList = Pick<LogView, 'first' | 'end' | 'rowAt'>;

/** Position of the row of a list with the smallest time at or after `timeNs`, the first of equal ones; null if there is none. */
export function locateTime(
  list: RowList & Pick<LogView, 'survey'>,
  store: SessionStore,
  timeNs: number,
): number | null {
  const { first, end } = list;
  let best = Infinity;
  let found: number | null = null;
  // A copy: reading rows back may drop others.
  for (const { firstRow, count, minNs, maxNs } of [...list.survey.segments()]) {
    if (maxNs < timeNs || minNs >= best) continue;
    const begin = positionFrom(list, firstRow, first, end);
    const until = positionFrom(list, firstRow + count, begin, end);
    const segment = begin < until ? store.segmentOf(firstRow) : null;
    if (segment === null) continue;
    for (let position = begin; position < until; position++) {
      const time = segment.timeNs[list.rowAt(position) - firstRow] as number;
      if (time < timeNs || time >= best) continue;
      best = time;
      found = position;
    }
    if (best === timeNs) return found;
  }
  return found;
}

/** First of the positions `low..high` whose row is not below `row`; `high` if there is none. */
export function positionFrom(list: RowList, row: number, low: number, high: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (list.rowAt(middle) < row) from = middle + 1;
    else to = middle;
  }
  return from;
}
