/** What an overview of the whole view is drawn from. */

/**
 * Counts over positions `first..end-1` of one generation, in buckets of `bucketRows` positions; bucket 0 begins at
 * position `start`, at most `first`. What a bucket counts beyond its errors, warnings and loss markers is all other rows.
 */
export interface Density {
  readonly generation: number;
  readonly first: number;
  readonly end: number;
  readonly start: number;
  readonly bucketRows: number;
  readonly errors: readonly number[];
  readonly warnings: readonly number[];
  /** Rows that stand where records were lost. */
  readonly gaps: readonly number[];
}

/** Most buckets one request asks for. */
export const MAX_BUCKETS = 2000;
