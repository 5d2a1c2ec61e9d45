import { describe, expect, it } from 'vitest';
import { framesOver, growth, median, percentile, rounded, spread } from './statistics.ts';

describe('statistics', () => {
  it('take the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('are not moved by one disturbed repetition', () => {
    expect(median([10, 10, 11, 900, 10])).toBe(10);
    expect(spread([10, 10, 10, 10, 900])).toBe(0);
    expect(spread([8, 9, 10, 11, 12])).toBeCloseTo(0.1);
  });

  it('tell what a share of all do not exceed', () => {
    const twenty = Array.from({ length: 20 }, (_, at) => 20 - at);
    expect([percentile(twenty, 0.95), percentile(twenty, 1), percentile([7], 0.95)]).toEqual([19, 20, 7]);
    expect([percentile([], 0.95), percentile([1, Number.NaN], 0.5)]).toEqual([Number.NaN, Number.NaN]);
  });

  it('count frames over a limit, not at it', () => {
    expect(framesOver([16, 20, 20.1, 33], 20)).toEqual({ percent: 50, longestMs: 33 });
    expect(framesOver([], 20)).toEqual({ percent: 0, longestMs: 0 });
  });

  it('round to what was measured', () => {
    expect(rounded(1234.567)).toBe(1235);
    expect(rounded(0.00123456)).toBe(0.001235);
    expect(rounded(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('growth', () => {
  it('is that of the second half, whatever single samples say', () => {
    expect(growth([9, 9, 9, 9, 100, 100, 100, 100, 110, 110, 500, 110])).toBeCloseTo(0.1);
    expect(growth([1, 1, 1, 1, 1, 1, 100, 900, 100, 100, 100, 20])).toBeCloseTo(0);
  });

  it('is unknown of few', () => {
    expect(growth([1, 2, 3, 4, 5, 6])).toBeNull();
  });
});
