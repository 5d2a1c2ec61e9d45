/** Looks at rows of a session that may lie on the disk, in slices between which everything else has its turn. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { sliceOf } from '../session/store/slice.ts';
import type { SessionStore } from '../session/store/store.ts';

/** So many milliseconds, then everything else. */
const READ_MS = 8;

export interface Pace {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Lets everything else that is due run. */
  readonly rest: () => Promise<void>;
}

export const cleared = (): Result<never> => fail('cancelled', 'The log was cleared meanwhile', 'Select rows again');

/** What `look` makes of each of some rows; those it makes null of are left out. Failure: cancelled by a clear. */
export async function lookAtRows<T>(
  store: SessionStore,
  rows: readonly number[],
  look: (row: number) => T | null,
  { now, rest }: Pace,
): Promise<Result<readonly T[]>> {
  const { epoch } = store;
  const all: T[] = [];
  let slice = sliceOf(now, READ_MS);
  for (const row of rows) {
    if (slice.spent()) {
      await rest();
      slice = sliceOf(now, READ_MS);
      if (store.epoch !== epoch) return cleared();
    }
    const seen = look(row);
    if (seen !== null) all.push(seen);
  }
  return ok(all);
}
