/** How sessions share one amount of memory. Pure. */
import { LEAST_MEMORY_CAP } from '../../contract/retention.ts';

/** A share changes by no less than this: each change has the store look at what it keeps. Bytes. */
const STEP = 16 * 1024 ** 2;

/**
 * What each of several sessions may use of `cap` bytes, given what each uses now: all that the others leave, but never
 * less than its equal part, which the others then give back, and never less than a store needs to work at all.
 */
export function sharesOf(cap: number, used: readonly number[]): number[] {
  if (used.length === 1) return [cap];
  const equal = cap / used.length;
  const all = used.reduce((sum, bytes) => sum + bytes, 0);
  return used.map((own) => {
    const left = Math.floor((cap - (all - own)) / STEP) * STEP;
    return Math.max(LEAST_MEMORY_CAP, Math.floor(equal), left);
  });
}
