/** Where CPU lanes are drawn, which part of the log they show, and what lies where. Pure. */
import { LANE_BUCKETS, type Lane, type LaneRange, type LaneReport } from '../../electron/contract/lanes.ts';

type Log = Pick<LaneReport, 'logFromNs' | 'logToNs'>;

/** Less time than this is not looked at: a span would be shorter than a nanosecond. */
const LEAST_NS = LANE_BUCKETS;

/** The time that lanes show: of all of the log up to its end, whatever their last span is. */
export function shownRange(range: LaneRange | null, { logFromNs, logToNs }: Log): LaneRange {
  return range ?? { fromNs: logFromNs, toNs: Math.max(logToNs + 1, logFromNs + LEAST_NS) };
}

/** The part around a share of what is shown, `factor` times as long; null where that is all of it. */
export function zoomedRange(range: LaneRange | null, log: Log, factor: number, share: number): LaneRange | null {
  const { fromNs, toNs } = shownRange(range, log);
  const length = Math.max(LEAST_NS, (toNs - fromNs) * factor);
  const at = fromNs + (toNs - fromNs) * share;
  return within({ fromNs: at - length * share, toNs: at + length * (1 - share) }, log);
}

/** A notch of a wheel, pixels, and how much more time is shown then; no turn shows more than eight times as much. */
const NOTCH_PX = 100;
const NOTCH = 1.25;

/** How much more time a turn of the wheel shows: a browser tells of several notches at once. */
export const wheelZoom = (deltaY: number): number => Math.min(8, Math.max(1 / 8, NOTCH ** (deltaY / NOTCH_PX)));

/** The part that lies by a share of its length further on. */
export function movedRange(range: LaneRange, log: Log, share: number): LaneRange | null {
  const length = range.toNs - range.fromNs;
  return within({ fromNs: range.fromNs + length * share, toNs: range.toNs + length * share }, log);
}

/** The same length within the log; null where it is as long as that. */
function within(range: LaneRange, log: Log): LaneRange | null {
  const all = shownRange(null, log);
  const length = range.toNs - range.fromNs;
  if (length >= all.toNs - all.fromNs) return null;
  const fromNs = Math.round(Math.min(Math.max(range.fromNs, all.fromNs), all.toNs - length));
  return { fromNs, toNs: Math.round(fromNs + length) };
}

/** Pixels of labels to the left of lanes, and of what is said of silent ones to the right. */
export const LABEL_PX = 56;
export const SILENT_PX = 104;
export const AXIS_PX = 18;

/** Pixels of a lane: as many as there is room for. */
export const lanePx = (lanes: number, roomPx: number): number =>
  Math.min(22, Math.max(12, Math.floor(roomPx / Math.max(1, lanes))));

export interface LaneBar {
  readonly x: number;
  readonly width: number;
  /** 0..1: how much of the most that any CPU wrote in a span. */
  readonly heat: number;
  readonly lost: number;
}

type Spans = Pick<LaneReport, 'fromNs' | 'bucketNs'>;

/** The most records that a CPU wrote in a span. */
export const mostOf = (lanes: readonly Lane[]): number =>
  lanes.reduce((most, { counts }) => counts.reduce((a, b) => Math.max(a, b), most), 1);

/** The spans of a lane that have something, over `widthPx` pixels that show a time. */
export function laneBars(
  { counts, losses }: Lane,
  spans: Spans,
  shown: LaneRange,
  most: number,
  widthPx: number,
): LaneBar[] {
  const perNs = widthPx / (shown.toNs - shown.fromNs);
  return counts.flatMap((count, at) => {
    const lost = losses[at] as number;
    if (count === 0 && lost === 0) return [];
    const from = (spans.fromNs + at * spans.bucketNs - shown.fromNs) * perNs;
    const to = from + spans.bucketNs * perNs;
    if (to <= 0 || from >= widthPx) return [];
    const x = Math.max(0, from);
    // A CPU that writes little beside one that floods is still seen.
    const heat = count === 0 ? 0 : 0.15 + 0.85 * Math.sqrt(count / most);
    return [{ x, width: Math.max(1, Math.min(to, widthPx) - x), heat, lost }];
  });
}

/** The span at a pixel of a lane, or the nearest one that has rows; null where there is none. */
export function spanAt({ rows }: Lane, spans: Spans, shown: LaneRange, x: number, widthPx: number): number | null {
  const ns = shown.fromNs + (x / Math.max(1, widthPx)) * (shown.toNs - shown.fromNs);
  const at = Math.floor((ns - spans.fromNs) / spans.bucketNs);
  for (let far = 0; far < rows.length; far++) {
    for (const place of [at - far, at + far]) if ((rows[place] ?? -1) >= 0) return place;
  }
  return null;
}

/** Round times at distances that leave room for their texts, nanoseconds and pixels. */
export function timeMarks(
  shown: LaneRange,
  widthPx: number,
  textPx: number,
): { readonly ns: number; readonly x: number }[] {
  const length = shown.toNs - shown.fromNs;
  const least = (length * textPx) / Math.max(1, widthPx);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least) ?? 10 * power;
  const marks: { readonly ns: number; readonly x: number }[] = [];
  for (let ns = Math.ceil(shown.fromNs / step) * step; ns < shown.toNs && marks.length < 100; ns += step) {
    marks.push({ ns, x: ((ns - shown.fromNs) / length) * widthPx });
  }
  return marks;
}
