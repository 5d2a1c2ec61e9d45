/** Where the bars of the life of a value are drawn, and what lies where. Pure. */
import type { LifeReport } from '../../electron/contract/life.ts';

export interface LifeBar {
  /** Pixels from the left. */
  readonly x: number;
  readonly width: number;
  /** Share of the height, above 0 where there is a record. */
  readonly tall: number;
}

/** A bar with a single record among thousands is still seen. */
const LEAST_SHARE = 0.12;
const LEAST_PX = 2;
/** A life of one moment is a bar too, not the whole width. */
const MOST_PX = 160;

type Bars = Pick<LifeReport, 'bars'>;

/** The bars that are not empty, over so many pixels. */
export function lifeBars({ bars }: Bars, widthPx: number): LifeBar[] {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const each = widthPx / Math.max(1, bars.length);
  return bars.flatMap(({ count }, at) => {
    if (count === 0) return [];
    const x = Math.min(at * each, widthPx - LEAST_PX);
    return [{ x, width: Math.max(LEAST_PX, Math.min(MOST_PX, each - 1)), tall: Math.max(LEAST_SHARE, count / most) }];
  });
}

/** The bar at a pixel: the nearest that is not empty; null where there is none. */
export function lifeBarAt({ bars }: Bars, x: number, widthPx: number): number | null {
  const at = Math.min(bars.length - 1, Math.max(0, Math.floor((x * bars.length) / Math.max(1, widthPx))));
  for (let far = 0; far < bars.length; far++) {
    for (const place of [at - far, at + far]) if ((bars[place]?.count ?? 0) > 0) return place;
  }
  return null;
}

/** Where in the whole log the life lies, 0..1. */
export function lifeShare({ firstNs, lastNs, logFromNs, logToNs }: LifeReport): {
  readonly from: number;
  readonly to: number;
} {
  const whole = Math.max(1, logToNs - logFromNs);
  const share = (ns: number): number => Math.min(1, Math.max(0, (ns - logFromNs) / whole));
  return { from: share(firstNs), to: share(lastNs) };
}
