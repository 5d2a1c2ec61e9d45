/** The count of a search's matches in a view. */
import type { Failure } from '../../native/core/result.ts';
import type { LogRow, TextQuery } from './rows.ts';

/** Sent while the count changes; belongs to the query of the last `view.countFinds`. */
export interface FindCount {
  readonly query: TextQuery;
  /** The view's generation in which the matches were counted. */
  readonly generation: number;
  /** Matches among the rows counted so far. */
  readonly count: number;
  /** How far the count has got; null once it covers what the view had when it began. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** The rank of the match that was last shown, counted from 1; null if it is not a match, or not counted yet. */
  readonly at: number | null;
  /** Why the count stopped; null if it did not. */
  readonly failure: Failure | null;
}

/** How matches are distributed: their number in each of equal parts of the view. */
export interface FindSpread {
  readonly generation: number;
  readonly counts: readonly number[];
}

export const MAX_SPREAD_BUCKETS = 4096;

/** Matches of the search that is counted, in their order. */
export interface FoundRows {
  readonly generation: number;
  /** Rank of the first of them, counted from 0 at the oldest match that is kept. */
  readonly first: number;
  readonly rows: readonly { readonly position: number; readonly row: LogRow }[];
}

/** The most matches in one reply. */
export const MOST_FOUND_ROWS = 200;
