/** Times of rows as people read them: kinds, digits, zones, and what go-to and copies rely on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZoneRules } from './local-time.ts';
import {
  deltaText,
  elapsedText,
  firstDayText,
  isKnown,
  longestTime,
  NO_ORIGIN,
  nextKind,
  shownKind,
  TIME_DIGITS,
  TIME_KINDS,
  type TimeDigits,
  type TimeKind,
  type TimeOrigin,
  timeWriter,
  zoneText,
} from './shown-time.ts';

const T = '\u2009';
/** An hour ahead of UTC, two from 29 March to 25 October 2026, both at 01:00 UTC. */
const BERLIN: ZoneRules = (unixMs) =>
  unixMs >= Date.UTC(2026, 2, 29, 1) && unixMs < Date.UTC(2026, 9, 25, 1) ? 120 : 60;
const digits = fc.constantFrom<TimeDigits>(...TIME_DIGITS);
const STEP_NS: Readonly<Record<TimeDigits, bigint>> = { ms: 1_000_000n, us: 1000n, '100ns': 100n };

/** The digits of a text as whole nanoseconds, computed in another way than they were written. */
function nsOf(text: string): bigint {
  const [, sign, , hours = '0', , minutes = '0', seconds, fraction] =
    /^(-?)((\d+)h)?((\d+):)?(\d+)\.([\d\u2009]+)$/.exec(text) as unknown as string[];
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds as string);
  const ns = whole * 1_000_000_000n + BigInt((fraction as string).replaceAll(T, '').padEnd(9, '0'));
  return sign === '-' ? -ns : ns;
}

describe('the time since the log began', () => {
  it('has as many digits as were chosen, in groups or in one', () => {
    expect(TIME_DIGITS.map((each) => elapsedText(12_004_512_678, each))).toEqual([
      '12.004',
      `12.004${T}512`,
      `12.004${T}512${T}6`,
    ]);
    expect(TIME_DIGITS.map((each) => elapsedText(3_723_004_512_678, each, ''))).toEqual([
      '1h02:03.004',
      '1h02:03.004512',
      '1h02:03.0045126',
    ]);
    expect(TIME_DIGITS.map((each) => elapsedText(-1, each, ''))).toEqual(['-0.001', '-0.000001', '-0.0000001']);
    expect(elapsedText(-1_000_000, 'ms')).toBe('-0.001');
    expect(elapsedText(0, 'ms')).toBe('0.000');
  });

  it('is never later than the time itself, nor a step of its digits earlier, whatever the time', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), digits, (timeNs, each) => {
        const shown = nsOf(elapsedText(timeNs, each));
        expect(shown <= BigInt(timeNs)).toBe(true);
        expect(BigInt(timeNs) - shown < STEP_NS[each]).toBe(true);
      }),
    );
  });
});

describe('a length of time', () => {
  it('has its sign and as many digits as were chosen', () => {
    expect(TIME_DIGITS.map((each) => deltaText(-127_000_020_990, each, ''))).toEqual([
      '-127.000',
      '-127.000020',
      '-127.0000209',
    ]);
    expect(deltaText(0)).toBe(`+0.000${T}000`);
  });

  it('is cut off towards zero', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), digits, (ns, each) => {
        const text = deltaText(ns, each, '');
        expect(text[0]).toBe(ns < 0 ? '-' : '+');
        expect(nsOf(text.slice(1))).toBe((BigInt(Math.abs(ns)) / STEP_NS[each]) * STEP_NS[each]);
      }),
    );
  });
});

