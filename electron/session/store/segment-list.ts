/**
 * The segments that a store keeps, oldest first, and which of them holds a row. Archived ones come first: those read back
 * stay where they are.
 */
import type { ArchiveHandle } from './archive.ts';
import { type Archived, type Held, isArchived } from './held-segment.ts';
import type { RowsSummary } from './rows-summary.ts';
import type { Segment } from './segment.ts';

export class SegmentList {
  private list: Held[] = [];
  /** How many, from the first, are archived. */
  private archivedCount = 0;
  private archivedRowCount = 0;
  /** Where the row was that was asked for last: the next one mostly lies there too. */
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
  /** The oldest that is not archived. There has to be one. */
  get oldestInMemory(): Segment {
    return this.list[this.archivedCount] as Segment;
  }
  /** The one that rows are appended to, undefined before the first. The newest segments are never archived. */
  get newest(): Segment | undefined {
    return this.inMemory > 0 ? (this.list.at(-1) as Segment) : undefined;
  }
  /** Bytes of the segments that are not archived. */
  get memoryBytes(): number {
    let bytes = 0;
    for (let i = this.archivedCount; i < this.list.length; i++) bytes += (this.list[i] as Segment).columnBytes;
    return bytes;
  }

  /** The segment that holds a row, which has to be kept. */
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

  /** Appends rows that lie in the archive already. Nothing in memory may be there. */
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

  /** The oldest segment in memory lies in the archive from now on. */
  archiveOldest(handle: ArchiveHandle): void {
    const { firstRow, count, minIndex, maxIndex, counts } = this.oldestInMemory;
    this.addArchived({ handle, tally: counts.tally(), firstRow, count, minIndex, maxIndex, loaded: null });
  }

  /** Removes the oldest, of which there has to be one. */
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
