/** Which row another view is brought to: laws over all places, and each kind of agreement by example. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX } from '../../electron/contract/check.ts';
import type { Located } from '../../electron/contract/rows.ts';
import { NO_ORIGIN, type TimeOrigin } from '../../electron/contract/shown-time.ts';
import { maxTop, minTop, ROW_PX } from './scroll.ts';
import { anchorOf, bondOf, bondWords, type Seen, targetOf, topFor } from './together.ts';

const at = (startUnixMs: number): TimeOrigin => ({ startUnixMs, bootNs: null });
const log = (session: number, origin: TimeOrigin) => ({ session, origin });

/** A view that shows every second row of its session, of which only `held` positions are there. */
function seen(top: number, selection: Seen['selection'], held: (position: number) => boolean = () => true): Seen {
  const row = (position: number) => ({ row: position * 2, timeNs: position * 1000 });
  return {
    ...{ first: 10, end: 100, viewPx: 200, top, selection },
    cache: { get: (position) => (held(position) ? (row(position) as never) : undefined) },
  };
}
const end = (position: number) => ({ position, row: position * 2 });

const found = (nearest: number | null): Located => ({
  ...{ generation: 1, row: 4, index: 5, position: nearest, nearest },
  absence: null,
});

describe('two views agree', () => {
  it('by rows in one session, by the clock where both know it, else by the time since each began', () => {
    expect(bondOf(log(1, NO_ORIGIN), log(1, at(5)))).toBe('rows');
    expect(bondOf(log(1, at(3)), log(2, at(5)))).toBe('clock');
    expect(bondOf(log(1, at(3)), log(2, NO_ORIGIN))).toBe('elapsed');
    expect(bondOf(log(1, NO_ORIGIN), log(2, at(3)))).toBe('elapsed');
    expect((['rows', 'clock', 'elapsed'] as const).map(bondWords)).toEqual([
      'same log',
      'by the clock',
      'by the time since each log began',
    ]);
  });

  it('on the same row, the same moment, or the same time since each began', () => {
    const row = { row: 7, timeNs: 1_000_000 };
    expect(targetOf(row, log(1, at(3)), log(1, at(3)))).toEqual({ row: 7 });
    // The other began 2 ms later, so that its clock shows the same moment 2 ms earlier.
    expect(targetOf(row, log(1, at(3)), log(2, at(5)))).toEqual({ timeNs: -1_000_000 });
    expect(targetOf(row, log(1, at(5)), log(2, at(3)))).toEqual({ timeNs: 3_000_000 });
    expect(targetOf(row, log(1, NO_ORIGIN), log(2, at(3)))).toEqual({ timeNs: 1_000_000 });
  });

  it('on a time that a request may carry, whatever the clocks say', () => {
    const times = fc.integer({ min: -MAX, max: MAX });
    const clocks = fc.double({ min: -1e15, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(times, clocks, clocks, (timeNs, one, other) => {
        const target = targetOf({ row: 0, timeNs }, log(1, at(one)), log(2, at(other)));
        return 'timeNs' in target && Number.isSafeInteger(target.timeNs);
      }),
    );
  });
});

describe('the row by which a view is looked at', () => {
  it('is the selected one while that is in sight', () => {
    const selection = { anchor: end(14), focus: end(14) };
    expect(anchorOf(seen(12 * ROW_PX + 5, selection))).toEqual({ row: 28, timeNs: 14_000, y: 35, selected: true });
  });

  it('is the first one in sight else, which may be partly hidden', () => {
    const topmost = { row: 24, timeNs: 12_000, y: -5, selected: false };
    expect(anchorOf(seen(12 * ROW_PX + 5, null))).toEqual(topmost);
    expect(anchorOf(seen(12 * ROW_PX + 5, { anchor: end(60), focus: end(60) }))).toEqual(topmost);
    expect(anchorOf(seen(12 * ROW_PX + 5, { anchor: end(11), focus: end(11) }))).toEqual(topmost);
  });

  it('is the end of a range that moves, which is not selected in the other one', () => {
    expect(anchorOf(seen(240, { anchor: end(20), focus: end(14) }))).toMatchObject({ row: 28, selected: false });
  });

  it('is none while the row is not held', () => {
    expect(anchorOf(seen(240, null, (position) => position > 12))).toBeNull();
  });
});

describe('the place of the other view', () => {
  const extent = { first: 10, end: 100, viewPx: 200 };

  it('has the row at the height at which its like is, as far as there are rows', () => {
    expect(topFor(found(50), { row: 4 }, 35, extent)).toBe(50 * ROW_PX - 35);
    expect(topFor(found(11), { row: 4 }, 35, extent)).toBe(minTop(extent));
    expect(topFor(found(99), { row: 4 }, 0, extent)).toBe(maxTop(extent));
    expect(topFor(found(null), { row: 4 }, 0, extent)).toBeNull();
  });

  it('is the begin for a row that was dropped, and the end for a time that has not come', () => {
    expect(topFor(null, { row: 4 }, 0, extent)).toBe(minTop(extent));
    expect(topFor(null, { timeNs: 4 }, 0, extent)).toBe(maxTop(extent));
  });
});
