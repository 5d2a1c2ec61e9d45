/**
 * Times by the clock in a filter: `time>12:31:05.5`, `time:2026-03-01T12:31-2026-03-01T12:40`. What they mean among the
 * rows is known once the log says when it began; the zone is the one in which times are shown.
 */
import { type ClockText, readClock } from '../clock-text.ts';
import { LOCAL_ZONE, type ZoneRules } from '../local-time.ts';
import { momentAt, momentsOf, wallDay } from '../wall-moments.ts';
import { type ClockTerm, mergedRanges, type NumberRange, type Relation } from './tree.ts';

/** One value: a time, or two with a hyphen or two dots between them. */
export interface ClockValue {
  readonly from: ClockText;
  readonly to: ClockText | null;
}

/** Null if the text is no time by the clock. */
export function readClockValue(text: string): ClockValue | null {
  const whole = readClock(text);
  if (whole !== null) return { from: whole, to: null };
  // A hyphen stands in dates and before distances from UTC as well: it divides where both sides are times.
  for (const divider of ['..', '-']) {
    for (let at = text.indexOf(divider); at >= 0; at = text.indexOf(divider, at + 1)) {
      const from = readClock(text.slice(0, at));
      const to = from && readClock(text.slice(at + divider.length));
      if (from !== null && to !== null) return { from, to };
    }
  }
  return null;
}

const DAY_MS = 86_400_000;
const DAY_NS = DAY_MS * 1e6;
/** A time without a date is that of the day in which the log began; a log that runs past midnight goes on there. */
const MS_BEFORE_START = 6 * 3_600_000;

/**
 * The moment that a time means, nanoseconds since the log began. Of an hour that the clock showed twice it is the one
 * nearer to the beginning of the log, as Go to takes the one nearest to what is shown; a distance from UTC says which.
 */
function momentNs(clock: ClockText, startUnixMs: number, zone: ZoneRules): number {
  const { date, offset } = clock;
  const momentsIn = (day: { readonly year: number; readonly month: number; readonly day: number }) => {
    const wall = { ...day, hour: clock.hour, minute: clock.minute, second: clock.second };
    return offset === null ? momentsOf(wall, zone).unixMs : [momentAt(wall, offset)];
  };
  const first = wallDay(startUnixMs, offset === null ? zone : () => offset);
  const days = date === null ? [-1, 0, 1].map((more) => ({ ...first, day: first.day + more })) : [date];
  const all = days.flatMap(momentsIn);
  const among = date === null ? all.filter((at) => isOfLog(at, startUnixMs)) : all;
  const distance = (at: number): number => Math.abs(at - startUnixMs);
  const best = (among.length > 0 ? among : all).reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return Math.round((best - startUnixMs) * 1e6) + clock.ns;
}

const isOfLog = (unixMs: number, startUnixMs: number): boolean =>
  unixMs >= startUnixMs - MS_BEFORE_START && unixMs < startUnixMs - MS_BEFORE_START + DAY_MS;

function rangeOf({ from, to }: ClockValue, relation: Relation, startUnixMs: number, zone: ZoneRules): NumberRange {
  const ns = momentNs(from, startUnixMs, zone);
  switch (relation) {
    case ':':
      return { from: ns, to: to === null ? ns + from.stepNs - 1 : momentNs(to, startUnixMs, zone) };
    case '>':
    case '>=':
      return { from: relation === '>' ? ns + 1 : ns, to: Number.POSITIVE_INFINITY };
    case '<':
    case '<=':
      return { from: Number.NEGATIVE_INFINITY, to: relation === '<' ? ns - 1 : ns };
  }
}

/** The times of rows that a term means. `startUnixMs`: wall clock of time 0; null while that is not known, which nothing fits. */
export function clockRanges(
  { relation, values }: ClockTerm,
  startUnixMs: number | null,
  zone: ZoneRules = LOCAL_ZONE,
): NumberRange[] {
  if (startUnixMs === null) return [];
  const ranges = values.map((text) => {
    const value = readClockValue(text);
    if (value === null) throw new Error(`'${text}' is no time by the clock`);
    return rangeOf(value, relation, startUnixMs, zone);
  });
  // One that ends before it begins, as from 23:00 to 01:00, ends on the next day.
  return mergedRanges(ranges.map(({ from, to }) => ({ from, to: to < from ? to + DAY_NS : to })));
}
