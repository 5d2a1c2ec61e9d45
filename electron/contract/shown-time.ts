/**
 * One rule for the times of rows: what the table shows, and what is copied and exported as text. A row's time is a
 * number of nanoseconds since the log began; it is shown as that, as a wall clock, or as time since its machine was
 * started, where the log knows when that was.
 *
 * Digits beyond those shown are cut off downwards, so that a time is never shown later than it is. Lengths of time
 * (deltas) are cut off towards zero.
 */
import { dayText, LOCAL_ZONE, offsetText, two, type ZoneRules } from './local-time.ts';

/** Since the log began, by the wall clock, since the machine was started. */
export const TIME_KINDS = ['elapsed', 'clock', 'boot'] as const;
export type TimeKind = (typeof TIME_KINDS)[number];

/** How much of a second is shown: to the millisecond, the microsecond, or 100 ns. */
export const TIME_DIGITS = ['ms', 'us', '100ns'] as const;
export type TimeDigits = (typeof TIME_DIGITS)[number];
/** A file that is read again is written to the nanosecond. */
export type WrittenDigits = TimeDigits | 'ns';

/** From where deltas are measured: the row above, or the record above it of the same CPU. */
export const DELTA_BASES = ['row', 'cpu'] as const;
export type DeltaBase = (typeof DELTA_BASES)[number];

export interface TimeForm {
  readonly kind: TimeKind;
  readonly digits: TimeDigits;
}

/** Which times are shown, to which digit, and from where deltas are measured. */
export interface TimeSettings extends TimeForm {
  readonly delta: DeltaBase;
}

export const DEFAULT_TIMES: TimeSettings = { kind: 'elapsed', digits: 'us', delta: 'row' };

/** Times from untrusted data, each choice that makes no sense the default; null for no such data. */
export function parseTimes(value: unknown): TimeSettings | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { kind, digits, delta } = value as Record<string, unknown>;
  return {
    kind: TIME_KINDS.find((each) => each === kind) ?? DEFAULT_TIMES.kind,
    digits: TIME_DIGITS.find((each) => each === digits) ?? DEFAULT_TIMES.digits,
    delta: DELTA_BASES.find((each) => each === delta) ?? DEFAULT_TIMES.delta,
  };
}

/** What is known of when time 0 of a log was. */
export interface TimeOrigin {
  /** By the wall clock, milliseconds since 1970 UTC; null if no source states one. */
  readonly startUnixMs: number | null;
  /** Nanoseconds that the machine had been running; null unless that is known of the times of all rows. */
  readonly bootNs: number | null;
}

export const NO_ORIGIN: TimeOrigin = { startUnixMs: null, bootNs: null };

/** U+2009, a thin space: groups digits less heavily than a comma, and is one cell wide in a monospaced font. */
export const THIN = '\u2009';

const STEP_NS: Readonly<Record<WrittenDigits, number>> = { ms: 1e6, us: 1e3, '100ns': 100, ns: 1 };
const SECOND_NS = 1_000_000_000;
const MINUTE_MS = 60_000;
/** The offset from UTC of a zone may differ between two moments that are so far apart, and again between those. */
const SEASON_NS = 20 * 86_400 * SECOND_NS;

/** Whether a log knows times of a kind. */
export function isKnown(kind: TimeKind, origin: TimeOrigin): boolean {
  return kind === 'elapsed' || (kind === 'clock' ? origin.startUnixMs : origin.bootNs) !== null;
}

/** The kind that is shown where `kind` was chosen: a log that does not know it shows the time since it began. */
export function shownKind(kind: TimeKind, origin: TimeOrigin): TimeKind {
  return isKnown(kind, origin) ? kind : 'elapsed';
}

/** The kind after this one, of those that the log knows. */
export function nextKind(kind: TimeKind, origin: TimeOrigin): TimeKind {
  const known = TIME_KINDS.filter((each) => isKnown(each, origin));
  return known[(known.indexOf(shownKind(kind, origin)) + 1) % known.length] as TimeKind;
}

/** The digits of a part of a second, 0 to 999,999,999 ns, in groups. */
function fraction(ns: number, digits: WrittenDigits, group: string): string {
  const all = ns.toString().padStart(9, '0');
  if (digits === 'ms') return all.slice(0, 3);
  const us = `${all.slice(0, 3)}${group}${all.slice(3, 6)}`;
  return digits === 'us' ? us : `${us}${group}${all.slice(6, digits === 'ns' ? 9 : 7)}`;
}

/** The remainder of a whole number, never negative. Exact, which a quotient of large numbers is not. */
function remainder(ns: number, of: number): number {
  const rest = ns % of;
  return rest < 0 ? rest + of : rest;
}

