import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../electron/contract/wall-moments.ts';
import { formatWallClock, LOCAL_ZONE, offsetText, unixNs, type ZoneRules } from './wall-clock.ts';

const T = '\u2009';
/** Berlin in 2026: summer time from 29 March, 02:00, to 25 October, 03:00. */
const SUMMER = Date.UTC(2026, 2, 29, 1);
const WINTER = Date.UTC(2026, 9, 25, 1);
const BERLIN: ZoneRules = (unixMs) => (unixMs >= SUMMER && unixMs < WINTER ? 120 : 60);
const NEWFOUNDLAND: ZoneRules = () => -210;

describe('the clock on the wall', () => {
  it('is shown with its distance from UTC, which tells the two hours apart that have the same name', () => {
    const first = unixNs(Date.UTC(2026, 9, 25, 0, 30, 0, 4)) + 512_000n;
    expect(formatWallClock(first, BERLIN)).toBe(`2026-10-25 02:30:00.004${T}512 +02:00`);
    expect(formatWallClock(first + 3_600_000_000_000n, BERLIN)).toBe(`2026-10-25 02:30:00.004${T}512 +01:00`);
    expect(formatWallClock(unixNs(Date.UTC(2026, 0, 1, 2)), NEWFOUNDLAND)).toBe(
      `2025-12-31 22:30:00.000${T}000 -03:30`,
    );
    expect([0, 60, -210, 845].map(offsetText)).toEqual(['+00:00', '+01:00', '-03:30', '+14:05']);
  });

  it('is that of the place the program runs in', () => {
    const local = new Date(2026, 2, 1, 13, 45, 10, 4).getTime();
    expect(formatWallClock(unixNs(local))).toBe(`2026-03-01 13:45:10.004${T}000 ${offsetText(LOCAL_ZONE(local))}`);
    expect(formatWallClock(unixNs(local + 0.5))).toContain(`10.004${T}500 `);
  });

  it('means two moments in the hour that comes twice, none in the one left out, else one', () => {
    const at = (month: number, day: number, hour: number) =>
      momentsOf({ year: 2026, month, day, hour, minute: 30, second: 0 }, BERLIN);
    expect(at(10, 25, 2)).toEqual({
      unixMs: [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)],
      skipped: false,
    });
    expect(at(3, 29, 2)).toEqual({ unixMs: [Date.UTC(2026, 2, 29, 1, 30)], skipped: true });
    expect(at(10, 25, 1)).toEqual({ unixMs: [Date.UTC(2026, 9, 24, 23, 30)], skipped: false });
    expect(at(10, 25, 3)).toEqual({ unixMs: [Date.UTC(2026, 9, 25, 2, 30)], skipped: false });
    expect(at(3, 29, 3)).toEqual({ unixMs: [Date.UTC(2026, 2, 29, 1, 30)], skipped: false });
  });

  it('gives back any moment among those its own time can mean', () => {
    const moment = fc.oneof(
      fc.integer({ min: SUMMER / 1000 - 100_000, max: SUMMER / 1000 + 100_000 }),
      fc.integer({ min: WINTER / 1000 - 100_000, max: WINTER / 1000 + 100_000 }),
    );
    fc.assert(
      fc.property(moment, (seconds) => {
        const [date = '', time = ''] = formatWallClock(unixNs(seconds * 1000), BERLIN).split(' ');
        const [year, month, day] = date.split('-').map(Number);
        const [hour, minute, second] = time.slice(0, 8).split(':').map(Number);
        const wall = { year, month, day, hour, minute, second } as Parameters<typeof momentsOf>[0];
        const { unixMs, skipped } = momentsOf(wall, BERLIN);
        expect(unixMs).toContain(seconds * 1000);
        expect(skipped).toBe(false);
      }),
    );
  });

  it('keeps nanoseconds that a double of milliseconds holds', () => {
    expect(unixNs(0.25)).toBe(250_000n);
    expect(unixNs(1_772_372_970_000.25)).toBe(1_772_372_970_000_250_000n);
    expect(formatWallClock(-1n, () => 0)).toBe(`1969-12-31 23:59:59.999${T}999 +00:00`);
  });
});
