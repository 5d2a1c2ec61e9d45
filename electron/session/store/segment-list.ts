/**
 * The segments that a store keeps, oldest first, and the search for the one that holds a row. Archived segments come
 * first; reading one back does not move it.
 */
import type { ArchiveHandle } from './archive.ts';
import { type Archived, type Held, isArchived } from './held-segment.ts';
import type { RowsSummary } from './rows-summary.ts';
import type { Segment } from './segment.ts';

export class SegmentList {
  private list: Held[] = [];
  /** How many segments are archived; they are the first ones. */
  private archivedCount = 0;
  private archivedRowCount = 0;
  /** Where the last requested row was found; the next request is mostly for the same segment. */
  private lastFound = 0;

  get held(): readonly Held[] {
    return this.list;
  }
  get length(): number {
    return this.list.length;
  }
  /** Segments that are archived. */
  get archived(): number {
    return this.archivedCount;
  }
  get archivedRows(): number {
    return this.archivedRowCount;
  }
  /** Segments that are not archived. */
  get inMemory(): number {
    return this.list.length - this.archivedCount;
  }
  get oldest(): Held | undefined {
    return this.list[0];
  }
  /** The oldest segment that is not archived; there must be one. */
  get oldestInMemory(): Segment {
    return this.list[this.archivedCount] as Segment;
  }
  /** The segment to which rows are appended, undefined before the first. The newest segments are never archived. */
  get newest(): Segment | undefined {
    return this.inMemory > 0 ? (this.list.at(-1) as Segment) : undefined;
  }
  /** Bytes of the segments that are not archived. */
  get memoryBytes(): number {
    let bytes = 0;
    for (let i = this.archivedCount; i < this.list.length; i++) bytes += (this.list[i] as Segment).columnBytes;
    return bytes;
  }

  /** The segment that holds a row; the row must be kept. */
  holding(row: number): Held {
    const last = this.list[this.lastFound];
    if (last !== undefined && row >= last.firstRow && row < last.firstRow + last.count) return last;
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.list[middle] as Held).firstRow <= row) low = middle;
      else high = middle - 1;
    }
    this.lastFound = low;
    return this.list[low] as Held;
  }

  push(segment: Segment): void {
    this.list.push(segment);
  }

  /** Appends rows that are in the archive already. There must be no segments in memory. */
  adopt(handle: ArchiveHandle, summary: RowsSummary, firstRow: number): void {
    const { minIndex, maxIndex } = summary;
    this.addArchived({
      handle,
      summary,
      tally: summary,
      firstRow,
      count: handle.rows,
      minIndex,
      maxIndex,
      loaded: null,
    });
  }

  /** Marks the oldest segment in memory as archived. */
  archiveOldest(handle: ArchiveHandle): void {
    const { firstRow, count, minIndex, maxIndex, counts } = this.oldestInMemory;
    this.addArchived({ handle, tally: counts.tally(), firstRow, count, minIndex, maxIndex, loaded: null });
  }

  /** Removes the oldest segment; there must be one. */
  takeOldest(): Held {
    const held = this.list.shift() as Held;
    this.lastFound = 0;
    if (isArchived(held)) {
      this.archivedCount--;
      this.archivedRowCount -= held.count;
    }
    return held;
  }

  clear(): void {
    this.list = [];
    this.archivedCount = 0;
    this.archivedRowCount = 0;
    this.lastFound = 0;
  }

  private addArchived(archived: Archived): void {
    this.list[this.archivedCount++] = archived;
    this.archivedRowCount += archived.count;
  }
}
