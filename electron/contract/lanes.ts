/** CPU lanes: how many records each CPU wrote over time, and how many were lost. */

/** Lanes that are told apart: the CPUs that wrote first. */
export const MOST_LANES = 256;
/** Equal spans of time, of which a lane has a count each. */
export const LANE_BUCKETS = 240;

/** Nanoseconds since the log began; `toNs` is beyond it. */
export interface LaneRange {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface Lane {
  readonly cpu: number;
  /** Of the whole log. */
  readonly records: number;
  readonly lost: number;
  readonly lastNs: number;
  /** How long it has written nothing, to now while captured and else to the end of the log; null while that is usual for it. */
  readonly silentNs: number | null;
  /** Records in each span; and the first row of each, -1 where there is none. */
  readonly counts: readonly number[];
  readonly rows: readonly number[];
  /** In the order of their spans, those that end in one span together. */
  readonly losses: readonly LaneLoss[];
}

/** Records lost on a CPU. */
export interface LaneLoss {
  /** The number of the span in which the loss ends, or the last where it ends later. */
  readonly span: number;
  /** In how many places; records lie between them. */
  readonly places: number;
  /**
   * From the record before to the one after, at the place where that is longest; nanoseconds since the log began. The same as
   * `toNs` where no record before is known.
   */
  readonly fromNs: number;
  readonly toNs: number;
  /** In all places. */
  readonly lost: number;
  /** The row that tells of the longest. */
  readonly row: number;
}

export interface LaneReport {
  /** What the spans are about. */
  readonly fromNs: number;
  readonly bucketNs: number;
  readonly lanes: readonly Lane[];
  /** Records of CPUs beyond those that are told apart. */
  readonly others: number;
  readonly logFromNs: number;
  readonly logToNs: number;
  /** What the clock of the session shows now, while it is captured; null else, and while not all was looked at. */
  readonly nowNs: number | null;
  /** Rows that were looked at, of those to look at. */
  readonly looked: number;
  readonly total: number;
}

export const NO_LANES: LaneReport = {
  ...{ fromNs: 0, bucketNs: 1, lanes: [], others: 0, logFromNs: 0, logToNs: 0, nowNs: null, looked: 0, total: 0 },
};
