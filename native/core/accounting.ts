/**
 * Why records were lost. How many is exact and comes from sequence numbers alone; the causes come from the producer's
 * counters, which run ahead of what has been read, and from what is left once those are used up.
 */
import { LOSS_CAUSES, type LossCause } from './entry.ts';

const PRODUCER_CAUSES = 5;
const OVERWRITTEN = LOSS_CAUSES.indexOf('overwritten');
const CORRUPT = LOSS_CAUSES.indexOf('corrupt');

/**
 * Splits `total` losses of one CPU over LOSS_CAUSES into `split` (7 numbers, their sum is `total`).
 * `counted` are the producer's own counts in the order of LOSS_CAUSES, since the reader attached; they explain what
 * they can. The rest was overwritten in an overwriting ring, as far as it was not `corrupt` (records known to have been
 * unreadable); in a dropping ring nothing but corruption can explain it. Exact once the ring is quiet and drained.
 */
export function splitLosses(
  total: number,
  counted: ArrayLike<number>,
  overwriting: boolean,
  corrupt: number,
  split: Float64Array,
): void {
  let rest = total;
  for (let cause = 0; cause < PRODUCER_CAUSES; cause++) {
    // A counter that went back, in memory that is not what it should be, explains nothing.
    const share = Math.max(0, Math.min(rest, counted[cause] ?? 0));
    split[cause] = share;
    rest -= share;
  }
  const unreadable = overwriting ? Math.min(rest, corrupt) : rest;
  split[OVERWRITTEN] = rest - unreadable;
  split[CORRUPT] = unreadable;
}

/**
 * The producer's counts that earlier readers have accounted for, into `base`, given all counts at attach in `counts`.
 * `unaccounted` losses of those are still ahead of this reader. Which causes they had is not recorded anywhere; a full
 * ring is by far the likeliest, so the order of LOSS_CAUSES decides. Exact with one cause, or with nothing ahead.
 */
export function baseCounts(counts: ArrayLike<number>, unaccounted: number, base: Float64Array): void {
  let rest = Math.max(0, unaccounted);
  for (let cause = 0; cause < PRODUCER_CAUSES; cause++) {
    const count = counts[cause] ?? 0;
    const ahead = Math.min(rest, count);
    base[cause] = count - ahead;
    rest -= ahead;
  }
}

export function lossRecord(split: ArrayLike<number>): Record<LossCause, number> {
  return Object.fromEntries(LOSS_CAUSES.map((cause, at) => [cause, split[at] ?? 0])) as Record<LossCause, number>;
}

/** Bit mask over LOSS_CAUSES of the causes whose share grew from `earlier` to `later`. */
export function grownCauses(earlier: ArrayLike<number>, later: ArrayLike<number>): number {
  let mask = 0;
  for (let cause = 0; cause < LOSS_CAUSES.length; cause++) {
    if ((later[cause] ?? 0) > (earlier[cause] ?? 0)) mask |= 1 << cause;
  }
  return mask;
}

/** The causes in a bit mask, for people and statistics. */
export function causesOf(mask: number): LossCause[] {
  return LOSS_CAUSES.filter((_, at) => (mask & (1 << at)) !== 0);
}
