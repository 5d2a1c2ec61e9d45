/** What a person types to go somewhere: an index, a time since the session began, or a time of the clock. */
import type { Located } from '../../electron/contract/rows.ts';
import { formatCount } from './format.ts';

export type GoTarget = { readonly index: number } | { readonly timeNs: number };

/** Where the log lies in time. */
export interface ClockPlace {
  /** Wall clock of time 0, milliseconds since 1970; 0 before there is one. */
  readonly startUnixMs: number;
  /** Time of what is on the screen: a time of day means the one nearest to it. */
  readonly aroundNs: number;
}

export const GO_TO_EXAMPLES = '10,021 or +12.5s or 14:03:22.5';

const INDEX = /^[\d,]{1,20}$/;
const LENGTH = /^\+?(\d+)(\.\d+)?(ns|us|µs|ms|s|min|h)?$/;
const SPAN = /^\+?(?:(\d+):)?(\d+):([0-5]\d)(\.\d+)?$/;
const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T\s]\s*([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d[\d\s]*)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

const UNITS_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
};
const SECOND_NS = 1e9;
const DAY_MS = 86_400_000;

/** `.004512` as whole nanoseconds. */
function fractionNs(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.replace(/[\s.]/g, '').padEnd(9, '0').slice(0, 9));
}

/** A whole second of the clock and a fraction, as time since the session began. */
function sinceStart(unixMs: number, ns: number, { startUnixMs }: ClockPlace): GoTarget {
  return { timeNs: Math.floor((unixMs - startUnixMs) * 1e6) + ns };
}

/** The target, or null for what is none of the three. Two parts (`2:07`) are minutes and seconds since the begin. */
export function parseGoTo(text: string, clock: ClockPlace): GoTarget | null {
  const dateTime = DATE_TIME.exec(text.trim());
  if (dateTime) return dateTimeTarget(dateTime, clock);
  // The table groups digits with a thin space.
  const compact = text.replace(/\s/g, '');
  if (INDEX.test(compact)) {
    const index = Number(compact.replaceAll(',', ''));
    return Number.isSafeInteger(index) ? { index } : null;
  }
  const length = LENGTH.exec(compact);
  if (length) {
    const unit = UNITS_NS[length[3] ?? 's'] as number;
    return safe(Number(length[1]) * unit + Math.round((fractionNs(length[2]) / SECOND_NS) * unit));
  }
  const timeOfDay = TIME_OF_DAY.exec(compact);
  if (timeOfDay) return timeOfDayTarget(timeOfDay, clock);
  const span = SPAN.exec(compact);
  if (span && (span[1] === undefined || compact.startsWith('+'))) {
    const seconds = Number(span[1] ?? 0) * 3600 + Number(span[2]) * 60 + Number(span[3]);
    return safe(seconds * SECOND_NS + fractionNs(span[4]));
  }
  return null;
}

/** Why a person who went to `target` is not at what they named, as a sentence; empty if they are. */
export function landingWords(target: GoTarget, { index, absence }: Located): string {
  const record = `Record ${formatCount(index)}`;
  switch (absence) {
    case 'hidden':
      return `${record} is hidden by the filter.`;
    case 'held-back':
      return `${record} came after the view was paused.`;
    case 'not-reached':
      return `The filter has not come to record ${formatCount(index)} yet.`;
    case null:
      return 'index' in target && target.index !== index
        ? `No row has index ${formatCount(target.index)}: ${formatCount(index)} is the next one.`
        : '';
  }
}

function safe(timeNs: number): GoTarget | null {
  return Number.isSafeInteger(timeNs) ? { timeNs } : null;
}

/** The occurrence nearest to what is on the screen: a log may run through midnight. */
function timeOfDayTarget(parts: RegExpExecArray, clock: ClockPlace): GoTarget {
  const around = clock.startUnixMs + clock.aroundNs / 1e6;
  const day = new Date(around);
  const at = (days: number) =>
    new Date(
      day.getFullYear(),
      day.getMonth(),
      day.getDate() + days,
      Number(parts[1]),
      Number(parts[2]),
      Number(parts[3]),
    ).getTime();
  const nearest = [at(-1), at(0), at(1)].sort((a, b) => Math.abs(a - around) - Math.abs(b - around))[0] as number;
  return sinceStart(nearest, fractionNs(parts[4]), clock);
}

/** In local time, unless it says which zone. */
function dateTimeTarget(parts: RegExpExecArray, clock: ClockPlace): GoTarget | null {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = parts[8];
  const local = new Date(year, month - 1, day, hour, minute, second);
  // The 31st of a month of 30 days is a mistyped date, not the 1st of the next.
  if (local.getMonth() !== month - 1 || local.getDate() !== day) return null;
  const unixMs = zone ? Date.UTC(year, month - 1, day, hour, minute, second) - offsetMs(zone) : local.getTime();
  const target = sinceStart(unixMs, fractionNs(parts[7]), clock);
  return 'timeNs' in target ? safe(target.timeNs) : target;
}

function offsetMs(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * (DAY_MS / 1440);
}
