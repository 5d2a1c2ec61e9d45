/**
 * The place of the table in a log of any length. A place is stored as whole pixels from position 0 (`top`), which is
 * exact far beyond 10^9 rows; the native scroll bar only mirrors it. Browsers limit the height of an element to some 33
 * M px, so beyond MAX_SPACER_PX the bar is scaled. Wheel, arrow keys and page keys still change `top` by exact amounts,
 * and the bar is set from `top` after every step, so that rounding errors never accumulate.
 */

export const ROW_PX = 20;
/** The tallest element that the table uses, in pixels; browsers allow about 33.5 M. */
export const MAX_SPACER_PX = 8_000_000;

/** The positions of a view, and the height of the table through which they are seen. */
export interface Extent {
  /** Position of the oldest row. */
  readonly first: number;
  /** Position after the newest row. */
  readonly end: number;
  /** Height of the table body in pixels, at least 0. */
  readonly viewPx: number;
}

/** The smallest `top`: the oldest row is the first one shown. */
export function minTop(extent: Extent): number {
  return extent.first * ROW_PX;
}

/** The largest `top`: the newest row ends at the lower edge, or all rows fit. */
export function maxTop(extent: Extent): number {
  return Math.max(extent.first * ROW_PX, extent.end * ROW_PX - extent.viewPx);
}

/** Limits `top` to the extent, as whole pixels. */
export function clampTop(top: number, extent: Extent): number {
  return Math.min(Math.max(Math.round(top), minTop(extent)), maxTop(extent));
}

/** Height in pixels of all rows, as far as an element can be so tall. */
function spacerPx(extent: Extent): number {
  return Math.min((extent.end - extent.first) * ROW_PX, MAX_SPACER_PX);
}

/** True if one pixel of the bar stands for more than one pixel of the log. */
export function isScaled(extent: Extent): boolean {
  return (extent.end - extent.first) * ROW_PX > MAX_SPACER_PX;
}

/** Range of the scroll bar in pixels: the largest `scrollTop`. */
export function barRange(extent: Extent): number {
  return Math.max(0, spacerPx(extent) - extent.viewPx);
}

/** The `scrollTop` that the bar has to show for `top`. */
export function toScrollTop(top: number, extent: Extent): number {
  const inside = clampTop(top, extent) - minTop(extent);
  if (!isScaled(extent)) return inside;
  const range = maxTop(extent) - minTop(extent);
  return range === 0 ? 0 : (inside / range) * barRange(extent);
}

/**
 * The `top` for a bar that the person has moved to `scrollTop`. The ends of the bar are the ends of the log: half a
 * pixel of rounding in the browser must not make the last row unreachable.
 */
export function fromScrollTop(scrollTop: number, extent: Extent): number {
  const bar = barRange(extent);
  if (bar === 0 || scrollTop <= 0.5) return minTop(extent);
  if (scrollTop >= bar - 1) return maxTop(extent);
  if (!isScaled(extent)) return clampTop(minTop(extent) + scrollTop, extent);
  const range = maxTop(extent) - minTop(extent);
  return clampTop(minTop(extent) + (scrollTop / bar) * range, extent);
}

/** Positions `from..end-1` that are visible at `top`, including partly visible rows. */
export function visibleRange(top: number, extent: Extent): { readonly from: number; readonly end: number } {
  const from = Math.max(extent.first, Math.floor(top / ROW_PX));
  const end = Math.min(extent.end, Math.ceil((top + extent.viewPx) / ROW_PX));
  return { from, end: Math.max(from, end) };
}

/** Rows by which a page key moves: one less than are wholly visible, so that one line stays in sight. */
export function pageRows(extent: Extent): number {
  return Math.max(1, Math.floor(extent.viewPx / ROW_PX) - 1);
}

/** The `top` nearest to the given one at which the row at `position` is wholly visible. */
export function revealTop(top: number, position: number, extent: Extent): number {
  const rowTop = position * ROW_PX;
  if (rowTop < top) return clampTop(rowTop, extent);
  if (rowTop + ROW_PX > top + extent.viewPx) return clampTop(rowTop + ROW_PX - extent.viewPx, extent);
  return clampTop(top, extent);
}

/**
 * The `top` with the row at `position` in the middle; unchanged if the row is wholly visible already. The row may be below
 * the last one of the extent: the session finds rows that the page has not been told of yet.
 */
export function centreTop(top: number, position: number, known: Extent): number {
  const extent = { ...known, end: Math.max(known.end, position + 1) };
  const rowTop = position * ROW_PX;
  const visible = rowTop >= top && rowTop + ROW_PX <= top + extent.viewPx;
  if (visible) return clampTop(top, extent);
  return clampTop(Math.round(rowTop - (extent.viewPx - ROW_PX) / 2), extent);
}

/** Converts wheel deltas into whole pixels; fractions are carried over to the next event rather than lost. */
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
 * The number of rows given to the virtualizer: a window of fixed size that is moved in steps. A virtualizer over all
 * rows would rebuild its measurements whenever the count changes, which takes over 100 ms at 10 M rows.
 */
export const WINDOW_ROWS = 1024;
const WINDOW_STEP = WINDOW_ROWS / 2;

export interface RowWindow {
  /** Position of the window's first row. */
  readonly base: number;
  /** Rows in the window, at most WINDOW_ROWS. */
  readonly count: number;
}

/** The window around `top`. A quarter of its rows at least lie above `top`, if there are so many. */
export function rowWindow(top: number, extent: Extent): RowWindow {
  const row = Math.floor(top / ROW_PX);
  const base = Math.max(extent.first, Math.floor(row / WINDOW_STEP) * WINDOW_STEP - WINDOW_STEP / 2);
  return { base, count: Math.max(0, Math.min(WINDOW_ROWS, extent.end - base)) };
}

/** The line that a screen reader is told as the active one: none while its place is not among those drawn, `from..end-1`. */
export function activeDrawn(active: number | null, from: number, end: number): number | null {
  return active !== null && active >= from && active < end ? active : null;
}
