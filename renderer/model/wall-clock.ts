/**
 * Wall clock times: how they are shown, with their distance from UTC. Nanoseconds since 1970 are bigints: as
 * milliseconds in a double they would be rounded to a quarter of a microsecond, and lead to the next row.
 */
import { dayText, LOCAL_ZONE, offsetText, two, type ZoneRules } from '../../electron/contract/local-time.ts';

export { LOCAL_ZONE, offsetText, type ZoneRules };

const THIN = '\u2009';
const MINUTE_MS = 60_000;
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
