/** Where the bars of the histogram of intervals are drawn, and what lies where. Pure. */
import type { IntervalBin } from '../../electron/contract/intervals.ts';

export interface IntervalBar {
  readonly x: number;
  readonly width: number;
  readonly tall: number;
}

/** Bars get no wider than this, pixels, so that a few bins do not look like a wall. */
const MOST_BAR_PX = 48;
/** A single interval among thousands is still seen. */
const LEAST_SHARE = 0.04;

/** Pixels of a bin. */
export const binPx = (bins: number, widthPx: number): number => Math.min(MOST_BAR_PX, widthPx / Math.max(1, bins));

/** The bars that are not empty. */
export function intervalBars(bins: readonly IntervalBin[], widthPx: number): IntervalBar[] {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const each = binPx(bins.length, widthPx);
  return bins.flatMap(({ count }, at) =>
    count === 0 ? [] : [{ x: at * each, width: Math.max(1, each - 1), tall: Math.max(LEAST_SHARE, count / most) }],
  );
}

/** The bin at a pixel; null beside them all. */
export function intervalBinAt(bins: readonly IntervalBin[], x: number, widthPx: number): IntervalBin | null {
  return bins[Math.floor(x / binPx(bins.length, widthPx))] ?? null;
}

/** Where the begins of bins are written below: so far apart that their texts do not meet. */
export function binMarks(bins: readonly IntervalBin[], widthPx: number, textPx: number): { x: number; ns: number }[] {
  const each = binPx(bins.length, widthPx);
  const step = Math.max(1, Math.ceil(textPx / each));
  return bins.flatMap(({ fromNs }, at) => (at % step === 0 ? [{ x: at * each, ns: fromNs }] : []));
}
