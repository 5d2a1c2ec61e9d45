/** How far a filter has got, in words a person wants: none while it merely keeps up with the rows that arrive. */
import type { ViewUpdate } from '../../electron/contract/rows.ts';

/** A filter this close behind the newest row has covered all there was to look at. */
const KEEPS_UP_SHARE = 0.99;
const KEEPS_UP_ROWS = 100_000;

/** Whole percent of the rows the filter was applied to; null if there is nothing to wait for. */
export function scanPercent({ scan, stopped }: Pick<ViewUpdate, 'scan' | 'stopped'>): number | null {
  if (scan === null || scan.total <= 0) return null;
  const { done, total } = scan;
  const near = done / total >= KEEPS_UP_SHARE && total - done <= KEEPS_UP_ROWS;
  return near && stopped === null ? null : Math.floor((done / total) * 100);
}

/** Rows that a filter which stopped has not looked at; 0 if it did not stop. */
export function rowsLeftOut({ scan, stopped }: Pick<ViewUpdate, 'scan' | 'stopped'>): number {
  return stopped === null || scan === null ? 0 : scan.total - scan.done;
}
