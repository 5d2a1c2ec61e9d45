/**
 * A share of time for work that must not hold up whoever called it: the work asks `spent()` every few thousand rows and
 * stops, able to go on, once it is true.
 */
export interface Slice {
  spent(): boolean;
}

/** Never spent: for tests and for tools that have nothing else to do. */
export const WHOLE: Slice = { spent: () => false };

/** Spent once `now()` has reached `now() at the call + ms`. */
export function sliceOf(now: () => number, ms: number): Slice {
  const deadline = now() + ms;
  return { spent: () => now() >= deadline };
}
