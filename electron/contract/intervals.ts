/** Intervals between two kinds of records: from a start to the end that has the same captured value. */

import type { Failure } from '../../native/core/result.ts';
import { refuse, reject, text } from './check.ts';
import { lengthFailure, MAX_PATTERN_TEXT } from './limits.ts';

/** Both are texts as the filter box takes them. A group of the first expression in each captures what pairs them. */
export interface IntervalQuery {
  readonly start: string;
  readonly end: string;
}

/** Intervals that are listed: the longest. */
export const MOST_LISTED_INTERVALS = 100;
/** Starts that wait for their ends at a time; of more, the oldest are given up and counted. */
export const MOST_OPEN_INTERVALS = 100_000;

/** Times are nanoseconds since the log began. */
export interface Interval {
  readonly ns: number;
  readonly startRow: number;
  readonly startNs: number;
  readonly endRow: number;
  /** What was captured; empty where nothing was. */
  readonly key: string;
}

export interface IntervalBin {
  readonly fromNs: number;
  readonly toNs: number;
  readonly count: number;
  /** Of the longest interval in it. */
  readonly startRow: number;
}

export interface IntervalReport {
  readonly pairs: number;
  /** To one per cent; null where there are no pairs. */
  readonly medianNs: number | null;
  readonly p95Ns: number | null;
  readonly leastNs: number;
  readonly mostNs: number;
  /** Starts without an end so far, starts of a value that started again before it ended, ends without a start. */
  readonly open: number;
  readonly restarted: number;
  readonly endsAlone: number;
  /** Starts that were given up because too many waited. */
  readonly givenUp: number;
  /** From the shortest to the longest, with empty ones between. */
  readonly bins: readonly IntervalBin[];
  readonly slowest: readonly Interval[];
  /** Starts that have no end so far, the oldest first. */
  readonly oldest: readonly Pick<Interval, 'startRow' | 'startNs' | 'key'>[];
  /** Rows that were looked at, of those to look at. */
  readonly looked: number;
  readonly total: number;
  /** Why it went no further; null if it did. */
  readonly failure: Failure | null;
}

/** The query in a request. */
export function intervalQuery(start: unknown, end: unknown): IntervalQuery {
  const part = (value: unknown, name: string): string => {
    const said = text(value, name);
    refuse(lengthFailure('The text', said, MAX_PATTERN_TEXT));
    return said.trim() === '' ? reject(`${name}: a text to look for was expected`) : said;
  };
  return { start: part(start, 'start'), end: part(end, 'end') };
}
