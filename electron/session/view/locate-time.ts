/**
 * Finds a row by its time. Rows are sorted by index and not quite by time: late rows, and rows of CPUs whose clocks
 * differ, lie a little out of order. So segments are excluded by their bounds, and the others are searched row by row.
 */
import type { SessionStore } from '../store/store.ts';
import type { LogView } from './view.ts';

/** Rows of the store by position: those that a view shows, or all of them. */
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
  // Iterates over a copy, because reading rows back may drop others.
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

/** The first of positions `low..high` whose row number is not below `row`; `high` if there is none. */
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
