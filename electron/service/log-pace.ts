/**
 * How a log to a file shares the main thread with the drain of the rings: after each part it waits at least for as long as that
 * took, and on while the drain is behind, for its rows are kept and records in a full ring are not. It is never starved.
 */

/** While the drain is behind, the log has one part of so many of the time. */
export const BEHIND_SHARE = 10;

/** Waits after a part that took `tookMs`; `pause` waits for some milliseconds, or until somebody ends it. */
export async function restAfter(
  tookMs: number,
  isBehind: () => boolean,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let waits = 1; waits < BEHIND_SHARE; waits++) {
    await pause(tookMs);
    if (!isBehind()) return;
  }
}
