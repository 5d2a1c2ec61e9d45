/**
 * Wall clock times: how they are shown, with their distance from UTC, and which moments a typed one can mean. When
 * summer time ends, an hour occurs twice, and when it begins, an hour is skipped. Nanoseconds since 1970 are bigints:
 * as milliseconds in a double they would be rounded to a quarter of a microsecond, and lead to the next row.
 */
import { dayText, LOCAL_ZONE, offsetText, two, type ZoneRules } from '../../electron/contract/local-time.ts';

export { LOCAL_ZONE, offsetText, type ZoneRules };

const THIN = '\u2009';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MS_NS = 1_000_000n;

/** Converts milliseconds since 1970, possibly with a fraction, to nanoseconds; exact. */
export function unixNs(unixMs: number): bigint {
  const whole = Math.floor(unixMs);
  return BigInt(whole) * MS_NS + BigInt(Math.round((unixMs - whole) * 1e6));
}

function floorMs(ns: bigint): number {
  const ms = ns / MS_NS;
  return Number(ns < 0n && ms * MS_NS !== ns ? ms - 1n : ms);
}

const three = (value: number): string => value.toString().padStart(3, '0');

/** Formats to the minute: `2026-03-01 13:45`. */
export function formatMinute(unixMs: number, zone: ZoneRules = LOCAL_ZONE): string {
  // A date whose UTC fields have the values of local time.
  const date = new Date(unixMs + zone(unixMs) * MINUTE_MS);
  return `${dayText(date)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** Formats to the microsecond, with the distance from UTC: `2026-03-01 13:45:10.004 512 +01:00`. */
export function formatWallClock(ns: bigint, zone: ZoneRules = LOCAL_ZONE): string {
  const ms = floorMs(ns);
  const offset = zone(ms);
  const date = new Date(ms + offset * MINUTE_MS);
  const us = Number((ns - BigInt(ms) * MS_NS) / 1000n);
  const seconds = `${two(date.getUTCSeconds())}.${three(date.getUTCMilliseconds())}${THIN}${three(us)}`;
  return `${formatMinute(ms, zone)}:${seconds} ${offsetText(offset)}`;
}

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
