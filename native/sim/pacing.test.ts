import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT_MS, nextSlice, SLICE_MS, sliceCap } from './pacing.ts';

/** Runs slices against a clock that only waiting moves; returns how many attempts each one made, and when. */
function simulate(rate: number, totalMs: number, cap: number, hiccup: (turn: number) => number = () => 0) {
  const slices: { at: number; attempts: number }[] = [];
  let now = 0;
  let attempted = 0;
  for (let turn = 0; now < totalMs && turn < 100_000; turn++) {
    const { attempts, waitMs } = nextSlice(rate, now, attempted, cap);
    slices.push({ at: now, attempts });
    attempted += attempts;
    now += Math.max(waitMs, 0.05) + hiccup(turn);
  }
  return { slices, attempted };
}

describe('nextSlice', () => {
  it('keeps the rate, in slices of at most five milliseconds of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (rate) => {
        const { slices, attempted } = simulate(rate, 3000, Number.POSITIVE_INFINITY);
        expect(attempted).toBeGreaterThanOrEqual(rate * 3 - Math.ceil(rate * 0.01) - 1);
        expect(attempted).toBeLessThanOrEqual(rate * 3);
        const largest = slices.reduce((most, { attempts }) => Math.max(most, attempts), 0);
        expect(largest).toBeLessThanOrEqual(Math.ceil((rate * SLICE_MS) / 1000) + 1);
      }),
      { numRuns: 30 },
    );
  });

  it('catches up after being held up, in slices no larger than the cap', () => {
    const { slices, attempted } = simulate(100_000, 2000, 1000, (turn) => (turn === 50 ? 500 : 0));
    expect(attempted).toBeGreaterThan(198_000);
    expect(slices.every(({ attempts }) => attempts <= 1000)).toBe(true);
  });

  it('waits for the next attempt that is due, not less', () => {
    expect(nextSlice(10, 0, 0, 100)).toEqual({ attempts: 0, waitMs: 100 });
    expect(nextSlice(10, 250, 2, 100)).toEqual({ attempts: 0, waitMs: 50 });
    expect(nextSlice(10, 299.5, 2, 100)).toEqual({ attempts: 0, waitMs: 1 });
  });

  it.each([1, 0.0000001, 5e-324, Number.MIN_VALUE * 2])(
    'waits in pieces that a timer can hold and a stop can interrupt, at a rate of %d a second',
    (rate) => {
      for (const elapsed of [0, 1, 899]) {
        expect(nextSlice(rate, elapsed, 0, 100)).toEqual({ attempts: 0, waitMs: LONGEST_WAIT_MS });
      }
      expect(LONGEST_WAIT_MS).toBeLessThan(2 ** 31);
    },
  );

  it.each([1e9, 1e300, Number.MAX_VALUE])('makes no more than the cap at a rate of %d a second', (rate) => {
    expect(nextSlice(rate, 1e6, 0, 100)).toEqual({ attempts: 100, waitMs: 0 });
  });
});

it('a slice fills a quarter of the rings at most', () => {
  expect(sliceCap(8, 1 << 20)).toBe(16384);
  expect(sliceCap(64, 4096)).toBeGreaterThanOrEqual(64);
});
