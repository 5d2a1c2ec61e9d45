/** The clock of whatever goes on by itself, so that tests can move it. */

export interface Timers {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back once, after at least `ms`; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}
