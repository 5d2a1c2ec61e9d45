/** Decides how many attempts a paced simulator makes at which time. */

/** The longest slice of work before other tasks have their turn; milliseconds. */
export const SLICE_MS = 5;

/**
 * The longest single wait; milliseconds. At a rate far below one a second the wait would be days, and a timer treats a
 * delay above 31 bits as none at all. Also, a request to stop the simulator should not have to wait for its next
 * attempt.
 */
export const LONGEST_WAIT_MS = 100;

export interface Slice {
  /** Attempts to make now. */
  readonly attempts: number;
  /** How long to wait afterwards, milliseconds; 0 only lets other tasks have their turn. */
  readonly waitMs: number;
}

/**
 * The next slice at `rate` attempts a second, `elapsedMs` after the start with `attempted` already made. One slice
 * makes at most `cap` attempts, a whole number above 0. A simulator that was held up catches up in several slices, so
 * that a reader can empty the rings in between.
 */
export function nextSlice(rate: number, elapsedMs: number, attempted: number, cap: number): Slice {
  const due = Math.floor((rate * elapsedMs) / 1000) - attempted;
  if (due > cap) return { attempts: cap, waitMs: 0 };
  if (due > 0) return { attempts: due, waitMs: Math.min(SLICE_MS, Math.max(1, 1000 / rate)) };
  const waitMs = ((attempted + 1) * 1000) / rate - elapsedMs;
  return { attempts: 0, waitMs: Math.min(LONGEST_WAIT_MS, Math.max(1, waitMs)) };
}

/** The most attempts of one slice: a quarter of all rings, with records of some 128 bytes. */
export function sliceCap(cpus: number, ringBytes: number): number {
  return Math.max(cpus, Math.floor((cpus * ringBytes) / 4 / 128));
}
