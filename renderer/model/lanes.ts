/** Where CPU lanes are drawn, which part of the log they show, and what lies where. Pure. */
import {
  LANE_BUCKETS,
  type Lane,
  type LaneLoss,
  type LaneRange,
  type LaneReport,
} from '../../electron/contract/lanes.ts';
import type { AxisDigits } from './time-columns.ts';

type Log = Pick<LaneReport, 'logFromNs' | 'logToNs' | 'nowNs'>;

/** Less time than this is not looked at: a span would be shorter than a nanosecond. */
const LEAST_NS = LANE_BUCKETS;

/** The time that lanes show: of all of the log up to its end, or to now while it is captured, whatever their last span is. */
export function shownRange(range: LaneRange | null, { logFromNs, logToNs, nowNs }: Log): LaneRange {
  return range ?? { fromNs: logFromNs, toNs: Math.round(Math.max(logToNs + 1, nowNs ?? 0, logFromNs + LEAST_NS)) };
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

/** As much time around others. */
export function rangeAround({ fromNs, toNs }: LaneRange, around: LaneRange, log: Log): LaneRange | null {
  const half = (toNs - fromNs) / 2;
  const middle = (around.fromNs + around.toNs) / 2;
  return within({ fromNs: middle - half, toNs: middle + half }, log);
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
}

type Spans = Pick<LaneReport, 'fromNs' | 'bucketNs'>;

/** The most records that a CPU wrote in a span. */
export const mostOf = (lanes: readonly Lane[]): number =>
  lanes.reduce((most, { counts }) => counts.reduce((a, b) => Math.max(a, b), most), 1);

/** The spans of a lane in which something was written, over `widthPx` pixels that show a time. */
export function laneBars({ counts }: Lane, spans: Spans, shown: LaneRange, most: number, widthPx: number): LaneBar[] {
  const perNs = widthPx / (shown.toNs - shown.fromNs);
  return counts.flatMap((count, at) => {
    if (count === 0) return [];
    const from = (spans.fromNs + at * spans.bucketNs - shown.fromNs) * perNs;
    const to = from + spans.bucketNs * perNs;
    if (to <= 0 || from >= widthPx) return [];
    const x = Math.max(0, from);
    // A CPU that writes little beside one that floods is still seen.
    const heat = 0.15 + 0.85 * Math.sqrt(count / most);
    return [{ x, width: Math.max(1, Math.min(to, widthPx) - x), heat }];
  });
}

/** A loss where it is drawn: a line at its end, or all of its time where that is long enough to be seen. */
export interface LossMark {
  readonly x: number;
  readonly width: number;
  readonly long: boolean;
  /** 0..1: how much was lost of all that was written in its span. */
  readonly share: number;
  readonly loss: LaneLoss;
}

/** Pixels of the line of a loss, and from how many on its time is drawn instead. */
export const LOSS_PX = 2;
const LONG_LOSS_PX = 8;
/** So much of the height of a lane at least has a loss among many records. */
const LEAST_SHARE = 0.35;

/** The losses of a lane over `widthPx` pixels that show a time. */
export function lossMarks({ counts, losses }: Lane, shown: LaneRange, widthPx: number): LossMark[] {
  const perNs = widthPx / (shown.toNs - shown.fromNs);
  return losses.flatMap((loss): LossMark[] => {
    const [from, to] = [(loss.fromNs - shown.fromNs) * perNs, (loss.toNs - shown.fromNs) * perNs];
    if (to < 0 || from > widthPx) return [];
    const left = Math.max(0, from);
    const right = Math.min(widthPx, to);
    const share = Math.max(LEAST_SHARE, loss.lost / (loss.lost + (counts[loss.span] ?? 0)));
    if (to - from >= LONG_LOSS_PX && right > left) return [{ x: left, width: right - left, long: true, share, loss }];
    const x = Math.min(widthPx - LOSS_PX, Math.max(0, Math.round(right - LOSS_PX / 2)));
    return [{ x, width: LOSS_PX, long: false, share, loss }];
  });
}

/** Which losses have room for their amount, `textPx` wide, and where it begins; the largest first, none over another loss. */
export function lossLabels(
  marks: readonly LossMark[],
  textPx: (mark: LossMark) => number,
  widthPx: number,
): { readonly x: number; readonly mark: LossMark }[] {
  const taken: { readonly from: number; readonly to: number; readonly mark?: LossMark }[] = marks.map((mark) => ({
    from: mark.x,
    to: mark.x + mark.width,
    mark,
  }));
  const labels: { readonly x: number; readonly mark: LossMark }[] = [];
  for (const mark of [...marks].sort((a, b) => b.loss.lost - a.loss.lost).slice(0, MOST_LABELS)) {
    const wide = textPx(mark);
    // Within its time where that is long enough, else beside it.
    const inside = mark.long && mark.width >= wide;
    const x = inside ? mark.x + (mark.width - wide) / 2 : mark.x + mark.width + 1;
    const free = taken.every(({ from, to, mark: own }) => own === mark || to <= x || from >= x + wide);
    if (x + wide > widthPx || !free) continue;
    taken.push({ from: x, to: x + wide });
    labels.push({ x, mark });
  }
  return labels;
}

/** Amounts that are looked at in a lane; beyond them it says nothing that a person could read. */
const MOST_LABELS = 40;

/** Pixels beside a loss that still mean it. */
const NEAR_PX = 3;

/** The loss that a pixel of a lane means; null where there is none. */
export function lossAt(marks: readonly LossMark[], x: number): LaneLoss | null {
  const at = marks.filter((mark) => x >= mark.x - NEAR_PX && x <= mark.x + mark.width + NEAR_PX);
  return at.sort((a, b) => a.width - b.width)[0]?.loss ?? null;
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

/** How much of a second times at this distance are told by: whole seconds, or the digits that tell two of them apart. */
export function markDigits(stepNs: number): AxisDigits {
  const fits = (ns: number): boolean => stepNs % ns === 0;
  if (fits(1e9)) return 's';
  if (fits(1e6)) return 'ms';
  if (fits(1e3)) return 'us';
  return fits(100) ? '100ns' : 'ns';
}

/** Times at round distances that leave room for their texts, nanoseconds and pixels. `phaseNs`: see TimeColumns. */
export function timeMarks(
  shown: LaneRange,
  widthPx: number,
  textPx: number,
  phaseNs: (stepNs: number) => number = () => 0,
): { readonly stepNs: number; readonly marks: readonly { readonly ns: number; readonly x: number }[] } {
  const length = shown.toNs - shown.fromNs;
  const least = (length * textPx) / Math.max(1, widthPx);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least) ?? 10 * power;
  const marks: { readonly ns: number; readonly x: number }[] = [];
  const phase = phaseNs(step);
  for (
    let ns = Math.ceil((shown.fromNs + phase) / step) * step - phase;
    ns < shown.toNs && marks.length < 100;
    ns += step
  ) {
    marks.push({ ns, x: ((ns - shown.fromNs) / length) * widthPx });
  }
  return { stepNs: step, marks };
}
