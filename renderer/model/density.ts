/** Converts what is unusual in the overview into bars at pixels of the strip, and pixels back into positions. */
import type { Density } from '../../electron/contract/density.ts';
import { ROW_PX } from './scroll.ts';
import { unusual } from './unusual.ts';

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

/** The smallest amount of a part that stands out, so that it is seen. */
const LEAST_AMOUNT = 0.4;
/** A part with so many times what is usual is drawn at full length. */
const FULL_AT = 5;
export const LEAST_BAR_PX = 2;

/** The amount, 0..1, of a part with so many times what is usual; 0 for one that does not stand out. */
function amountOf(times: number): number {
  return times === 0 ? 0 : LEAST_AMOUNT + (1 - LEAST_AMOUNT) * Math.min(1, times / FULL_AT);
}

/** The bars of a strip of so many pixels, from the top; parts with nothing unusual have none. */
export function stripBars(density: Density, heightPx: number): Bar[] {
  const { first, end, start, bucketRows, errors, warnings, gaps } = density;
  const rows = end - first;
  if (rows <= 0) return [];
  const rowsOf = (bucket: number): number =>
    Math.max(0, Math.min(end, start + (bucket + 1) * bucketRows) - Math.max(first, start + bucket * bucketRows));
  const timesOf = (counts: readonly number[]) => unusual(counts.map((count, at) => ({ count, rows: rowsOf(at) })));
  const moreErrors = timesOf(errors);
  const moreWarnings = timesOf(warnings);
  const bars: Bar[] = [];
  for (let bucket = 0; bucket < errors.length; bucket++) {
    const bad = amountOf(moreErrors[bucket] as number);
    const poor = amountOf(moreWarnings[bucket] as number);
    const lossy = (gaps[bucket] as number) > 0;
    if (bad + poor === 0 && !lossy) continue;
    const from = Math.max(first, start + bucket * bucketRows);
    const to = Math.min(end, start + (bucket + 1) * bucketRows);
    if (to <= from) continue;
    const y = Math.round(((from - first) / rows) * heightPx);
    const height = Math.max(LEAST_BAR_PX, Math.round(((to - first) / rows) * heightPx) - y);
    bars.push({ y: Math.min(y, Math.max(0, heightPx - height)), height, errors: bad, warnings: poor, lossy });
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

/** The position at a pixel of the strip. */
export function positionAt({ first, end }: Pick<Density, 'first' | 'end'>, y: number, heightPx: number): number {
  const at = Math.floor(first + (y / Math.max(1, heightPx)) * (end - first));
  return Math.min(Math.max(first, end - 1), Math.max(first, at));
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

/** So many pixels at either end of the strip are the end of the log: a pixel may stand for thousands of rows. */
export const STRIP_END_PX = 2;

/** The `top` that brings the row at a pixel of the strip to the middle of the table. It may lie beyond the ends. */
export function topAtStrip(y: number, heightPx: number, { first, end, viewPx }: Omit<Place, 'top'>): number {
  const within = heightPx - 2 * STRIP_END_PX;
  const share = within <= 0 ? y / Math.max(1, heightPx) : (y - STRIP_END_PX) / within;
  return Math.round((first + Math.min(1, Math.max(0, share)) * (end - first)) * ROW_PX - viewPx / 2);
}
