/** The time of the row before the one a scan goes on with, for filters that ask how long after another a row came. */
import type { Segment } from '../store/segment.ts';
import type { ReadRows } from '../store/store.ts';

export class TimeBefore {
  private row = -1;
  private ns = Number.NaN;

  /** The scan goes beyond this row of a segment. */
  passed(segment: Segment, offset: number): void {
    this.row = segment.firstRow + offset;
    this.ns = segment.timeNs[offset] as number;
  }

  /**
   * Time of the row before `row`; NaN where none is kept. Rows that the scan did not pass are looked up in the store,
   * which may take a segment out of memory: ask before asking for the row's own.
   */
  of(store: ReadRows, row: number): number {
    if (row - 1 !== this.row) {
      const before = row - 1 < store.firstRow ? null : store.segmentOf(row - 1);
      this.row = row - 1;
      this.ns = before === null ? Number.NaN : (before.timeNs[row - 1 - before.firstRow] as number);
    }
    return this.ns;
  }
}
