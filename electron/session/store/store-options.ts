/** What a store is made with, and what it tells of. */
import type { Failure } from '../../../native/core/result.ts';
import type { RetentionPolicy } from '../../contract/retention.ts';
import type { SegmentArchive } from './archive.ts';

export interface StoreOptions {
  /**
   * Bytes the history may use, `reserve`d ones included. At least two segments are always kept, so a cap below about four
   * times `segmentBytes` is exceeded by that much.
   */
  readonly memoryCapBytes: number;
  /** Rows of a full segment. */
  readonly segmentRows?: number;
  /** A segment is closed early once its payloads take this many bytes, so that eviction stays fine-grained. */
  readonly segmentBytes?: number;
  /** Bytes of an arena chunk, a power of two, at most 2^24. */
  readonly chunkBytes?: number;
  /** Where segments go that memory has no room for; without it they are dropped. */
  readonly archive?: SegmentArchive;
  readonly policy?: RetentionPolicy;
  /** Told of the first failure of the archive after the start or a clear. */
  readonly onArchiveFailure?: (failure: Failure) => void;
}

export const DEFAULT_SIZES = { segmentRows: 65_536, segmentBytes: 16 * 1024 * 1024, chunkBytes: 1024 * 1024 } as const;

/** Whoever keeps something about rows is told when they go. Called while the store changes: look at nothing in it then. */
export interface StoreObserver {
  /** Rows below this one are not kept any more. */
  rowsDropped(oldestRow: number): void;
  /** No row is kept any more, and row numbers begin at 0 again. */
  cleared(): void;
}
