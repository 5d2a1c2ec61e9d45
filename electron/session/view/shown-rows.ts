/**
 * Which rows of a store a view shows, and at which positions: all of them (all-rows.ts), or those that match a filter
 * (matched-rows.ts). Positions only increase, and each means the same row for the life of the object.
 */
import type { Failure } from '../../../native/core/result.ts';
import type { Buckets, Region } from '../store/density.ts';
import type { Slice } from '../store/slice.ts';

/** The moment at which a view was paused: rows from `row` on are held back. */
export interface PausePoint {
  readonly row: number;
  /** Entries appended to the store before it was paused. */
  readonly totalEntries: number;
}

/** How far something has got. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface ShownRows {
  /** Position of the oldest row kept. */
  readonly first: number;
  /** One above the newest position shown; does not change while paused. */
  readonly end: number;
  /** Entries among the rows shown, without those that are only near a match. */
  readonly entries: number;
  /** Entries that are shown because they are near a match. */
  readonly contextEntries: number;
  /** Entries that would be shown now if the view were not paused. */
  readonly heldBack: number;
  /**
   * Rows of the store from this one on are not shown yet: the filter has not reached them, or they came while paused.
   */
  readonly reachedRow: number;
  /** How far the filter has got; null once it has covered every row that is to be shown. */
  readonly scan: Progress | null;
  /** Why the filter stopped where `scan` says; null if it did not stop. */
  readonly stopped: Failure | null;
  /** Bytes of memory outside the store. */
  readonly memoryBytes: number;
  /** The row number at a position from `first` to `end - 1`. */
  rowAt(position: number): number;
  /** True if the row at a position is shown because it is near a match. */
  isContext(position: number): boolean;
  /** Position of a row; null if it is not among those shown. */
  locate(row: number): number | null;
  /** How errors, warnings and losses are spread over positions `first..end-1`; see `DensityTally.buckets`. */
  buckets(first: number, end: number, most: number): Buckets;
  /** Where the next loss marker may be from a position on, or the last up to it; see `DensityTally.gapRegion`. */
  lossRegion(position: number, forward: boolean): Region | null;
  /** One above the last of the positions from `position` on, below `stop`, whose rows are below `row`. */
  endBelow(position: number, stop: number, row: number): number;
  /** The first of the positions up to `position`, not below `stop`, whose rows are not below `row`. */
  startFrom(position: number, stop: number, row: number): number;
  /** Applies the filter to rows it has not seen until the slice is spent. True if there is more to do at once. */
  advance(slice: Slice): boolean;
  /** Stops the filter where it is, for this reason, until `resumeScan`. */
  stopScan(why: Failure): void;
  resumeScan(): void;
  /** Keeps the end of the view where it is; with null, lets it continue. */
  setPause(at: PausePoint | null): void;
  /** Called when rows below this one were dropped from the store. */
  rowsDropped(oldestRow: number): void;
  /** Cancels what is running and releases the memory. */
  close(): void;
}
