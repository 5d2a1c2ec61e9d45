import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activeDrawn,
  barRange,
  centreTop,
  clampTop,
  type Extent,
  fromScrollTop,
  isScaled,
  MAX_SPACER_PX,
  maxTop,
  minTop,
  pageRows,
  ROW_PX,
  revealTop,
  rowWindow,
  toScrollTop,
  visibleRange,
  WINDOW_ROWS,
  wheelSteps,
} from './scroll.ts';

const extents: fc.Arbitrary<Extent> = fc
  .record({
    first: fc.integer({ min: 0, max: 1_000_000_000 }),
    count: fc.oneof(
      fc.integer({ min: 0, max: 2_000 }),
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.integer({ min: 399_990, max: 400_010 }),
    ),
    viewPx: fc.integer({ min: 20, max: 2160 }),
  })
  .map(({ first, count, viewPx }) => ({ first, end: first + count, viewPx }));

const unit = fc.double({ min: 0, max: 1, noNaN: true });

function at(extent: Extent, fraction: number): number {
  return clampTop(minTop(extent) + fraction * (maxTop(extent) - minTop(extent)), extent);
}

describe('scroll mapping', () => {
  it('never lays out more than the largest spacer', () => {
    fc.assert(
      fc.property(extents, (extent) => {
        expect(barRange(extent)).toBeLessThanOrEqual(MAX_SPACER_PX);
      }),
    );
  });

  it('keeps the bar inside its range and grows with the log position', () => {
    fc.assert(
      fc.property(extents, unit, unit, (extent, a, b) => {
        const [low, high] = [at(extent, Math.min(a, b)), at(extent, Math.max(a, b))];
        const bar = barRange(extent);
        expect(toScrollTop(low, extent)).toBeLessThanOrEqual(toScrollTop(high, extent));
        expect(toScrollTop(low, extent)).toBeGreaterThanOrEqual(0);
        expect(toScrollTop(high, extent)).toBeLessThanOrEqual(bar + 1e-6);
      }),
    );
  });

  it('reaches the first and the last row with the thumb, also when the browser rounds', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 0.5, noNaN: true }), (extent, rounding) => {
        const bar = barRange(extent);
        expect(fromScrollTop(0, extent)).toBe(minTop(extent));
        const bottom = fromScrollTop(Math.max(0, bar - rounding), extent);
        if (bar > 2) {
          expect(bottom).toBe(maxTop(extent));
          expect(visibleRange(bottom, extent).end).toBe(extent.end);
        }
      }),
    );
  });

  it('gives back the same place, within one pixel of the bar', () => {
    fc.assert(
      fc.property(extents, unit, (extent, fraction) => {
        const top = at(extent, fraction);
        const back = fromScrollTop(toScrollTop(top, extent), extent);
        const bar = Math.max(1, barRange(extent));
        const logPxABarPx = (maxTop(extent) - minTop(extent)) / bar;
        expect(Math.abs(back - top)).toBeLessThanOrEqual(Math.ceil(logPxABarPx) + 1);
      }),
    );
  });

  it('is the identity below the scaled size', () => {
    const extent = { first: 100, end: 1100, viewPx: 500 };
    expect(isScaled(extent)).toBe(false);
    expect(toScrollTop(100 * ROW_PX + 333, extent)).toBe(333);
    expect(fromScrollTop(333, extent)).toBe(100 * ROW_PX + 333);
  });

  it('moves by exact steps at any size, however many are taken', () => {
    fc.assert(
      fc.property(
        extents,
        unit,
        fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 60 }),
        (extent, f, steps) => {
          let top = at(extent, f);
          let oracle = top;
          for (const rows of steps) {
            top = clampTop(top + rows * ROW_PX, extent);
            oracle = Math.min(Math.max(oracle + rows * ROW_PX, minTop(extent)), maxTop(extent));
            // The bar is written after each step and must not feed back into the place.
            toScrollTop(top, extent);
            expect(top).toBe(oracle);
          }
        },
      ),
    );
  });

  it('walks through ten million rows line by line without losing one', () => {
    const extent = { first: 0, end: 10_000_000, viewPx: 600 };
    let top = clampTop(5_000_000 * ROW_PX, extent);
    for (let i = 0; i < 1000; i++) top = clampTop(top + ROW_PX, extent);
    expect(top).toBe(5_001_000 * ROW_PX);
  });

  it('shows whole rows in the visible range', () => {
    const extent = { first: 0, end: 1000, viewPx: 100 };
    expect(visibleRange(0, extent)).toEqual({ from: 0, end: 5 });
    expect(visibleRange(10, extent)).toEqual({ from: 0, end: 6 });
    expect(visibleRange(maxTop(extent), extent)).toEqual({ from: 995, end: 1000 });
    expect(visibleRange(0, { first: 0, end: 0, viewPx: 100 })).toEqual({ from: 0, end: 0 });
    expect(pageRows(extent)).toBe(4);
    expect(pageRows({ ...extent, viewPx: 10 })).toBe(1);
  });

  it('reveals a row with the smallest movement', () => {
    fc.assert(
      fc.property(extents, unit, unit, (extent, f, p) => {
        if (extent.end === extent.first) return;
        const top = at(extent, f);
        const position = extent.first + Math.floor(p * (extent.end - extent.first - 1));
        for (const moved of [revealTop(top, position, extent), centreTop(top, position, extent)]) {
          expect(moved).toBeLessThanOrEqual(position * ROW_PX);
          expect(moved + extent.viewPx).toBeGreaterThanOrEqual(position * ROW_PX + ROW_PX);
        }
      }),
    );
    const extent = { first: 0, end: 1000, viewPx: 100 };
    expect(revealTop(0, 3, extent)).toBe(0);
    expect(revealTop(0, 5, extent)).toBe(20);
    expect(centreTop(0, 500, extent)).toBe(500 * ROW_PX - 40);
  });

  it('carries fractions of wheel pixels', () => {
    const step = wheelSteps();
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += step(0.25);
    expect(sum).toBe(250);
    expect(step(-3.5)).toBe(-3);
    expect(step(-0.5)).toBe(-1);
  });
});

describe('row window', () => {
  it('always holds every visible row of a screen up to 4 K', () => {
    fc.assert(
      fc.property(extents, unit, (extent, f) => {
        const top = at(extent, f);
        const window = rowWindow(top, extent);
        const visible = visibleRange(top, extent);
        expect(window.count).toBeLessThanOrEqual(WINDOW_ROWS);
        expect(window.base).toBeLessThanOrEqual(visible.from);
        expect(window.base + window.count).toBeGreaterThanOrEqual(visible.end);
      }),
    );
  });
});

it('names the active line to screen readers only while it is drawn', () => {
  expect([9, 10, 14, 15].map((active) => activeDrawn(active, 10, 15))).toEqual([null, 10, 14, null]);
  expect(activeDrawn(null, 10, 15)).toBeNull();
  expect(activeDrawn(0, 0, 0)).toBeNull();
});
