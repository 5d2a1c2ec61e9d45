/** How much history is kept, and where it lies. */
import type { Failure } from '../../native/core/result.ts';

/**
 * What is kept of a session. `rows`: at least the last `rows` rows, and at most one segment more. `bytes`: at most the
 * last `bytes` bytes, in memory and on disk together, but never fewer than two segments. Rows go a whole segment at a time.
 */
export type HistoryPolicy =
  | { readonly keep: 'all' }
  | { readonly keep: 'rows'; readonly rows: number }
  | { readonly keep: 'bytes'; readonly bytes: number };

export const KEEP_ALL: HistoryPolicy = { keep: 'all' };

export interface HistoryStatus {
  readonly policy: HistoryPolicy;
  /** Rows that lie on disk alone, and the bytes their files take. */
  readonly diskRows: number;
  readonly diskBytes: number;
  /**
   * Why history could not be moved to disk or read back, since the last clear; null while all is well. After a failed
   * write the oldest rows are dropped instead: `Status.evictedRows` counts them.
   */
  readonly failure: Failure | null;
}
