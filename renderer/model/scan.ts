/** How far a filter has got, as it is shown to people. Nothing is shown while it merely keeps up with arriving rows. */
import type { ViewUpdate } from '../../electron/contract/rows.ts';

/** A filter that has covered this share of the rows, and lacks at most so many, counts as keeping up with new ones. */
const KEEPS_UP_SHARE = 0.99;
const KEEPS_UP_ROWS = 100_000;

/** Whole percent of the rows to which the filter was applied, rounded down; null if there is nothing to wait for. */
export function scanPercent({ scan, stopped }: Pick<ViewUpdate, 'scan' | 'stopped'>): number | null {
  if (scan === null || scan.total <= 0) return null;
  const { done, total } = scan;
  const near = done / total >= KEEPS_UP_SHARE && total - done <= KEEPS_UP_ROWS;
  return near && stopped === null ? null : Math.floor((done / total) * 100);
}

/** Rows that a stopped filter has not covered; 0 if it was not stopped. */
export function rowsLeftOut({ scan, stopped }: Pick<ViewUpdate, 'scan' | 'stopped'>): number {
  return stopped === null || scan === null ? 0 : scan.total - scan.done;
}
