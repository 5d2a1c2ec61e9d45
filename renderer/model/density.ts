/** Converts the counts of the overview into bars at pixels of the strip, and pixels back into positions. */
import type { Density } from '../../electron/contract/density.ts';
import { ROW_PX } from './scroll.ts';

/**
 * A part of the strip with something to show. `errors` and `warnings` are 0..1 and determine length and strength of the
 * bar.
 */
export interface Bar {
  readonly y: number;
  readonly height: number;
  readonly errors: number;
  readonly warnings: number;
  /** Records were lost here. */
  readonly lossy: boolean;
}

/** The smallest amount of a part that has any, so that a single error among thousands of rows is visible. */
const LEAST_SHARE = 0.2;
/** A part with so many times the average share of errors is drawn at full length, so that unusual parts stand out. */
const FULL_AT = 4;
export const LEAST_BAR_PX = 2;

/** The amount, 0..1, of `count` among `rows`, compared with `usual`, the share among all rows. */
function amountOf(count: number, rows: number, usual: number): number {
  return count === 0 ? 0 : LEAST_SHARE + (1 - LEAST_SHARE) * Math.min(1, count / rows / usual / FULL_AT);
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** The bars of a strip of so many pixels, from the top; parts with nothing to show have none. */
export function stripBars(density: Density, heightPx: number): Bar[] {
  const { first, end, start, bucketRows, errors, warnings, gaps } = density;
  const rows = end - first;
  if (rows <= 0) return [];
  const usualErrors = sum(errors) / rows;
  const usualWarnings = sum(warnings) / rows;
  const bars: Bar[] = [];
  for (let bucket = 0; bucket < errors.length; bucket++) {
    const bad = errors[bucket] as number;
    const poor = warnings[bucket] as number;
    const lossy = (gaps[bucket] as number) > 0;
    if (bad + poor === 0 && !lossy) continue;
    const from = Math.max(first, start + bucket * bucketRows);
    const to = Math.min(end, start + (bucket + 1) * bucketRows);
    if (to <= from) continue;
    const y = Math.round(((from - first) / rows) * heightPx);
    const height = Math.max(LEAST_BAR_PX, Math.round(((to - first) / rows) * heightPx) - y);
    bars.push({
      y: Math.min(y, Math.max(0, heightPx - height)),
      height,
      errors: amountOf(bad, to - from, usualErrors),
      warnings: amountOf(poor, to - from, usualWarnings),
      lossy,
    });
  }
  return bars;
}

/** The counts at a pixel of the strip. */
export function countsAt(
  density: Density,
  y: number,
  heightPx: number,
): { readonly errors: number; readonly warnings: number; readonly gaps: number } {
  const { first, end, start, bucketRows } = density;
  const bucket = Math.floor((first + (y / heightPx) * (end - first) - start) / bucketRows);
  return {
    errors: density.errors[bucket] ?? 0,
    warnings: density.warnings[bucket] ?? 0,
    gaps: density.gaps[bucket] ?? 0,
  };
}

/** Where the parts with matches are on the strip: `hits` are the numbers of matches in equal parts of the view. */
export function hitBars(hits: readonly number[], heightPx: number): { readonly y: number; readonly height: number }[] {
  const marks: { y: number; height: number }[] = [];
  hits.forEach((count, part) => {
    if (count === 0) return;
    const y = Math.round((part / hits.length) * heightPx);
    const height = Math.max(LEAST_BAR_PX, Math.round(((part + 1) / hits.length) * heightPx) - y);
    marks.push({ y: Math.min(y, Math.max(0, heightPx - height)), height });
  });
  return marks;
}

interface Place {
  readonly top: number;
  readonly first: number;
  readonly end: number;
  readonly viewPx: number;
}

export const LEAST_WINDOW_PX = 6;

/** Where the visible rows are on the strip. */
export function windowOnStrip(
  { top, first, end, viewPx }: Place,
  heightPx: number,
): { readonly y: number; readonly height: number } {
  const logPx = Math.max((end - first) * ROW_PX, viewPx, 1);
  const height = Math.min(heightPx, Math.max(LEAST_WINDOW_PX, Math.round((viewPx / logPx) * heightPx)));
  const range = Math.max(0, logPx - viewPx);
  const share = range === 0 ? 0 : Math.min(1, Math.max(0, (top - first * ROW_PX) / range));
  return { y: Math.round(share * (heightPx - height)), height };
}

/** The `top` that brings the row at a pixel of the strip to the middle of the table. It may lie beyond the ends. */
export function topAtStrip(y: number, heightPx: number, { first, end, viewPx }: Omit<Place, 'top'>): number {
  const share = Math.min(1, Math.max(0, y / Math.max(1, heightPx)));
  return Math.round((first + share * (end - first)) * ROW_PX - viewPx / 2);
}
