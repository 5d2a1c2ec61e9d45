/**
 * Explains why records were lost. How many were lost is exact, and follows from sequence numbers alone. The causes come
 * from the producer's counters, which run ahead of what the reader has read. Losses that those counters do not explain
 * were overwritten or corrupt.
 */
import { LOSS_CAUSES, type LossCause } from './entry.ts';
import { PRODUCER } from './layout.ts';

/** The causes that the producer counts, and where in its page. Its own come first, as most losses are theirs. */
const COUNTERS: readonly (readonly [cause: LossCause, offset: number])[] = [
  ['full', PRODUCER.lostFull],
  ['tooBig', PRODUCER.lostTooBig],
  ['zeroLength', PRODUCER.lostZeroLength],
  ['missingData', PRODUCER.lostMissingData],
  ['nesting', PRODUCER.lostNesting],
  ['quota', PRODUCER.lostQuota],
];
/** The same by places in LOSS_CAUSES, as the loops of a reader want it. */
export const COUNTED_CAUSES = COUNTERS.map(([cause]) => LOSS_CAUSES.indexOf(cause));
export const COUNTER_OFFSETS = COUNTERS.map(([, offset]) => offset);
const OVERWRITTEN = LOSS_CAUSES.indexOf('overwritten');
const CORRUPT = LOSS_CAUSES.indexOf('corrupt');

/**
 * Splits `total` losses of one CPU over LOSS_CAUSES into `split` (a number each, their sum is `total`). `counted` are the
 * producer's own counts since the reader attached, in the order of LOSS_CAUSES; losses are attributed to them first. Of
 * the remaining losses, `corrupt` ones (records known to have been unreadable) are counted as such; in an overwriting
 * ring the others were overwritten, in a dropping ring only corruption can explain them. The split is exact once the
 * ring is quiet and drained.
 */
export function splitLosses(
  total: number,
  counted: ArrayLike<number>,
  overwriting: boolean,
  corrupt: number,
  split: Float64Array,
): void {
  let rest = total;
  for (const cause of COUNTED_CAUSES) {
    // A counter that decreased can only come from damaged memory, so it explains no loss.
    const share = Math.max(0, Math.min(rest, counted[cause] ?? 0));
    split[cause] = share;
    rest -= share;
  }
  const unreadable = overwriting ? Math.min(rest, corrupt) : rest;
  split[OVERWRITTEN] = rest - unreadable;
  split[CORRUPT] = unreadable;
}

/**
 * Writes into `base` the part of the producer's counts that earlier readers have accounted for. `counts` are all counts
 * at the time of attaching; `unaccounted` losses among them are still ahead of this reader. Which causes those had is
 * not recorded anywhere. A full ring is by far the likeliest, so they are assigned in the order of LOSS_CAUSES. Exact
 * if there was only one cause, or if no losses are ahead.
 */
export function baseCounts(counts: ArrayLike<number>, unaccounted: number, base: Float64Array): void {
  let rest = Math.max(0, unaccounted);
  for (const cause of COUNTED_CAUSES) {
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
