/** The options of a store, and what it reports to its observers. */
import type { Failure } from '../../../native/core/result.ts';
import type { RetentionPolicy } from '../../contract/retention.ts';
import type { SegmentArchive } from './archive.ts';

export interface StoreOptions {
  /**
   * Bytes that the kept rows may use, including `reserve`d ones. At least two segments are always kept, so a cap below
   * about four times `segmentBytes` may be exceeded by that much.
   */
  readonly memoryCapBytes: number;
  /** Rows of a full segment. */
  readonly segmentRows?: number;
  /** A segment is closed early once its payloads take this many bytes, so that eviction proceeds in small steps. */
  readonly segmentBytes?: number;
  /** Bytes of an arena chunk, a power of two, at most 2^24. */
  readonly chunkBytes?: number;
  /** Where segments go when memory has no more room; without it they are dropped. */
  readonly archive?: SegmentArchive;
  readonly policy?: RetentionPolicy;
  /** Called with the first failure of the archive after the start or after a clear. */
  readonly onArchiveFailure?: (failure: Failure) => void;
}

export const DEFAULT_SIZES = { segmentRows: 65_536, segmentBytes: 16 * 1024 * 1024, chunkBytes: 1024 * 1024 } as const;

/**
 * Is told when rows go, by stores of which it keeps something about rows. Called in the middle of a change, so the
 * store must not be read then.
 */
export interface StoreObserver {
  /** Rows below this number were dropped. */
  rowsDropped(oldestRow: number): void;
  /** All rows are about to be cleared. The only call in which the store may be read; segments in memory stay as they are. */
  clearing?(): void;
  /** All rows were cleared, and row numbers begin at 0 again. */
  cleared(): void;
}
