import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  TIME_DIGITS,
  TIME_KINDS,
  type TimeDigits,
  type TimeKind,
  timeWriter,
} from '../../electron/contract/shown-time.ts';
import { formatCount, formatTime } from './format.ts';
import { landingWords, parseGoTo } from './go-to.ts';
import { formatWallClock, unixNs, type ZoneRules } from './wall-clock.ts';

/** 23:59:30 local time, with a fraction. */
const START = new Date(2026, 2, 1, 23, 59, 30).getTime() + 0.25;
const clock = { startUnixMs: START, aroundNs: 0 };
const go = (text: string, aroundNs = 0) => parseGoTo(text, { ...clock, aroundNs })?.target ?? null;
const at = (seconds: number) => ({ timeNs: seconds * 1e9 - 250_000 });

describe('parseGoTo', () => {
  it.each([
    ['10021', { index: 10_021 }],
    [' 10,021 ', { index: 10_021 }],
    ['12.5', { timeNs: 12.5e9 }],
    ['+12.5s', { timeNs: 12.5e9 }],
    ['+12', { timeNs: 12e9 }],
    ['-12.5', { timeNs: -12.5e9 }],
    ['-5', { timeNs: -5e9 }],
    ['250ms', { timeNs: 250e6 }],
    ['1.5 us', { timeNs: 1500 }],
    ['12,004,512,000 ns', { timeNs: 12_004_512_000 }],
    ['90min', { timeNs: 5400e9 }],
    ['2:07', { timeNs: 127e9 }],
    ['-2:07', { timeNs: -127e9 }],
    ['+1:00:00.000001', { timeNs: 3600e9 + 1000 }],
    ['-1:00:00', { timeNs: -3600e9 }],
    ['1h00:00.5', { timeNs: 3600.5e9 }],
    ['100h02:03', { timeNs: 360_123e9 }],
    ['23:59:45.5', at(15.5)],
    ['2026-03-01T23:59:31', at(1)],
    ['2026-03-01 23:59:31.000 002', { timeNs: at(1).timeNs + 2000 }],
    ['2026-03-02 00:00', at(30)],
    ['2026-03-01T22:00:00', at(-7170)],
  ])('reads %s', (text, target) => {
    expect(go(text)).toEqual(target);
  });

  it('takes the time of day nearest to what is on the screen', () => {
    expect(go('00:00:10')).toEqual(at(40));
    expect(go('23:59:31', 86_400e9)).toEqual(at(86_401));
    // 11:59:29 earlier is nearer than 12:00:30 later.
    expect(go('12:00:01')).toEqual(at(-43_169));
    expect(go('11:59:29')).toEqual(at(43_199));
  });

  it('knows zones', () => {
    const utc = new Date(START + 1000).toISOString().slice(0, 19);
    const whole = Date.parse(`${utc}Z`);
    expect(go(`${utc}Z`)).toEqual({ timeNs: Math.floor((whole - START) * 1e6) });
    expect(go(`${utc}+02:00`)).toEqual({ timeNs: Math.floor((whole - 7_200_000 - START) * 1e6) });
    expect(go(`${utc}-0030`)).toEqual({ timeNs: Math.floor((whole + 1_800_000 - START) * 1e6) });
  });

  it.each([
    '',
    'abc',
    '--5',
    '12.5x',
    '12,5',
    '1,5s',
    '25:00:00',
    '2:60',
    '1:2:3:4',
    '2026-02-30 10:00',
    '12..5',
    '99999999999999999999',
  ])('refuses %s', (text) => {
    expect(go(text)).toBeNull();
  });
});

/** Berlin in 2026: summer time ends on 25 October at 03:00, which is 02:00 again. */
const WINTER = Date.UTC(2026, 9, 25, 1);
const BERLIN: ZoneRules = (unixMs) => (unixMs >= Date.UTC(2026, 2, 29, 1) && unixMs < WINTER ? 120 : 60);

