import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Density } from '../../electron/contract/density.ts';
import { countsAt, hitBars, LEAST_BAR_PX, positionAt, stripBars, topAtStrip, windowOnStrip } from './density.ts';
import { clampTop, maxTop, minTop, ROW_PX } from './scroll.ts';

const density = (more: Partial<Density>): Density => ({
  generation: 1,
  first: 0,
  end: 1000,
  start: 0,
  bucketRows: 10,
  errors: new Array(100).fill(0),
  warnings: new Array(100).fill(0),
  gaps: new Array(100).fill(0),
  ...more,
});
const one = (at: number, count: number) => Array.from({ length: 100 }, (_, i) => (i === at ? count : 0));

describe('the overview strip', () => {
  it('draws bars where there is something, and nothing elsewhere', () => {
    expect(stripBars(density({}), 500)).toEqual([]);
    const [bar, ...others] = stripBars(density({ errors: one(50, 10), warnings: one(50, 0) }), 500);
    expect(others).toEqual([]);
    expect(bar).toEqual({ y: 250, height: 5, errors: 1, warnings: 0, lossy: false });
    expect(stripBars(density({ gaps: one(99, 1) }), 500)).toEqual([
      { y: 495, height: 5, errors: 0, warnings: 0, lossy: true },
    ]);
  });

  it('keeps every bar on the strip and tall enough to be seen, and more is never drawn as less', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 4, max: 900 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 200 }),
        (first, rows, bucketRows, heightPx, errors) => {
          const zeros = errors.map(() => 0);
          const start = Math.floor(first / bucketRows) * bucketRows;
          const shown = density({ first, end: first + rows, start, bucketRows, errors, warnings: zeros, gaps: zeros });
          for (const bar of stripBars(shown, heightPx)) {
            expect(bar.y).toBeGreaterThanOrEqual(0);
            expect(bar.y + bar.height).toBeLessThanOrEqual(heightPx + 1);
            expect(bar.height).toBeGreaterThanOrEqual(LEAST_BAR_PX);
            expect(bar.errors).toBeGreaterThan(0);
            expect(bar.errors).toBeLessThanOrEqual(1);
            expect(bar.warnings).toBe(0);
          }
        },
      ),
    );
  });

  it('draws what is unusual: as many errors everywhere are not drawn, a burst is', () => {
    expect(stripBars(density({ errors: new Array(100).fill(5) }), 500)).toEqual([]);
    const burst = stripBars(density({ errors: one(50, 10).map((count) => count || 1) }), 500);
    expect(burst).toEqual([{ y: 250, height: 5, errors: 1, warnings: 0, lossy: false }]);
    const [single] = stripBars(density({ warnings: one(3, 1) }), 500);
    expect(single?.warnings).toBe(1);
  });

  it('knows the position at a pixel, also beyond the ends', () => {
    const shown = density({ first: 100, end: 1100 });
    expect([0, 250, 499.9, 500, 900, -5].map((y) => positionAt(shown, y, 500))).toEqual([
      100, 600, 1099, 1099, 1099, 100,
    ]);
    expect(positionAt(density({ first: 7, end: 7 }), 3, 500)).toBe(7);
  });

  it('marks the parts with matches, each tall enough to be seen', () => {
    expect(hitBars([0, 3, 0, 1], 400)).toEqual([
      { y: 100, height: 100 },
      { y: 300, height: 100 },
    ]);
    expect(hitBars(one(99, 1), 20)).toEqual([{ y: 18, height: LEAST_BAR_PX }]);
    expect(hitBars([], 400)).toEqual([]);
  });

  it('names what lies under the pointer', () => {
    const shown = density({ errors: one(50, 3), warnings: one(50, 2), gaps: one(50, 1) });
    expect(countsAt(shown, 252, 500)).toEqual({ errors: 3, warnings: 2, gaps: 1 });
    expect(countsAt(shown, 200, 500)).toEqual({ errors: 0, warnings: 0, gaps: 0 });
    expect(countsAt(shown, 9999, 500)).toEqual({ errors: 0, warnings: 0, gaps: 0 });
  });

  it('places the window at the ends of the strip at the ends of the log', () => {
    const extent = { first: 100, end: 10_000_100, viewPx: 600 };
    const top = windowOnStrip({ ...extent, top: minTop(extent) }, 500);
    expect(top).toEqual({ y: 0, height: 6 });
    expect(windowOnStrip({ ...extent, top: maxTop(extent) }, 500)).toEqual({ y: 494, height: 6 });
    expect(windowOnStrip({ first: 0, end: 3, viewPx: 600, top: 0 }, 500)).toEqual({ y: 0, height: 500 });
    expect(windowOnStrip({ first: 0, end: 0, viewPx: 0, top: 0 }, 500).y).toBe(0);
  });

  it('goes where it is clicked: both ends and the middle', () => {
    const extent = { first: 100, end: 1100, viewPx: 600 };
    expect(clampTop(topAtStrip(0, 500, extent), extent)).toBe(minTop(extent));
    expect(clampTop(topAtStrip(500, 500, extent), extent)).toBe(maxTop(extent));
    expect(topAtStrip(250, 500, extent)).toBe(600 * ROW_PX - 300);
  });

  it('has the ends of the log at its first and its last pixel, however many rows a pixel stands for', () => {
    const extent = { first: 5e6, end: 15e6, viewPx: 600 };
    // A click tells where a pixel begins, and the strip may begin within one.
    for (const y of [-3, 0, 0.5, 1]) expect(clampTop(topAtStrip(y, 500, extent), extent)).toBe(minTop(extent));
    for (const y of [498.5, 499, 500, 503]) expect(clampTop(topAtStrip(y, 500, extent), extent)).toBe(maxTop(extent));
    const inner = topAtStrip(497, 500, extent);
    expect([inner > minTop(extent), inner < maxTop(extent)]).toEqual([true, true]);
    expect(topAtStrip(1, 2, extent)).toBe(10e6 * ROW_PX - 300);
  });
});
