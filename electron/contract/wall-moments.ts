/**
 * Which moments a local time can mean: when summer time ends, an hour occurs twice, and when it begins, an hour is
 * skipped. Pure.
 */
import type { ZoneRules } from './local-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A second of local time. */
export interface WallSecond {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** A day beyond the end of the month means one of the next month, as in Date.UTC. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The local date of a zone at a moment. */
export function wallDay(unixMs: number, zone: ZoneRules): Pick<WallSecond, 'year' | 'month' | 'day'> {
  const date = new Date(unixMs + zone(unixMs) * MINUTE_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The moment at which a clock so many minutes ahead of UTC shows this time; milliseconds since 1970. */
export function momentAt({ year, month, day, hour, minute, second }: WallSecond, offsetMinutes: number): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) - offsetMinutes * MINUTE_MS;
}

/** The moments that a local time can mean. */
export interface Moments {
  /** Milliseconds since 1970, in order: two if the hour occurred twice, else one. */
  readonly unixMs: readonly number[];
  /**
   * True if the clock never showed this time, because it was put forward past it. The moment is then computed with the
   * offset that applied before.
   */
  readonly skipped: boolean;
}

export function momentsOf(wall: WallSecond, zone: ZoneRules): Moments {
  const near = momentAt(wall, 0);
  // A clock is put forward or back at most once a day, and no zone is more than a day away from UTC.
  const [before, after] = [zone(near - DAY_MS), zone(near + DAY_MS)];
  const moments = [...new Set([before, after])]
    .map((offset) => ({ at: momentAt(wall, offset), offset }))
    .filter(({ at, offset }) => zone(at) === offset)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  if (moments.length > 0) return { unixMs: moments, skipped: false };
  return { unixMs: [momentAt(wall, before)], skipped: true };
}
