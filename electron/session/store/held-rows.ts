/**
 * Rows that stay readable though their store was cleared: whoever has not read them yet holds their segments, which nobody
 * reuses after a clear. Rows that are not in memory at that time are not among them.
 */
import { isArchived } from './held-segment.ts';
import type { Segment } from './segment.ts';
import type { ReadRows, SessionStore } from './store.ts';

export class HeldRows implements ReadRows {
  readonly epoch: number;
  readonly firstRow: number;
  readonly endRow: number;
  readonly bytes: number;
  private readonly segments: readonly Segment[];

  private constructor(store: SessionStore, segments: readonly Segment[], bytes: number) {
    this.epoch = store.epoch;
    this.endRow = store.endRow;
    this.firstRow = segments[0]?.firstRow ?? store.endRow;
    this.segments = segments;
    this.bytes = bytes;
  }

  /**
   * The rows from `row` on, to be asked for while the store is about to be cleared: the newest of them, at most one segment
   * more than `mostBytes` have room for, and none where that is 0.
   */
  static of(store: SessionStore, row: number, mostBytes: number): HeldRows {
    const segments: Segment[] = [];
    let bytes = 0;
    for (const held of store.held.toReversed()) {
      if (isArchived(held) || held.firstRow + held.count <= row) break;
      if (bytes >= mostBytes) break;
      bytes += held.totalBytes;
      segments.unshift(held);
    }
    return new HeldRows(store, segments, bytes);
  }

  segmentOf(row: number): Segment | null {
    return this.segments.find(({ firstRow, count }) => row >= firstRow && row < firstRow + count) ?? null;
  }

  /** Nobody reuses these segments. */
  pin(): void {}
  unpin(): void {}
}
