/** Draws CPU lanes on a canvas: bars by rate, losses where they were, who is silent; and the axis of their times on another. */
import type { Lane, LaneRange, LaneReport } from '../../electron/contract/lanes.ts';
import { cpuColour } from '../model/cpu-hue.ts';
import { formatDuration } from '../model/duration.ts';
import { formatShort } from '../model/format.ts';
import {
  AXIS_PX,
  LABEL_PX,
  type LossMark,
  laneBars,
  lossLabels,
  lossMarks,
  markDigits,
  mostOf,
  SILENT_PX,
  timeMarks,
} from '../model/lanes.ts';
import type { TimeColumns } from '../model/time-columns.ts';
import { colourOf, coloursOf } from './plot-look.ts';

export interface LanePicture {
  /** Pixels of the canvas, and of the height of a lane. */
  readonly width: number;
  readonly each: number;
  readonly report: LaneReport;
  readonly shown: LaneRange;
}

export interface AxisPicture extends Pick<LanePicture, 'width' | 'shown'> {
  readonly times: Pick<TimeColumns, 'textTo' | 'phaseNs'>;
}

/** Lanes lower than this have no room for figures. */
const LABELLED_PX = 14;
/** Pixels between the lines that a long loss is hatched with, and around the text of an axis or a figure. */
const HATCH_PX = 5;
const TEXT_ROOM_PX = 16;
const PAD_PX = 2;

export function paintLanes(element: HTMLCanvasElement, context: CanvasRenderingContext2D, picture: LanePicture): void {
  const { width, each, report, shown } = picture;
  const { lanes } = report;
  const [line = '', loss = '', warning = '', paper = '', figure = ''] = coloursOf(element, [
    ...['--colorNeutralStroke3', '--loss', '--warning', '--paper', '--error'],
  ]);
  const room = Math.max(1, width - LABEL_PX - SILENT_PX);
  const most = mostOf(lanes);
  context.font = fontOf(element);
  context.textBaseline = 'middle';
  for (const [at, lane] of lanes.entries()) {
    const top = at * each;
    const hue = colourOf(element, cpuColour(lane.cpu));
    context.fillStyle = hue;
    context.fillText(`CPU ${lane.cpu}`, 4, top + each / 2);
    context.fillStyle = line;
    context.fillRect(LABEL_PX, top + each - 1, room, 1);
    context.fillStyle = hue;
    for (const { x, width: wide, heat } of laneBars(lane, report, shown, most, room)) {
      context.globalAlpha = heat;
      context.fillRect(LABEL_PX + x, top + 2, wide, each - 4);
    }
    context.globalAlpha = 1;
    paintLosses(context, lane, { top, each, room, shown, loss, paper, figure });
    if (lane.silentNs !== null) {
      context.fillStyle = warning;
      context.fillText(`silent ${formatDuration(lane.silentNs)}`, LABEL_PX + room + 8, top + each / 2);
    }
  }
}

interface LossPlace {
  readonly top: number;
  readonly each: number;
  readonly room: number;
  readonly shown: LaneRange;
  readonly loss: string;
  readonly paper: string;
  /** Of an amount: readable on paper. */
  readonly figure: string;
}

function paintLosses(context: CanvasRenderingContext2D, lane: Lane, place: LossPlace): void {
  const { top, each, room, shown, loss, paper, figure } = place;
  const marks = lossMarks(lane, shown, room);
  if (marks.length === 0) return;
  context.fillStyle = loss;
  context.strokeStyle = loss;
  for (const mark of marks) {
    if (mark.long) hatch(context, LABEL_PX + mark.x, top + 1, mark.width, each - 3);
    else {
      const tall = Math.max(4, Math.round((each - 2) * mark.share));
      context.fillRect(LABEL_PX + mark.x, top + each - 1 - tall, mark.width, tall);
    }
  }
  if (each < LABELLED_PX) return;
  const textOf = ({ loss: { lost } }: LossMark): string => formatShort(lost);
  const widthOf = (mark: LossMark): number => Math.ceil(context.measureText(textOf(mark)).width) + 2 * PAD_PX;
  for (const { x, mark } of lossLabels(marks, widthOf, room)) {
    context.fillStyle = paper;
    context.fillRect(LABEL_PX + x, top + 1, widthOf(mark), each - 3);
    context.fillStyle = figure;
    context.fillText(textOf(mark), LABEL_PX + x + PAD_PX, top + each / 2);
  }
}

/** Lines across a rectangle, with its edge: what lies beneath stays visible. */
function hatch(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = x - height; at < x + width; at += HATCH_PX) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), Math.max(0, height - 1));
}

/** Times with as many digits as tell two neighbours apart, as close to each other as their texts allow. */
export function paintAxis(element: HTMLCanvasElement, context: CanvasRenderingContext2D, picture: AxisPicture): void {
  const { width, shown } = picture;
  const { textTo, phaseNs } = picture.times;
  const room = Math.max(1, width - LABEL_PX - SILENT_PX);
  const [word = ''] = coloursOf(element, ['--colorNeutralForeground3']);
  context.font = fontOf(element);
  context.textBaseline = 'middle';
  context.fillStyle = word;
  const widest = (text: (ns: number) => string): number =>
    Math.max(...[shown.fromNs, shown.toNs].map((ns) => context.measureText(text(ns)).width)) + TEXT_ROOM_PX;
  // Texts need more room the more digits they have, and fewer marks need fewer digits.
  let textPx = widest(textTo('s'));
  for (let turn = 0; turn < 3; turn++) {
    const { stepNs } = timeMarks(shown, room, textPx, phaseNs);
    textPx = Math.max(textPx, widest(textTo(markDigits(stepNs))));
  }
  const { stepNs, marks } = timeMarks(shown, room, textPx, phaseNs);
  const text = textTo(markDigits(stepNs));
  for (const { ns, x } of marks) {
    context.fillRect(LABEL_PX + x, 0, 1, 4);
    context.fillText(text(Math.round(ns)), LABEL_PX + x + 3, AXIS_PX / 2 + 1);
  }
}

const fontOf = (element: HTMLElement): string => `11px ${getComputedStyle(element).fontFamily}`;
