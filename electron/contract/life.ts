/** The life of a value: every record that names an address, a handle or another number. */
import type { Failure } from '../../native/core/result.ts';

/** Bars of the time-line of a life, at most. */
export const MOST_LIFE_BARS = 240;
/** CPUs that are told apart in a report; the others are counted together. */
export const MOST_LIFE_CPUS = 64;
/** Gaps that are reported, the longest first. */
export const MOST_LIFE_GAPS = 5;

/** Times are nanoseconds since the log began. */
export interface LifeGap {
  readonly ns: number;
  /** The records before and behind it. */
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromNs: number;
}

export interface LifeReport {
  /** Records that name the value, of those that the session ever had, since the last clear. */
  readonly count: number;
  readonly firstRow: number;
  readonly firstNs: number;
  readonly lastRow: number;
  readonly lastNs: number;
  readonly cpus: readonly { readonly cpu: number; readonly count: number }[];
  readonly gaps: readonly LifeGap[];
  /** How many records there are in each of equal spans of time, the first from `barsFromNs` on, and the first of each. */
  readonly barsFromNs: number;
  readonly barNs: number;
  readonly bars: readonly { readonly count: number; readonly row: number }[];
  /** The time of the whole log, for the scale. */
  readonly logFromNs: number;
  readonly logToNs: number;
  /** Rows that were looked at, of those to look at. */
  readonly looked: number;
  readonly total: number;
  /** Why it went no further; null if it did. */
  readonly failure: Failure | null;
}

export const NO_LIFE: LifeReport = {
  ...{
    count: 0,
    firstRow: 0,
    firstNs: 0,
    lastRow: 0,
    lastNs: 0,
    cpus: [],
    gaps: [],
    barsFromNs: 0,
    barNs: 1,
    bars: [],
  },
  ...{ logFromNs: 0, logToNs: 0, looked: 0, total: 0, failure: null },
};