describe('the wall clock', () => {
  const start = Date.UTC(2026, 2, 1, 9, 30) + 0.25;
  const origin: TimeOrigin = { startUnixMs: start, bootNs: null };
  const shown = (timeNs: number, each: TimeDigits = 'us', from = origin, group = T) =>
    timeWriter({ kind: 'clock', digits: each }, from, { zone: BERLIN, group })(timeNs);

  it('is that of the zone, with the fraction of the begin, to the chosen digits', () => {
    expect(shown(0)).toBe(`10:30:00.000${T}250`);
    expect(shown(999_999_800, '100ns')).toBe(`10:30:01.000${T}249${T}8`);
    expect(shown(-1_000_000_000)).toBe(`10:29:59.000${T}250`);
    expect(shown(1_500_000_000, 'ms', origin, '')).toBe('10:30:01.500');
    expect(zoneText(start, BERLIN)).toBe('UTC+01:00');
    expect(zoneText(start, () => 0)).toBe('UTC+00:00');
    expect(firstDayText(start, BERLIN)).toBe('2026-03-01');
  });

  it('names another day than that of the begin, and another distance from UTC', () => {
    const hours = (count: number) => count * 3600e9;
    expect(shown(hours(13.5))).toBe(`2026-03-02 00:00:00.000${T}250`);
    expect(shown(hours(-11))).toBe(`2026-02-28 23:30:00.000${T}250`);
    const spring = { startUnixMs: Date.UTC(2026, 2, 29, 0, 30), bootNs: null };
    expect(shown(0, 'ms', spring)).toBe('01:30:00.000');
    expect(shown(hours(0.5), 'ms', spring)).toBe('03:00:00.000 +02:00');
    // The hour that comes twice is told apart.
    const autumn = { startUnixMs: Date.UTC(2026, 9, 25, 0, 30), bootNs: null };
    expect([0, 1].map((hour) => shown(hours(hour), 'ms', autumn))).toEqual(['02:30:00.000', '02:30:00.000 +01:00']);
  });

  it('is what a clock that counts whole nanoseconds would show, in any order of rows', () => {
    const from = fc.double({ min: 0, max: 4e12, noNaN: true });
    fc.assert(
      fc.property(
        from,
        fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), { minLength: 1 }),
        (startUnixMs, times) => {
          const write = timeWriter(
            { kind: 'clock', digits: '100ns' },
            { startUnixMs, bootNs: null },
            { zone: () => 0, group: '' },
          );
          const whole = Math.floor(startUnixMs);
          const startNs =
            BigInt(whole) * 1_000_000n +
            BigInt(Math.round((startUnixMs - Math.floor(startUnixMs / 1000) * 1000) * 1e6)) -
            BigInt(whole % 1000) * 1_000_000n;
          for (const timeNs of times) {
            const ns = startNs + BigInt(timeNs);
            const second = ns / 1_000_000_000n - (ns % 1_000_000_000n < 0n ? 1n : 0n);
            const date = new Date(Number(second) * 1000).toISOString();
            const fraction = (ns - second * 1_000_000_000n).toString().padStart(9, '0').slice(0, 7);
            expect(write(timeNs).slice(-16)).toBe(`${date.slice(11, 19)}.${fraction}`);
          }
        },
      ),
    );
  });
});

describe('the kinds of time', () => {
  const all: TimeOrigin = { startUnixMs: 1000, bootNs: 5e9 };

  it('are offered only where the log knows them, and one that it does not know shows the time since the begin', () => {
    expect(TIME_KINDS.map((kind) => isKnown(kind, NO_ORIGIN))).toEqual([true, false, false]);
    expect(TIME_KINDS.map((kind) => shownKind(kind, { ...all, bootNs: null }))).toEqual([
      'elapsed',
      'clock',
      'elapsed',
    ]);
    expect(timeWriter({ kind: 'boot', digits: 'ms' }, { ...all, bootNs: null })(1e9)).toBe('1.000');
    expect(timeWriter({ kind: 'clock', digits: 'ms' }, NO_ORIGIN)(1e9)).toBe('1.000');
    expect(timeWriter({ kind: 'boot', digits: 'ms' }, all)(1e9)).toBe('6.000');
  });

  it('follow each other in a round of those that the log knows', () => {
    const round = (origin: TimeOrigin): TimeKind[] => {
      const kinds: TimeKind[] = ['elapsed'];
      for (let step = 0; step < 3; step++) kinds.push(nextKind(kinds.at(-1) as TimeKind, origin));
      return kinds;
    };
    expect(round(all)).toEqual(['elapsed', 'clock', 'boot', 'elapsed']);
    expect(round({ ...all, bootNs: null })).toEqual(['elapsed', 'clock', 'elapsed', 'clock']);
    expect(round(NO_ORIGIN)).toEqual(['elapsed', 'elapsed', 'elapsed', 'elapsed']);
    // What was chosen in another log is not known here.
    expect(nextKind('boot', { ...all, bootNs: null })).toBe('clock');
  });
});

it('the room that the longest time takes is enough for every time between', () => {
  const zone = BERLIN;
  const kinds = fc.constantFrom<TimeKind>(...TIME_KINDS);
  const time = fc.integer({ min: -(2 ** 50), max: 2 ** 53 - 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      kinds,
      digits,
      time,
      time,
      share,
      fc.integer({ min: 0, max: 2e12 }),
      (kind, each, a, b, at, startUnixMs) => {
        const write = timeWriter({ kind, digits: each }, { startUnixMs, bootNs: 1e15 }, { zone });
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const between = Math.round(from + (to - from) * at);
        expect(write(between).length).toBeLessThanOrEqual(longestTime(write, kind, from, to));
      },
    ),
  );
});
