/**
 * A share of time for work that must not hold up its caller: the work asks `spent()` every few thousand rows, and once
 * it is true stops in a state from which it can continue.
 */
export interface Slice {
  spent(): boolean;
}

/**
 * Rows that one call of a loop should handle if the loop runs for every row. An engine compiles a long loop while it is
 * still running for the first time. Node 20 keeps using code compiled that way, although it leaves it whenever the loop
 * ends, and then interprets the rest of each call. A short function that is called often is compiled as a whole.
 */
export const ROWS_A_CALL = 512;

/** A slice that is never spent, for tests and for tools that have nothing else to do. */
export const WHOLE: Slice = { spent: () => false };

/** Spent once `now()` has reached `now() at the call + ms`. */
export function sliceOf(now: () => number, ms: number): Slice {
  const deadline = now() + ms;
  return { spent: () => now() >= deadline };
}