/**
 * A time since some moment: `12.004 512`, `2:07.000 001`, `1h00:00.000 000`; with a minus for one before it. Go to reads
 * it back as the same time. Hours have a letter, because Go to reads three numbers with colons as a time of day.
 */
export function elapsedText(timeNs: number, digits: WrittenDigits = 'us', group = THIN): string {
  const cut = timeNs - remainder(timeNs, STEP_NS[digits]);
  const sign = cut < 0 ? '-' : '';
  const size = Math.abs(cut);
  const ns = size % SECOND_NS;
  const seconds = (size - ns) / SECOND_NS;
  const s = seconds % 60;
  const m = Math.floor(seconds / 60) % 60;
  const h = Math.floor(seconds / 3600);
  const end = fraction(ns, digits, group);
  if (h > 0) return `${sign}${h}h${two(m)}:${two(s)}.${end}`;
  if (m > 0) return `${sign}${m}:${two(s)}.${end}`;
  return `${sign}${s}.${end}`;
}

/** A length of time in seconds, always with its sign: `+0.000 389`, `-127.000 020`. */
export function deltaText(ns: number, digits: WrittenDigits = 'us', group = THIN): string {
  const size = Math.abs(ns);
  const rest = size % SECOND_NS;
  return `${ns < 0 ? '-' : '+'}${(size - rest) / SECOND_NS}.${fraction(rest, digits, group)}`;
}

/**
 * The time of day in a zone: `13:45:10.004 512`. What differs from the moment the log began is said too: the day before
 * it, the distance from UTC behind it.
 */
function clockText(
  startUnixMs: number,
  digits: WrittenDigits,
  zone: ZoneRules,
  group: string,
): (timeNs: number) => string {
  const startSeconds = Math.floor(startUnixMs / 1000);
  const startNs = Math.round((startUnixMs - startSeconds * 1000) * 1e6);
  const usual = zone(startUnixMs);
  const firstDay = dayText(new Date(startUnixMs + usual * MINUTE_MS));
  /** The second whose text was made last: rows come in the order of their times, or nearly. */
  let second = Number.NaN;
  let [before, behind] = ['', ''];
  return (timeNs) => {
    const rest = remainder(timeNs, SECOND_NS);
    const carry = rest + startNs >= SECOND_NS ? 1 : 0;
    const at = startSeconds + (timeNs - rest) / SECOND_NS + carry;
    if (at !== second) {
      second = at;
      const offset = zone(at * 1000);
      const date = new Date(at * 1000 + offset * MINUTE_MS);
      const day = dayText(date);
      const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
      before = `${day === firstDay ? '' : `${day} `}${time}.`;
      behind = offset === usual ? '' : ` ${offsetText(offset)}`;
    }
    return `${before}${fraction(rest + startNs - carry * SECOND_NS, digits, group)}${behind}`;
  };
}

/** Makes the text of a row's time. `group` stands between groups of digits. */
export function timeWriter(
  { kind, digits }: { readonly kind: TimeKind; readonly digits: WrittenDigits },
  origin: TimeOrigin,
  { zone = LOCAL_ZONE, group = THIN }: { readonly zone?: ZoneRules; readonly group?: string } = {},
): (timeNs: number) => string {
  const { startUnixMs, bootNs } = origin;
  if (kind === 'clock' && startUnixMs !== null) return clockText(startUnixMs, digits, zone, group);
  const fromNs = kind === 'boot' && bootNs !== null ? bootNs : 0;
  return (timeNs) => elapsedText(timeNs + fromNs, digits, group);
}

/** `UTC+01:00`: the zone in which a log that began at this moment is shown. */
export function zoneText(startUnixMs: number, zone: ZoneRules = LOCAL_ZONE): string {
  return `UTC${offsetText(zone(startUnixMs))}`;
}

/** The day on which the log began, in a zone: `2026-03-01`. */
export function firstDayText(startUnixMs: number, zone: ZoneRules = LOCAL_ZONE): string {
  return dayText(new Date(startUnixMs + zone(startUnixMs) * MINUTE_MS));
}

/** Room for the longest time from `minNs` to `maxNs`, in characters. */
export function longestTime(write: (timeNs: number) => string, kind: TimeKind, minNs: number, maxNs: number): number {
  const ends = Math.max(write(minNs).length, write(maxNs).length);
  // Between two moments of one season lies another, whose distance from UTC is said.
  return kind === 'clock' && maxNs - minNs > SEASON_NS ? ends + ' +01:00'.length : ends;
}
