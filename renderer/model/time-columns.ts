/**
 * What the columns of times and of deltas show: which time, how many digits, and from where deltas are measured. Rows,
 * heads, tooltips and the words of the status bar take their texts from here.
 */
import { type LogRow, MOST_LOG_ROWS_BACK, MOST_SHOWN_ROWS_BACK } from '../../electron/contract/rows.ts';
import {
  type DeltaBase,
  deltaText,
  firstDayText,
  isKnown,
  longestTime,
  shownKind,
  TIME_DIGITS,
  TIME_KINDS,
  type TimeDigits,
  type TimeKind,
  type TimeOrigin,
  type TimeSettings,
  timeWriter,
  type WrittenDigits,
  zoneText,
} from '../../electron/contract/shown-time.ts';
import { deltaParts, formatCount, type Parts, timeParts } from './format.ts';
import { LOCAL_ZONE, type ZoneRules } from './wall-clock.ts';

/** What a person has chosen for all logs. */
export type TimeChoice = TimeSettings;

/** The row of a view that others are measured from. */
export interface Reference {
  readonly row: number;
  readonly index: number;
  readonly timeNs: number;
  /** Of the session, in which the row has that number. */
  readonly epoch: number;
}

/** The smallest and the largest of some numbers of nanoseconds. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

/** Of the rows seen so far; null before the first that has such a number. */
export interface SeenTimes {
  readonly time: Span | null;
  readonly delta: Span | null;
  readonly cpuDelta: Span | null;
}

export const NO_TIMES_SEEN: SeenTimes = { time: null, delta: null, cpuDelta: null };

const wider = (span: Span | null, ns: number | null): Span | null => {
  if (ns === null || (span !== null && ns >= span.min && ns <= span.max)) return span;
  return { min: Math.min(ns, span?.min ?? ns), max: Math.max(ns, span?.max ?? ns) };
};

/** `seen` extended by a row; the same object if that adds nothing. */
export function noteTimes(seen: SeenTimes, { timeNs, deltaNs, cpuDeltaNs }: LogRow): SeenTimes {
  const time = wider(seen.time, timeNs);
  const delta = wider(seen.delta, deltaNs);
  const cpuDelta = wider(seen.cpuDelta, cpuDeltaNs);
  const same = time === seen.time && delta === seen.delta && cpuDelta === seen.cpuDelta;
  return same ? seen : { time, delta, cpuDelta };
}

/** Everything that decides what the two columns show. */
export interface TimeSetting {
  readonly choice: TimeChoice;
  readonly origin: TimeOrigin;
  /** The row that a person measures from; null if there is none. */
  readonly reference: Reference | null;
  /** Whether the column of deltas does so too, rather than what was chosen for all logs. */
  readonly fromReference: boolean;
  readonly zone?: ZoneRules;
}

/** What stands where no record of the same CPU is near enough to measure from. */
const DASH: Parts = { quiet: '\u2013', strong: '' };

export interface ColumnHead {
  readonly label: string;
  readonly tip: string;
}

/** How much of a second an axis tells. */
export type AxisDigits = WrittenDigits | 's';

export interface TimeColumns {
  /** A time as the column of times shows it. */
  readonly text: (timeNs: number) => string;
  /** The same kind of time with other digits, for an axis. */
  readonly textTo: (digits: AxisDigits) => (timeNs: number) => string;
  /** What has to be added to a time, modulo a step of an axis, to make it round where its text is: nanoseconds. */
  readonly phaseNs: (stepNs: number) => number;
  readonly time: (row: LogRow) => Parts;
  readonly delta: (row: LogRow) => Parts;
  readonly heads: Readonly<Record<'time' | 'delta', ColumnHead>>;
  /** Characters that the longest text of each column takes. */
  readonly characters: (seen: SeenTimes) => Readonly<Record<'time' | 'delta', number>>;
  readonly reference: Reference | null;
}

export function timeColumns(setting: TimeSetting): TimeColumns {
  const { choice, origin, reference, fromReference, zone = LOCAL_ZONE } = setting;
  const { digits } = choice;
  const kind = shownKind(choice.kind, origin);
  const text = timeWriter({ kind, digits }, origin, { zone });
  const measured = fromReference ? reference : null;
  const deltaNs = (row: LogRow): number | null => {
    if (measured !== null) return row.timeNs - measured.timeNs;
    return choice.delta === 'cpu' ? row.cpuDeltaNs : row.deltaNs;
  };
  return {
    text,
    textTo: (to) => axisWriter(kind, to, origin, zone),
    phaseNs: (stepNs) => phaseOf(kind, origin, stepNs),
    time: ({ timeNs, deltaNs: above }) => timeParts(text(timeNs), above === null ? null : text(timeNs - above)),
    delta(row) {
      const ns = deltaNs(row);
      return ns === null && choice.delta === 'cpu' ? DASH : deltaParts(ns, digits);
    },
    heads: { time: timeHead(kind, origin, zone), delta: deltaHead(choice.delta, measured) },
    characters: (seen) => ({
      time: seen.time === null ? 0 : longestTime(text, kind, seen.time.min, seen.time.max),
      delta: longestDelta(spanOf(seen, choice.delta, measured), digits),
    }),
    reference,
  };
}

