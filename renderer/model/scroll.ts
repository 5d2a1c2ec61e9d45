/**
 * Where the table stands in a log of any length. A position inside the log is kept as whole pixels from position 0
 * (`top`), exact far beyond 10^9 rows; the native scroll bar only mirrors it. A page element cannot be taller than some
 * 33 M px, so above MAX_SPACER_PX the bar is scaled: wheel, arrow and page steps still move `top` by exact amounts, and
 * the bar is written back from `top` after every step, so that rounding never accumulates.
 */

export const ROW_PX = 20;
/** Tallest element the table lays out, in pixels; browsers stop at about 33.5 M. */
export const MAX_SPACER_PX = 8_000_000;

/** The rows there are and the height they are looked at through. */
export interface Extent {
  /** Position of the oldest row. */
  readonly first: number;
  /** Position after the newest row. */
  readonly end: number;
  /** Height of the table body in pixels, at least 0. */
  readonly viewPx: number;
}

/** Smallest `top`: the oldest row is the first shown. */
export function minTop(extent: Extent): number {
  return extent.first * ROW_PX;
}

/** Largest `top`: the newest row ends at the lower edge, or all rows fit. */
export function maxTop(extent: Extent): number {
  return Math.max(extent.first * ROW_PX, extent.end * ROW_PX - extent.viewPx);
}

/** Brings `top` into the extent, as whole pixels. */
export function clampTop(top: number, extent: Extent): number {
  return Math.min(Math.max(Math.round(top), minTop(extent)), maxTop(extent));
}

/** Height of the element that gives the scroll bar its range, in pixels. */
export function spacerPx(extent: Extent): number {
  return Math.min((extent.end - extent.first) * ROW_PX, MAX_SPACER_PX);
}

/** True where one pixel of the bar stands for more than one pixel of the log. */
export function isScaled(extent: Extent): boolean {
  return (extent.end - extent.first) * ROW_PX > MAX_SPACER_PX;
}

/** Range of the scroll bar in pixels: the largest `scrollTop` the spacer allows. */
function barRange(extent: Extent): number {
  return Math.max(0, spacerPx(extent) - extent.viewPx);
}

/** `scrollTop` the bar has to show for `top`. */
export function toScrollTop(top: number, extent: Extent): number {
  const inside = clampTop(top, extent) - minTop(extent);
  if (!isScaled(extent)) return inside;
  const range = maxTop(extent) - minTop(extent);
  return range === 0 ? 0 : (inside / range) * barRange(extent);
}

/**
 * `top` for a bar the person has moved to `scrollTop`. The ends of the bar are the ends of the log: half a pixel of
 * rounding by the browser must not keep the last row out of reach.
 */
export function fromScrollTop(scrollTop: number, extent: Extent): number {
  const bar = barRange(extent);
  if (bar === 0 || scrollTop <= 0.5) return minTop(extent);
  if (scrollTop >= bar - 1) return maxTop(extent);
  if (!isScaled(extent)) return clampTop(minTop(extent) + scrollTop, extent);
  const range = maxTop(extent) - minTop(extent);
  return clampTop(minTop(extent) + (scrollTop / bar) * range, extent);
}

/** Positions `from..end-1` touched by the viewport at `top`, partly visible rows included. */
export function visibleRange(top: number, extent: Extent): { readonly from: number; readonly end: number } {
  const from = Math.max(extent.first, Math.floor(top / ROW_PX));
  const end = Math.min(extent.end, Math.ceil((top + extent.viewPx) / ROW_PX));
  return { from, end: Math.max(from, end) };
}

/** Rows a page step moves: what is wholly visible less one, so that the eye keeps a line. */
export function pageRows(extent: Extent): number {
  return Math.max(1, Math.floor(extent.viewPx / ROW_PX) - 1);
}

/** `top` changed as little as needed for the row at `position` to be wholly visible. */
export function revealTop(top: number, position: number, extent: Extent): number {
  const rowTop = position * ROW_PX;
  if (rowTop < top) return clampTop(rowTop, extent);
  if (rowTop + ROW_PX > top + extent.viewPx) return clampTop(rowTop + ROW_PX - extent.viewPx, extent);
  return clampTop(top, extent);
}

/** `top` with the row at `position` in the middle, if it is not wholly visible already. */
export function centreTop(top: number, position: number, extent: Extent): number {
  const rowTop = position * ROW_PX;
  const visible = rowTop >= top && rowTop + ROW_PX <= top + extent.viewPx;
  if (visible) return clampTop(top, extent);
  return clampTop(Math.round(rowTop - (extent.viewPx - ROW_PX) / 2), extent);
}

/** Wheel deltas as whole pixels: fractions of a pixel are carried to the next event instead of being lost. */
export function wheelSteps(): (deltaPx: number) => number {
  let carried = 0;
  return (deltaPx) => {
    const wanted = carried + deltaPx;
    const whole = Math.trunc(wanted);
    carried = wanted - whole;
    return whole;
  };
}

/**
 * The rows handed to the virtualizer: a window of fixed size that is moved along in steps. A virtualizer over all rows
 * rebuilds its measurements whenever the count changes, over 100 ms at 10 M rows.
 */
export const WINDOW_ROWS = 1024;
const WINDOW_STEP = WINDOW_ROWS / 2;

export interface RowWindow {
  /** Position of the window's first row. */
  readonly base: number;
  /** Rows in the window, at most WINDOW_ROWS. */
  readonly count: number;
}

/** The window around `top`; it starts at least a quarter of its rows above, where there are as many. */
export function rowWindow(top: number, extent: Extent): RowWindow {
  const row = Math.floor(top / ROW_PX);
  const base = Math.max(extent.first, Math.floor(row / WINDOW_STEP) * WINDOW_STEP - WINDOW_STEP / 2);
  return { base, count: Math.max(0, Math.min(WINDOW_ROWS, extent.end - base)) };
}
