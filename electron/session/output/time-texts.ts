/**
 * Times and deltas in text for people, as the table that it comes from shows them (contract/shown-time.ts), without the
 * blanks between groups of digits. Where no table is behind it, times are seconds to the nanosecond.
 */
import type { ZoneRules } from '../../contract/local-time.ts';
import {
  deltaText,
  shownKind,
  type TimeKind,
  type TimeOrigin,
  timeWriter,
  zoneText,
} from '../../contract/shown-time.ts';
import type { TimesOfOutput } from './output-facts.ts';
import type { ExportRow } from './output-row.ts';
import { decimal } from './row-values.ts';

export interface TimeTexts {
  /** What a header says of the times: `, times are of the clock at UTC+01:00`; empty for those since the log began. */
  readonly words: string;
  /** The names of the columns. */
  readonly names: { readonly time: string; readonly delta: string };
  readonly time: (row: ExportRow) => string;
  /** Null where the table has no such column. */
  readonly delta: ((row: ExportRow) => string) | null;
}

const EXACT: TimeTexts = {
  words: '',
  names: { time: 'time (s)', delta: '' },
  time: ({ timeNs }) => decimal(timeNs, 9),
  delta: null,
};

/** What stands where nothing near enough is measured from. */
const NONE = '-';

export function timeTexts(times: TimesOfOutput | null): TimeTexts {
  if (times === null) return EXACT;
  const { digits, delta, origin, zone } = times;
  const kind = shownKind(times.kind, origin);
  const write = timeWriter({ kind, digits }, origin, { group: '', ...(zone === undefined ? {} : { zone }) });
  const deltaOf = (row: ExportRow): number | null => {
    if (delta === 'row') return row.deltaNs;
    if (delta === 'cpu') return row.cpuDeltaNs;
    return delta === null ? null : row.timeNs - delta.fromNs;
  };
  return {
    ...wordsOf(kind, origin, zone),
    time: ({ timeNs }) => write(timeNs),
    delta:
      delta === null
        ? null
        : (row) => {
            const ns = deltaOf(row);
            return ns === null ? NONE : deltaText(ns, digits, '');
          },
  };
}

function wordsOf(
  kind: TimeKind,
  { startUnixMs, bootNs }: TimeOrigin,
  zone: ZoneRules | undefined,
): Pick<TimeTexts, 'words' | 'names'> {
  if (kind === 'clock' && startUnixMs !== null) {
    const named = zoneText(startUnixMs, zone);
    return { words: `, times are of the clock at ${named}`, names: { time: `time (${named})`, delta: 'delta (s)' } };
  }
  if (kind === 'boot' && bootNs !== null) {
    const before = `${decimal(bootNs, 9)} s before time 0`;
    return {
      words: `, times are since the machine was started, ${before}`,
      names: { time: 'time since boot', delta: 'delta (s)' },
    };
  }
  return { words: '', names: { time: 'time', delta: 'delta (s)' } };
}
