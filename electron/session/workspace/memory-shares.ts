/** How the sessions divide one amount of memory among them. Pure. */
import { LEAST_MEMORY_CAP } from '../../contract/retention.ts';

/**
 * The smallest change of a share, in bytes: each change makes the store check what it keeps, so small ones are avoided.
 */
const STEP = 16 * 1024 ** 2;

/**
 * What each of several sessions may use of `cap` bytes, given what each uses now. A session may use everything that
 * the others leave, but always at least its equal part, which the others then have to give back, and at least what a
 * store needs in order to work.
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
