/** Where on the overview strip what is drawn: counts over positions as bars over pixels, and back. */
import type { Density } from '../../electron/contract/density.ts';
import { ROW_PX } from './scroll.ts';

/** A horizontal bar; lengths are shares of the strip's width, 0..1. */
export interface Bar {
  readonly y: number;
  readonly height: number;
  readonly errors: number;
  readonly warnings: number;
  /** Records were lost here. */
  readonly lossy: boolean;
}

/** A single error among thousands of rows must still be seen. */
const LEAST_SHARE = 0.25;
export const LEAST_BAR_PX = 2;

/** Grows fast at first: what matters is whether there are any, then whether there are many. */
function shareOf(count: number, rows: number): number {
  return count === 0 ? 0 : LEAST_SHARE + (1 - LEAST_SHARE) * Math.sqrt(Math.min(1, count / rows));
}

/** The bars of a strip of so many pixels, from above; parts with nothing to show have none. */
export function stripBars(density: Density, heightPx: number): Bar[] {
  const { first, end, start, bucketRows, errors, warnings, gaps } = density;
  const rows = end - first;
  if (rows <= 0) return [];
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
      errors: shareOf(bad, to - from),
      warnings: shareOf(bad + poor, to - from),
      lossy,
    });
  }
  return bars;
}

/** What lies at a pixel of the strip. */
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

interface Place {
  readonly top: number;
  readonly first: number;
  readonly end: number;
  readonly viewPx: number;
}

export const LEAST_WINDOW_PX = 6;

/** Where on the strip the visible rows lie. */
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

/** `top` that brings the row at a pixel of the strip to the middle of the table; beyond the ends if need be. */
export function topAtStrip(y: number, heightPx: number, { first, end, viewPx }: Omit<Place, 'top'>): number {
  const share = Math.min(1, Math.max(0, y / Math.max(1, heightPx)));
  return Math.round((first + share * (end - first)) * ROW_PX - viewPx / 2);
}
