/** What the columns of times and of deltas show, and how wide they have to be for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../electron/contract/rows.ts';
import {
  DEFAULT_TIMES,
  DELTA_BASES,
  type DeltaBase,
  NO_ORIGIN,
  TIME_DIGITS,
  TIME_KINDS,
  type TimeDigits,
  type TimeKind,
  type TimeOrigin,
} from '../../electron/contract/shown-time.ts';
import { fitParts } from './cell-text.ts';
import { visibleColumns } from './columns.ts';
import {
  DIGIT_ITEMS,
  kindItems,
  kindWords,
  NO_TIMES_SEEN,
  noteTimes,
  type Reference,
  selectionWords,
  type TimeSetting,
  timeColumns,
} from './time-columns.ts';

const T = '\u2009';
const START = Date.UTC(2026, 2, 1, 9, 30);
const KNOWN: TimeOrigin = { startUnixMs: START, bootNs: 3600e9 };
const zone = () => 60;
const row = (timeNs: number, deltaNs: number | null = null, cpuDeltaNs: number | null = null) =>
  ({ kind: 0, timeNs, deltaNs, cpuDeltaNs }) as LogRow;
const REFERENCE: Reference = { row: 6, index: 1234, timeNs: 2_000_000_000, epoch: 0 };
const columns = (over: Partial<TimeSetting> = {}) =>
  timeColumns({ choice: DEFAULT_TIMES, origin: KNOWN, reference: null, fromReference: false, zone, ...over });
const whole = ({ quiet, strong }: { quiet: string; strong: string }) => quiet + strong;

describe('the column of times', () => {
  it('shows the chosen kind and says in its head which, with the time zone', () => {
    const shown = TIME_KINDS.map((kind) => {
      const { time, heads } = columns({ choice: { ...DEFAULT_TIMES, kind } });
      return [whole(time(row(12_004_512_678))), heads.time.label];
    });
    expect(shown).toEqual([
      [`12.004${T}512`, 'time'],
      [`10:30:12.004${T}512`, 'UTC+01:00'],
      [`1h00:12.004${T}512`, 'since boot'],
    ]);
    expect(columns({ choice: { ...DEFAULT_TIMES, kind: 'clock' } }).heads.time.tip).toContain('began on 2026-03-01');
  });

  it('shows the time since the log began where the log does not know the chosen kind, and the head says so', () => {
    for (const kind of ['clock', 'boot'] as const) {
      const { time, heads } = columns({ choice: { ...DEFAULT_TIMES, kind }, origin: NO_ORIGIN });
      expect([whole(time(row(1_000_000_000))), heads.time.label]).toEqual([`1.000${T}000`, 'time']);
    }
  });

  it('makes the digits stronger that differ from the row above, also under the clock', () => {
    const clock = columns({ choice: { ...DEFAULT_TIMES, kind: 'clock', digits: '100ns' } });
    expect(clock.time(row(12_004_512_600, 100))).toEqual({ quiet: `10:30:12.004${T}512${T}`, strong: '6' });
    expect(clock.time(row(60_000_000_000, 59_000_000_000))).toEqual({ quiet: '10:3', strong: `1:00.000${T}000${T}0` });
    expect(clock.time(row(0))).toEqual({ quiet: '', strong: `10:30:00.000${T}000${T}0` });
  });
});

describe('times on an axis', () => {
  it('are of the chosen kind, with the digits that they need, and round where their text is', () => {
    const columns = (kind: TimeKind, origin: TimeOrigin) =>
      timeColumns({ choice: { ...DEFAULT_TIMES, kind }, origin, reference: null, fromReference: false, zone: () => 0 });
    const elapsed = columns('elapsed', NO_ORIGIN);
    expect([elapsed.textTo('s')(4e9), elapsed.textTo('s')(64e9), elapsed.textTo('ms')(4.2e9)]).toEqual([
      ...['4 s', '1:04', '4.200'],
    ]);
    expect(elapsed.phaseNs(200e6)).toBe(0);
    const clock = columns('clock', { startUnixMs: Date.UTC(2026, 2, 1, 13, 45, 8, 250), bootNs: null });
    expect(clock.textTo('s')(750e6)).toBe('13:45:09');
    // 0.15 s after the begin it is 13:45:08.400.
    expect([(150e6 + clock.phaseNs(200e6)) % 200e6, (1.75e9 + clock.phaseNs(10e9)) % 10e9]).toEqual([0, 0]);
    const boot = columns('boot', { startUnixMs: null, bootNs: 12_345_678_901 });
    expect([boot.phaseNs(1000), boot.textTo('us')(99)]).toEqual([901, '12.345\u2009679']);
  });
});

describe('the column of deltas', () => {
  it('measures from the row above, the record above of the same CPU, or the reference', () => {
    const cpu = columns({ choice: { ...DEFAULT_TIMES, delta: 'cpu' } });
    const from = columns({ reference: REFERENCE, fromReference: true });
    const one = row(1_500_000_000, 2_000_000, 40_000_000);
    expect([columns(), cpu, from].map((each) => whole(each.delta(one)))).toEqual([
      `+0.002${T}000`,
      `+0.040${T}000`,
      `-0.500${T}000`,
    ]);
    expect([columns(), cpu, from].map(({ heads }) => heads.delta.label)).toEqual([
      'delta',
      'delta, cpu',
      'from #1,234',
    ]);
    // The reference itself, and a reference that the column does not use.
    expect(whole(from.delta(row(REFERENCE.timeNs)))).toBe(`+0.000${T}000`);
    const kept = columns({ reference: REFERENCE });
    expect([whole(kept.delta(one)), kept.reference]).toEqual([`+0.002${T}000`, REFERENCE]);
  });

  it('has a dash where no record of the same CPU is near, and nothing above the first row', () => {
    const cpu = columns({ choice: { ...DEFAULT_TIMES, delta: 'cpu' } });
    expect(whole(cpu.delta(row(5, 5, null)))).toBe('\u2013');
    expect(cpu.heads.delta.tip).toContain('1,000 rows');
    expect(whole(columns().delta(row(5, null, null)))).toBe('');
  });
});

it('no time and no delta is cut, whatever is shown and however narrow the person made the columns', () => {
  const ns = fc.integer({ min: -(2 ** 51), max: 2 ** 52 });
  const anyRow = fc.tuple(ns, fc.option(ns), fc.option(ns)).map((each) => row(...each));
  fc.assert(
    fc.property(
      fc.constantFrom<TimeKind>(...TIME_KINDS),
      fc.constantFrom<TimeDigits>(...TIME_DIGITS),
      fc.constantFrom<DeltaBase>(...DELTA_BASES),
      fc.option(ns),
      fc.array(anyRow, { minLength: 1, maxLength: 20 }),
      (kind, digits, delta, referenceNs, rows) => {
        const reference = referenceNs === null ? null : { ...REFERENCE, timeNs: referenceNs };
        const shown = columns({ choice: { kind, digits, delta }, reference, fromReference: referenceNs !== null });
        const seen = rows.reduce(noteTimes, NO_TIMES_SEEN);
        const narrow = { characters: { time: 1, delta: 1 }, modes: {} };
        const fitted = visibleColumns(narrow, { ids: new Set(), characters: shown.characters(seen) });
        for (const id of ['time', 'delta'] as const) {
          const width = fitted.find((column) => column.id === id)?.minWidth ?? 0;
          for (const each of rows) {
            const text = whole(shown[id](each));
            expect(whole(fitParts(shown[id](each), width)).trim()).toBe(text);
          }
        }
      },
    ),
  );
});

it('spans grow only by what lies outside of them', () => {
  const one = noteTimes(NO_TIMES_SEEN, row(5, null, 3));
  expect(one).toEqual({ time: { min: 5, max: 5 }, delta: null, cpuDelta: { min: 3, max: 3 } });
  expect(noteTimes(one, row(5, null, 3))).toBe(one);
  expect(noteTimes(one, row(-5, 2, null))).toEqual({
    ...{ time: { min: -5, max: 5 }, delta: { min: 2, max: 2 }, cpuDelta: { min: 3, max: 3 } },
  });
});

describe('menus and words', () => {
  it('offer the times that the log knows, and every number of digits', () => {
    expect(kindItems(KNOWN, zone).map(({ label }) => label)).toEqual([
      'Since the log began',
      'Wall clock, UTC+01:00',
      'Since the machine was started',
    ]);
    expect(kindItems(NO_ORIGIN).map(({ kind }) => kind)).toEqual(['elapsed']);
    expect(DIGIT_ITEMS.map(({ digits }) => digits)).toEqual(TIME_DIGITS);
    expect(TIME_KINDS.map((kind) => kindWords(kind, KNOWN, zone))).toEqual([
      'Times are since the log began.',
      'Times are those of the wall clock, UTC+01:00.',
      'Times are since the machine was started.',
    ]);
  });

  it('of a selection say how many rows, and the time from the first to the last; of one how far the reference is', () => {
    const several = { rows: 5, firstNs: 1e9, lastNs: 3_104_512_000, isReference: false };
    expect(selectionWords(several, REFERENCE, 'us')).toBe(`5 rows, +2.104${T}512 s`);
    // A late row at the end.
    expect(selectionWords({ ...several, rows: 1200, lastNs: 0 }, null, 'ms')).toBe('1,200 rows, -1.000 s');
    const one = { rows: 1, firstNs: 1e9, lastNs: 1e9, isReference: false };
    expect(selectionWords(one, null, 'us')).toBeNull();
    expect(selectionWords(one, REFERENCE, 'us')).toBe(`-1.000${T}000 s from the reference`);
    expect(selectionWords({ ...one, isReference: true }, REFERENCE, 'us')).toBe('reference row');
  });
});
