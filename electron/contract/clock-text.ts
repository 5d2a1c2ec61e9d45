/**
 * A time by the clock as a person writes it, for Go to and for filters alike: `14:03:22.5`, `2026-03-01 14:03`, with a
 * distance from UTC behind it or without. Pure.
 */
import { momentAt } from './wall-moments.ts';

export interface ClockText {
  /** Null where only a time of day is said. */
  readonly date: { readonly year: number; readonly month: number; readonly day: number } | null;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Nanoseconds of the second, and of its last digit: 1e9 for a whole second, 60e9 for a minute. */
  readonly ns: number;
  readonly stepNs: number;
  /** Minutes ahead of UTC; null if it does not say. */
  readonly offset: number | null;
}

const ZONE = String.raw`\s*(Z|[+-]\d{2}:?\d{2})?$`;
// Blanks only between digits: those at the end are the zone's, so that there is one way to read a text, however long.
const FRACTION = String.raw`(\.\d(?:\s*\d)*)?`;
const TIME_OF_DAY = new RegExp(String.raw`^([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)${FRACTION}${ZONE}`, 'i');
const DATE_TIME = new RegExp(
  String.raw`^(\d{4})-(\d{2})-(\d{2})[T\s]\s*([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)${FRACTION})?${ZONE}`,
  'i',
);

/** Null if the text is neither a time of day with its seconds nor a date and a time of it. */
export function readClock(text: string): ClockText | null {
  const ofDay = TIME_OF_DAY.exec(text);
  if (ofDay !== null) {
    const [, hour, minute, second, fraction, zone] = ofDay;
    return { date: null, ...timeOf(hour, minute, second, fraction), offset: offsetOf(zone) };
  }
  const [, year, month, day, hour, minute, second, fraction, zone] = DATE_TIME.exec(text) ?? [];
  if (year === undefined) return null;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const midnight = new Date(momentAt({ ...date, hour: 0, minute: 0, second: 0 }, 0));
  // The 31st of a month with 30 days is a typing error, not the 1st of the next month.
  if (midnight.getUTCMonth() !== date.month - 1 || midnight.getUTCDate() !== date.day) return null;
  return { date, ...timeOf(hour, minute, second, fraction), offset: offsetOf(zone) };
}

function timeOf(
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): Pick<ClockText, 'hour' | 'minute' | 'second' | 'ns' | 'stepNs'> {
  const digits = (fraction ?? '').replace(/[\s.]/g, '').slice(0, 9);
  return {
    ...{ hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) },
    ns: Number(digits.padEnd(9, '0')),
    stepNs: second === undefined ? 60e9 : 10 ** (9 - digits.length),
  };
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}
