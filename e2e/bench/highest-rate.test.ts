import { describe, expect, it } from 'vitest';
import { FIRST_RATE, highestRate } from './highest-rate.ts';

/** Holds rates up to one; the first attempt at each rate may fail. */
function upTo(limit: number, unlucky = false) {
  const tried = new Set<number>();
  return async (rate: number) => {
    const first = !tried.has(rate);
    tried.add(rate);
    return { held: rate <= limit && !(unlucky && first), rate };
  };
}

describe('the highest rate that is held', () => {
  it('comes close to the limit from below, and says what the run there gave', async () => {
    for (const [quick, close] of [
      [false, 1.04],
      [true, 1.2],
    ] as const) {
      for (const limit of [100_000, 130_000, 1_237_545, 2_414_663]) {
        const { rate, run } = await highestRate(upTo(limit), quick);
        expect(rate).toBeLessThanOrEqual(limit);
        expect(rate * close).toBeGreaterThanOrEqual(limit);
        expect(run).toEqual({ held: true, rate });
      }
    }
  });

  it('is none where the first is not held, and allows a second attempt at each', async () => {
    expect(await highestRate(upTo(FIRST_RATE - 1), false)).toEqual({ rate: 0, run: null });
    expect((await highestRate(upTo(1_000_000, true), false)).rate).toBeGreaterThan(960_000);
  });
});
