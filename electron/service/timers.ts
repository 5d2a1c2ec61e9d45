/** The clock and timers of the service, injected so that tests can control them. */

export interface Timers {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back once, after at least `ms`; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}
