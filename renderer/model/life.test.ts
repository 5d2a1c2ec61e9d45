import { describe, expect, it } from 'vitest';
import { NO_LIFE } from '../../electron/contract/life.ts';
import { formatDuration } from './duration.ts';
import { lifeBarAt, lifeBars, lifeShare } from './life.ts';

const counts = (...each: number[]) => ({ bars: each.map((count, row) => ({ count, row })) });

describe('the life of a value', () => {
  it('is drawn as bars whose height tells how many, and none where there are none', () => {
    expect(lifeBars(counts(4, 0, 2, 1000), 400)).toEqual([
      { x: 0, width: 99, tall: 0.12 },
      { x: 200, width: 99, tall: 0.12 },
      { x: 300, width: 99, tall: 1 },
    ]);
    expect(lifeBars(counts(1, 1), 2)[1]).toMatchObject({ x: 0, width: 2 });
    expect(lifeBars(counts(), 400)).toEqual([]);
    // One moment does not look like a life that fills all of the time.
    expect(lifeBars(counts(1), 1200)).toEqual([{ x: 0, width: 160, tall: 1 }]);
  });

  it('is gone to by the bar that is nearest to the pointer', () => {
    const bars = counts(4, 0, 0, 1);
    expect([0, 110, 220, 399, 500, -5].map((x) => lifeBarAt(bars, x, 400))).toEqual([0, 0, 3, 3, 3, 0]);
    expect(lifeBarAt(counts(), 10, 400)).toBeNull();
  });

  it('has its place in the whole log', () => {
    expect(lifeShare({ ...NO_LIFE, firstNs: 20, lastNs: 30, logFromNs: 0, logToNs: 100 })).toEqual({
      from: 0.2,
      to: 0.3,
    });
    expect(lifeShare({ ...NO_LIFE, firstNs: -5, lastNs: 300, logFromNs: 0, logToNs: 100 })).toEqual({ from: 0, to: 1 });
  });
});

it.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [1500, '1.5 µs'],
  [12_345_678, '12.3 ms'],
  [999_000_000, '999 ms'],
  [1e9, '1 s'],
  [90e9, '1.5 min'],
  [7200e9, '2 h'],
  [-2e6, '-2 ms'],
])('%i ns are %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});