describe('what is shown, typed into Go to, leads to the time it was shown for', () => {
  const startUnixMs = fc
    .tuple(fc.integer({ min: WINTER - 90_000_000, max: WINTER + 90_000_000 }), fc.nat(4095))
    // What a double holds of a fraction of a millisecond.
    .map(([ms, part]) => ms + part / 4096);
  const timeNs = fc.oneof(
    // A hundred days: what a double counts in nanoseconds.
    fc.integer({ min: -9e15, max: 9e15 }),
    fc.integer({ min: -9_000_000, max: 9_000_000 }).map((ms) => ms * 1e6),
    fc.integer({ min: -5_000_000, max: 5_000_000 }),
  );
  /** What a person may make of a thin space. */
  const blank = fc.constantFrom('\u2009', ' ', '');

  it.each([
    ['the time column', (ns: number) => formatTime(ns)],
    ['the time of the details', (ns: number) => `${formatTime(ns)} (${formatCount(ns)} ns)`],
    ['the nanoseconds of the details', (ns: number) => `${formatCount(ns)} ns`],
  ])('%s', (_, shown) => {
    fc.assert(
      fc.property(timeNs, startUnixMs, blank, (ns, start, space) => {
        const text = shown(ns).replaceAll('\u2009', space);
        const target = parseGoTo(text, { startUnixMs: start, aroundNs: 0, zone: BERLIN })?.target;
        const found = target && 'timeNs' in target ? target.timeNs : Number.NaN;
        // Never behind the row: the first row at or after it would be another.
        expect(ns - found).toBeGreaterThanOrEqual(0);
        expect(ns - found).toBeLessThan(text.includes('ns') ? 1 : 1000);
      }),
    );
  });

  it('the column of times, whichever it shows, with any number of digits', () => {
    const kinds = fc.constantFrom<TimeKind>(...TIME_KINDS);
    const digits = fc.constantFrom<TimeDigits>(...TIME_DIGITS);
    const times = fc.integer({ min: -8_000_000_000_000, max: 8_000_000_000_000 });
    const bootNs = 86_400e9;
    fc.assert(
      fc.property(kinds, digits, times, startUnixMs, blank, (kind, each, ns, start, space) => {
        const write = timeWriter({ kind, digits: each }, { startUnixMs: start, bootNs }, { zone: BERLIN });
        const typed = write(ns).replaceAll('\u2009', space);
        const shown = { startUnixMs: start, aroundNs: ns, zone: BERLIN, bootNs: kind === 'boot' ? bootNs : null };
        const target = parseGoTo(typed, shown)?.target;
        const found = target && 'timeNs' in target ? target.timeNs : Number.NaN;
        expect(ns - found).toBeGreaterThanOrEqual(0);
        expect(ns - found).toBeLessThan({ ms: 1e6, us: 1e3, '100ns': 100 }[each]);
      }),
      { numRuns: 500 },
    );
  });

  it('the clock of the details, also in the hour that comes twice', () => {
    const twice = { count: 0 };
    fc.assert(
      fc.property(
        fc.integer({ min: -8_000_000_000_000, max: 8_000_000_000_000 }),
        startUnixMs,
        blank,
        (ns, start, space) => {
          const row = unixNs(start) + BigInt(ns);
          const text = formatWallClock(row, BERLIN).replaceAll('\u2009', space);
          if (text.startsWith('2026-10-25 02:')) twice.count++;
          for (const typed of [text, text.slice('2026-10-25 '.length)]) {
            // A time of day alone means the day that is looked at.
            const destination = parseGoTo(typed, { startUnixMs: start, aroundNs: ns, zone: BERLIN });
            const found = destination && 'timeNs' in destination.target ? destination.target.timeNs : Number.NaN;
            expect(ns - found).toBeGreaterThanOrEqual(0);
            expect(ns - found).toBeLessThan(1000);
            expect(destination?.note).toBe('');
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(twice.count).toBeGreaterThan(0);
  });
});

describe('where times are shown since the machine was started', () => {
  const shown = { ...clock, bootNs: 3600e9 };

  it('a time is read as that, one with a sign as time since the log began', () => {
    expect(parseGoTo('1h00:12.5', shown)?.target).toEqual({ timeNs: 12.5e9 });
    expect(parseGoTo('3612.5s', shown)?.target).toEqual({ timeNs: 12.5e9 });
    expect(parseGoTo('3612.5', shown)?.note).toContain('since the machine was started');
    expect(parseGoTo('+12.5s', shown)).toEqual({ target: { timeNs: 12.5e9 }, note: '' });
    expect(parseGoTo('-1:00', shown)).toEqual({ target: { timeNs: -60e9 }, note: '' });
    expect(parseGoTo('10,021', shown)?.target).toEqual({ index: 10_021 });
    expect(parseGoTo('23:59:45.5', shown)?.target).toEqual(at(15.5));
  });
});

describe('a time of the hour that comes twice', () => {
  const startUnixMs = Date.UTC(2026, 9, 24, 23);
  const goAt = (text: string, aroundHours: number) =>
    parseGoTo(text, { startUnixMs, aroundNs: aroundHours * 3600e9, zone: BERLIN });

  it('is the one its offset says', () => {
    for (const around of [0, 4]) {
      expect(goAt('2026-10-25 02:30:00 +02:00', around)).toEqual({ target: { timeNs: 1.5 * 3600e9 }, note: '' });
      expect(goAt('2026-10-25 02:30:00 +01:00', around)).toEqual({ target: { timeNs: 2.5 * 3600e9 }, note: '' });
      expect(goAt('02:30:00 +01:00', around)).toEqual({ target: { timeNs: 2.5 * 3600e9 }, note: '' });
      expect(goAt('00:30:00Z', around)).toEqual({ target: { timeNs: 1.5 * 3600e9 }, note: '' });
    }
  });

  it('is, without an offset, the one nearest to what is shown, and that is said', () => {
    for (const text of ['02:30:00', '2026-10-25 02:30']) {
      const early = goAt(text, 0);
      expect(early?.target).toEqual({ timeNs: 1.5 * 3600e9 });
      expect(early?.note).toContain('twice: taken is the one at +02:00');
      expect(early?.note).toContain('add +01:00');
      const late = goAt(text, 4);
      expect(late?.target).toEqual({ timeNs: 2.5 * 3600e9 });
      expect(late?.note).toContain('taken is the one at +01:00');
    }
    expect(goAt('03:30:00', 0)?.note).toBe('');
  });

  it('and one that was left out is said to be none', () => {
    const spring = { startUnixMs: Date.UTC(2026, 2, 29, 0), aroundNs: 0, zone: BERLIN };
    expect(parseGoTo('02:30:00', spring)).toEqual({
      target: { timeNs: 1.5 * 3600e9 },
      note: 'The clock was put forward over this time: it was never shown.',
    });
  });
});

describe('landingWords', () => {
  const found = { generation: 1, row: 4, index: 5000, position: null, nearest: 3, absence: null };

  it('say why somebody is not where they wanted to be', () => {
    expect(landingWords({ index: 5000 }, { ...found, position: 3 })).toBe('');
    expect(landingWords({ timeNs: 1 }, { ...found, position: 3 })).toBe('');
    expect(landingWords({ index: 4998 }, { ...found, position: 3 })).toBe(
      'No row has index 4,998: 5,000 is the next one.',
    );
    expect(landingWords({ index: 5000 }, { ...found, absence: 'hidden' })).toBe(
      'Record 5,000 is hidden by the filter.',
    );
    expect(landingWords({ timeNs: 1 }, { ...found, absence: 'held-back' })).toContain('after the view was paused');
    expect(landingWords({ timeNs: 1 }, { ...found, absence: 'not-reached' })).toContain('has not come to record 5,000');
  });
});
