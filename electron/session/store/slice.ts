/**
 * A share of time for work that must not hold up whoever called it: the work asks `spent()` every few thousand rows and
 * stops, able to go on, once it is true.
 */
export interface Slice {
  spent(): boolean;
}

/**
 * Rows that a loop which runs for every row is to handle in one call. An engine that meets a long loop first compiles it
 * before it has ever ended; under Node 20 such code is kept although it is given up whenever the loop ends, and the rest
 * of each call is interpreted. A function that is called often enough is compiled as a whole.
 */
export const ROWS_A_CALL = 512;

/** Never spent: for tests and for tools that have nothing else to do. */
export const WHOLE: Slice = { spent: () => false };

/** Spent once `now()` has reached `now() at the call + ms`. */
export function sliceOf(now: () => number, ms: number): Slice {
  const deadline = now() + ms;
  return { spent: () => now() >= deadline };
}
