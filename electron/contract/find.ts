/** The matches of a search in the view, as they are counted. */
import type { Failure } from '../../native/core/result.ts';
import type { TextQuery } from './rows.ts';

/** Pushed while it changes, for the query that `find.count` last named. */
export interface FindCount {
  readonly query: TextQuery;
  /** Generation of the view that was counted in. */
  readonly generation: number;
  /** Matches among the rows counted so far. */
  readonly count: number;
  /** How far the count has got; null once it covers the view. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** The how-manieth the match gone to last is, from 1; null if it is none, or not counted yet. */
  readonly at: number | null;
  /** Why the count goes no further. */
  readonly failure: Failure | null;
}

/** How matches are spread: their number in each of equal parts of the view. */
export interface FindSpread {
  readonly generation: number;
  readonly counts: readonly number[];
}

export const MAX_SPREAD_BUCKETS = 4096;
