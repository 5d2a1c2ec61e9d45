/**
 * Reads what a person types in order to go somewhere: an index, a time since the session began, or a wall clock time.
 */
import { type ClockText, readClock } from '../../electron/contract/clock-text.ts';
import { timeUnit } from '../../electron/contract/filter/values.ts';
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import { momentAt, momentsOf, type WallSecond, wallDay } from '../../electron/contract/wall-moments.ts';
import { formatCount } from './format.ts';
import { LOCAL_ZONE, offsetText, unixNs, type ZoneRules } from './wall-clock.ts';

export type GoTarget = { readonly index: number } | { readonly timeNs: number };

/** The place that the text means. */
export interface Destination {
  readonly target: GoTarget;
  /** Another meaning the text could have had, or why it means this; empty if the text is unambiguous. */
  readonly note: string;
}

/** What is needed to interpret wall clock times. */
export interface ClockPlace {
  /** Wall clock of time 0, milliseconds since 1970; 0 before there is one. */
  readonly startUnixMs: number;
  /** Time of what is on the screen: of several moments that a time of day can mean, the nearest to it is taken. */
  readonly aroundNs: number;
  /** If times are shown since the machine was started: how long that was before time 0. Null or left out otherwise. */
  readonly bootNs?: number | null;
  /** The time zone of wall clock times; default that of this machine. */
  readonly zone?: ZoneRules;
}

export const GO_TO_EXAMPLES = '10,021 or +12.5s or 14:03:22.5';

// Commas may group digits by three; `12,5` is refused rather than read as 125.
const WHOLE = String.raw`(\d{1,3}(?:,\d{3})+|\d+)`;
const INDEX = new RegExp(`^${WHOLE}$`);
const LENGTH = new RegExp(String.raw`^([+-]?)${WHOLE}(\.\d+)?(ns|us|µs|ms|s|min|h)?$`);
const SPAN = /^([+-]?)(?:(\d+)(h|:))?(\d+):([0-5]\d)(\.\d+)?$/;
/** The details show a time twice, first shortened and then exactly in brackets; the exact one counts. */
const WITH_EXACT = /^[^()]*\(([^()]+)\)$/;

const SECOND_NS = 1e9;

/** `.004512` as whole nanoseconds. */
function fractionNs(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.replace(/[\s.]/g, '').padEnd(9, '0').slice(0, 9));
}

/** Null if the text is none of the three. Two numbers (`2:07`) are minutes and seconds since the begin. */
export function parseGoTo(text: string, clock: ClockPlace): Destination | null {
  const said = text.trim();
  const exact = WITH_EXACT.exec(said)?.[1];
  if (exact !== undefined) return parseGoTo(exact, clock);
  const byClock = readClock(said);
  if (byClock !== null) return clockTarget(byClock, clock);
  // The table groups digits with thin spaces, which are removed.
  const compact = said.replace(/\s/g, '');
  if (INDEX.test(compact)) {
    const index = Number(compact.replaceAll(',', ''));
    return Number.isSafeInteger(index) ? { target: { index }, note: '' } : null;
  }
  const timeNs = lengthNs(compact) ?? spanNs(compact);
  if (timeNs === null || !Number.isSafeInteger(timeNs)) return null;
  // What the column of times shows is read as what it means there; a sign says that it is since the log began.
  const { bootNs = null } = clock;
  if (bootNs === null || /^[+-]/.test(compact)) return { target: { timeNs }, note: '' };
  return { target: { timeNs: timeNs - bootNs }, note: SINCE_START };
}

const SINCE_START = 'Taken as time since the machine was started; with a + it is since the log began.';

/** `12.5s`, `-250ms`; seconds without a unit. */
export function lengthNs(text: string): number | null {
  const [, sign, whole, fraction, unit] = LENGTH.exec(text) ?? [];
  const { ns } = timeUnit(unit ?? '') ?? {};
  if (whole === undefined || ns === undefined) return null;
  return signed(sign, Number(whole.replaceAll(',', '')) * ns + Math.round((fractionNs(fraction) / SECOND_NS) * ns));
}

/** `2:07.5`, `1h02:07`, `+1:02:07`. Without the `h` or the sign, three numbers with colons are a wall clock time. */
export function spanNs(text: string): number | null {
  const [, sign, hours, mark, minutes, seconds, fraction] = SPAN.exec(text) ?? [];
  if (minutes === undefined || (mark === ':' && sign === '')) return null;
  const whole = Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds);
  return signed(sign, whole * SECOND_NS + fractionNs(fraction));
}

function signed(sign: string | undefined, ns: number): number {
  return sign === '-' && ns !== 0 ? -ns : ns;
}

/** A whole second of the wall clock and a fraction, as time since the session began. */
function sinceStart(unixMs: number, ns: number, { startUnixMs }: ClockPlace): GoTarget | null {
  const timeNs = Number(unixNs(unixMs) - unixNs(startUnixMs)) + ns;
  return Number.isSafeInteger(timeNs) ? { timeNs } : null;
}

/** Of several days, the one nearest to what is on the screen is meant: a log may run past midnight. */
function clockTarget(clock: ClockText, place: ClockPlace): Destination | null {
  const { zone = LOCAL_ZONE, startUnixMs, aroundNs } = place;
  const { date, offset, hour, minute, second } = clock;
  const around = startUnixMs + aroundNs / 1e6;
  // The date at the stated distance from UTC, or in the local zone if none is stated.
  const today = date ?? wallDay(around, offset === null ? zone : () => offset);
  const days = date === null ? [-1, 0, 1] : [0];
  const walls = days.map((more) => ({ ...today, day: today.day + more, hour, minute, second }));
  return nearest(walls, clock, around, place);
}

/** Of all moments that the wall clock times can mean, the one nearest to what is on the screen. */
function nearest(
  walls: readonly WallSecond[],
  { offset, ns }: ClockText,
  around: number,
  clock: ClockPlace,
): Destination | null {
  const { zone = LOCAL_ZONE } = clock;
  const distance = (at: number) => Math.abs(at - around);
  const meant = walls.flatMap((wall) => {
    const moments = offset === null ? momentsOf(wall, zone) : { unixMs: [momentAt(wall, offset)], skipped: false };
    return moments.unixMs.map((at) => ({ at, moments }));
  });
  const [best] = meant.sort((a, b) => distance(a.at) - distance(b.at));
  const target = best && sinceStart(best.at, ns, clock);
  if (!best || !target) return null;
  return { target, note: noteOn(best.at, best.moments.unixMs, best.moments.skipped, zone) };
}

function noteOn(at: number, all: readonly number[], skipped: boolean, zone: ZoneRules): string {
  if (skipped) return 'The clock was put forward over this time: it was never shown.';
  const other = all.find((each) => each !== at);
  if (other === undefined) return '';
  return `The clock showed this time twice: taken is the one at ${offsetText(zone(at))}, nearest to what was shown; for the other, add ${offsetText(zone(other))}.`;
}

/** If going to `target` led to another row than named, a sentence that says why; otherwise empty. */
export function landingWords(target: LocateTarget, { index, absence }: Located): string {
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
