/** The data from which the overview strip of a view is drawn. */

/**
 * Counts over positions `first..end-1` of one generation, in buckets of `bucketRows` positions. Bucket 0 begins at
 * position `start`, which is at most `first`. Rows of a bucket that are not counted as errors, warnings or loss markers
 * are all other rows.
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

/** The most buckets that one request may ask for. */
export const MAX_BUCKETS = 2000;
