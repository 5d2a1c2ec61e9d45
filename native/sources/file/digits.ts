/**
 * Reads numbers, times and dates at a place in UTF-8 bytes without creating strings. All functions are pure and never
 * read at or beyond `end`.
 */
import { type ParsedLine, TimeKind } from './line-format.ts';

const ZERO = 48;
const NINE = 57;
const COLON = 58;
const DOT = 46;
const COMMA = 44;
const SPACE = 32;
const HYPHEN = 45;
const SLASH = 47;
const PLUS = 43;

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Where the digits that begin at `at` end; `at` if there are none. */
export function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && isDigit(bytes[next])) next++;
  return next;
}

/** The number in `bytes[from..to-1]`, all digits; exact up to 2^53. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + ((bytes[at] as number) - ZERO);
  return value;
}

/** Reads exactly `count` digits at `at`; -1 if there are fewer, or more. */
export function fixedDigits(bytes: Uint8Array, at: number, end: number, count: number): number {
  const to = skipDigits(bytes, at, Math.min(end, at + count + 1));
  return to - at === count ? numberAt(bytes, at, to) : -1;
}

const POWERS = Array.from({ length: 10 }, (_, power) => 10 ** power);

/** Nanoseconds of the fraction digits `bytes[from..to-1]`; digits past the ninth are left out. */
export function fractionNs(bytes: Uint8Array, from: number, to: number): number {
  const used = Math.min(to, from + 9);
  return numberAt(bytes, from, used) * (POWERS[9 - (used - from)] as number);
}

/** Days from 1970-01-01 to a date of the Gregorian calendar; NaN for a date that does not exist. */
export function daysSince1970(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1601 || year > 9999) return Number.NaN;
  const ms = Date.UTC(year, month - 1, day);
  return new Date(ms).getUTCDate() === day ? ms / 86_400_000 : Number.NaN;
}

/**
 * A time of day, `H:mm:ss` or `HH:mm:ss`, with a fraction after a dot or a comma, and ` AM` or ` PM` behind it. Sets
 * `line.seconds` and `line.nanoseconds` and returns where it ends; -1 if there is none.
 */
export function timeOfDay(bytes: Uint8Array, start: number, end: number, line: ParsedLine): number {
  const hourEnd = skipDigits(bytes, start, Math.min(end, start + 3));
  if (hourEnd === start || hourEnd > start + 2 || bytes[hourEnd] !== COLON) return -1;
  let hour = numberAt(bytes, start, hourEnd);
  const minute = fixedDigits(bytes, hourEnd + 1, end, 2);
  if (minute < 0 || minute > 59 || bytes[hourEnd + 3] !== COLON || hourEnd + 3 >= end) return -1;
  const second = fixedDigits(bytes, hourEnd + 4, end, 2);
  if (second < 0 || second > 60) return -1;
  let at = hourEnd + 6;
  let fraction = 0;
  if (at + 1 < end && (bytes[at] === DOT || bytes[at] === COMMA) && isDigit(bytes[at + 1])) {
    const to = skipDigits(bytes, at + 1, end);
    fraction = fractionNs(bytes, at + 1, to);
    at = to;
  }
  if (at + 2 < end && bytes[at] === SPACE && ((bytes[at + 2] as number) | 0x20) === 0x6d) {
    const half = (bytes[at + 1] as number) | 0x20;
    const after = bytes[at + 3];
    const ends = at + 3 >= end || after === SPACE || after === 9;
    if (ends && (half === 0x61 || half === 0x70)) {
      if (hour < 1 || hour > 12) return -1;
      hour = (hour % 12) + (half === 0x70 ? 12 : 0);
      at += 3;
    }
  }
  if (hour > 23) return -1;
  line.seconds = hour * 3600 + minute * 60 + second;
  line.nanoseconds = fraction;
  return at;
}

/**
 * A date and time, `2026-11-28T14:03:22.5Z` in its usual variants: `-` or `/` between the parts of the date, `T`, blank,
 * or `, ` before the time, a fraction, a zone (`Z`, `+01:00`, `+0100`). Sets the time of `line` and returns where it ends;
 * -1 if there is none.
 */
export function dateAndTime(bytes: Uint8Array, start: number, end: number, line: ParsedLine): number {
  const year = fixedDigits(bytes, start, end, 4);
  const separator = bytes[start + 4];
  if (year < 0 || start + 4 >= end || (separator !== HYPHEN && separator !== SLASH)) return -1;
  const month = fixedDigits(bytes, start + 5, end, 2);
  if (month < 0 || bytes[start + 7] !== separator) return -1;
  const day = fixedDigits(bytes, start + 8, end, 2);
  const days = day < 0 ? Number.NaN : daysSince1970(year, month, day);
  if (Number.isNaN(days)) return -1;
  let at = start + 10;
  const between = bytes[at];
  if (at >= end || (between !== SPACE && between !== 0x54 && between !== 0x74)) return -1;
  at = timeOfDay(bytes, at + 1, end, line);
  if (at < 0) return -1;
  line.seconds += days * 86_400;
  line.timeKind = TimeKind.Local;
  return zone(bytes, at, end, line);
}

/** Reads `Z` or an offset behind a time and converts the time to UTC. Returns where it ends. */
function zone(bytes: Uint8Array, start: number, end: number, line: ParsedLine): number {
  if (start >= end) return start;
  const first = bytes[start];
  if (first === 0x5a || first === 0x7a) {
    line.timeKind = TimeKind.Utc;
    return start + 1;
  }
  const sign = first === PLUS ? 1 : first === HYPHEN ? -1 : 0;
  if (sign === 0) return start;
  const digits = skipDigits(bytes, start + 1, Math.min(end, start + 5));
  let hours: number;
  let minutes: number;
  let at: number;
  if (digits - start === 5) {
    hours = numberAt(bytes, start + 1, start + 3);
    minutes = numberAt(bytes, start + 3, start + 5);
    at = digits;
  } else if (digits - start === 3 && bytes[digits] === COLON) {
    hours = numberAt(bytes, start + 1, digits);
    minutes = fixedDigits(bytes, digits + 1, end, 2);
    at = digits + 3;
  } else return start;
  if (hours > 14 || minutes < 0 || minutes > 59) return start;
  line.seconds -= sign * (hours * 3600 + minutes * 60);
  line.timeKind = TimeKind.Utc;
  return at;
}