function axisWriter(kind: TimeKind, digits: AxisDigits, origin: TimeOrigin, zone: ZoneRules): (ns: number) => string {
  const write = timeWriter({ kind, digits: digits === 's' ? 'ms' : digits }, origin, { zone });
  if (digits !== 's') return write;
  return (ns) => {
    const text = write(ns).replace(/\.\d{3}/, '');
    // A number alone would not say of what.
    return text.includes(':') ? text : `${text} s`;
  };
}

function phaseOf(kind: TimeKind, { startUnixMs, bootNs }: TimeOrigin, stepNs: number): number {
  if (kind === 'boot' && bootNs !== null) return bootNs % stepNs;
  if (kind !== 'clock' || startUnixMs === null) return 0;
  // All nanoseconds since 1970 would be more than a number holds exactly.
  if (stepNs <= SECOND_NS) return ((startUnixMs % 1000) * 1e6) % stepNs;
  return ((startUnixMs / 1000) % (stepNs / SECOND_NS)) * SECOND_NS;
}

const SECOND_NS = 1e9;

function spanOf(seen: SeenTimes, base: DeltaBase, measured: Reference | null): Span | null {
  if (measured === null) return base === 'cpu' ? seen.cpuDelta : seen.delta;
  return seen.time && { min: seen.time.min - measured.timeNs, max: seen.time.max - measured.timeNs };
}

const longestDelta = (span: Span | null, digits: TimeDigits): number =>
  span === null ? 0 : Math.max(deltaText(span.min, digits).length, deltaText(span.max, digits).length);

const KEY = 'Ctrl+T, or a click, for other times.';

function timeHead(kind: TimeKind, origin: TimeOrigin, zone: ZoneRules): ColumnHead {
  const { startUnixMs } = origin;
  if (kind === 'clock' && startUnixMs !== null) {
    const day = firstDayText(startUnixMs, zone);
    const named = zoneText(startUnixMs, zone);
    return {
      label: named,
      tip: `Wall clock in the time zone of this machine, ${named}. The log began on ${day}; rows of other days say so. ${KEY}`,
    };
  }
  if (kind === 'boot') {
    return { label: 'since boot', tip: `Time since the machine was started, by the clock of the writer. ${KEY}` };
  }
  return { label: 'time', tip: `Time since the log began. ${KEY}` };
}

function deltaHead(base: DeltaBase, measured: Reference | null): ColumnHead {
  if (measured !== null) {
    return {
      label: `from #${formatCount(measured.index)}`,
      tip: `Time since record ${formatCount(measured.index)}, which you measure from (Ctrl+D). Click for other deltas.`,
    };
  }
  if (base === 'cpu') {
    return {
      label: 'delta, cpu',
      tip: `Time since the record above of the same CPU; a dash where none is among the ${formatCount(MOST_SHOWN_ROWS_BACK)} rows above, or the ${formatCount(MOST_LOG_ROWS_BACK)} before it in the log. Click for other deltas.`,
    };
  }
  return { label: 'delta', tip: 'Time since the row above, shown as it is filtered. Click for other deltas.' };
}

/** What a menu offers of the kinds of time. */
export interface KindItem {
  readonly kind: TimeKind;
  readonly label: string;
}

/** Only what the log knows is offered. */
export function kindItems(origin: TimeOrigin, zone: ZoneRules = LOCAL_ZONE): KindItem[] {
  const labels: Readonly<Record<TimeKind, string>> = {
    elapsed: 'Since the log began',
    clock: origin.startUnixMs === null ? '' : `Wall clock, ${zoneText(origin.startUnixMs, zone)}`,
    boot: 'Since the machine was started',
  };
  return TIME_KINDS.filter((kind) => isKnown(kind, origin)).map((kind) => ({ kind, label: labels[kind] }));
}

const DIGIT_LABELS: Readonly<Record<TimeDigits, string>> = {
  ms: 'Milliseconds',
  us: 'Microseconds',
  '100ns': '100 nanoseconds',
};

export const DIGIT_ITEMS: readonly { readonly digits: TimeDigits; readonly label: string }[] = TIME_DIGITS.map(
  (digits) => ({ digits, label: DIGIT_LABELS[digits] }),
);

/** What is said when somebody changes which time is shown. */
export function kindWords(kind: TimeKind, origin: TimeOrigin, zone: ZoneRules = LOCAL_ZONE): string {
  if (kind === 'clock' && origin.startUnixMs !== null)
    return `Times are those of the wall clock, ${zoneText(origin.startUnixMs, zone)}.`;
  return kind === 'boot' ? 'Times are since the machine was started.' : 'Times are since the log began.';
}

/** What is selected, as the status bar tells it. */
export interface SelectedTimes {
  readonly rows: number;
  readonly firstNs: number;
  readonly lastNs: number;
  /** Whether the one selected row is the reference. */
  readonly isReference: boolean;
}

/** `5 rows, +2.104 512 s`; from a reference `+2.104 512 s from the reference`. Null where there is nothing to say. */
export function selectionWords(
  selected: SelectedTimes,
  reference: Reference | null,
  digits: TimeDigits,
): string | null {
  const { rows, firstNs, lastNs, isReference } = selected;
  if (rows > 1) return `${formatCount(rows)} rows, ${deltaText(lastNs - firstNs, digits)} s`;
  if (reference === null) return null;
  return isReference ? 'reference row' : `${deltaText(firstNs - reference.timeNs, digits)} s from the reference`;
}
