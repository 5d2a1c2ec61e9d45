/**
 * How often an action on a match may be carried out. A flood of matches, or a page that was taken over, must not become a
 * flood of notifications, programs or files: each watch has its distance, and all watches of an action share a number.
 */
import type { WatchAction } from '../contract/watches.ts';

/** The least time between two of one watch, milliseconds. */
const APART_MS: Readonly<Record<WatchAction, number>> = {
  ...{ notify: 5000, sound: 1000, bookmark: 0, track: 0, stop: 0, save: 60_000, clear: 1000, run: 5000 },
};
/** So many of all watches together in that time. */
const TOGETHER = 3;
/** The most of all watches while the program runs. */
const MOST: Readonly<Partial<Record<WatchAction, number>>> = { save: 50, run: 1000, bookmark: 2000 };

export class WatchLimits {
  /** When each watch acted last, and when each of the last few of an action were. */
  private readonly ofWatch = new Map<string, number>();
  private readonly ofAction = new Map<WatchAction, number[]>();
  private readonly counts = new Map<WatchAction, number>();

  /** Whether a watch, named by `key`, may act now; if so, that counts. */
  take(key: string, action: WatchAction, nowMs: number): boolean {
    const count = this.counts.get(action) ?? 0;
    if (count >= (MOST[action] ?? Number.POSITIVE_INFINITY)) return false;
    const apart = APART_MS[action];
    if (apart > 0) {
      if (nowMs - (this.ofWatch.get(key) ?? Number.NEGATIVE_INFINITY) < apart) return false;
      const recent = (this.ofAction.get(action) ?? []).filter((at) => nowMs - at < apart);
      if (recent.length >= TOGETHER) return false;
      this.ofAction.set(action, [...recent, nowMs]);
      this.ofWatch.set(key, nowMs);
    }
    this.counts.set(action, count + 1);
    return true;
  }
}
