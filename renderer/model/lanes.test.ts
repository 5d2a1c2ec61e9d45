import { describe, expect, it } from 'vitest';
import type { Lane, LaneLoss } from '../../electron/contract/lanes.ts';
import {
  laneBars,
  lanePx,
  lossAt,
  lossLabels,
  lossMarks,
  markDigits,
  mostOf,
  movedRange,
  rangeAround,
  shownRange,
  spanAt,
  timeMarks,
  wheelZoom,
  zoomedRange,
} from './lanes.ts';

const LOG = { logFromNs: 1000, logToNs: 100_999, nowNs: null };
const lane = (counts: number[], losses: readonly LaneLoss[] = []): Lane => ({
  ...{ cpu: 0, records: 0, lost: 0, lastNs: 0, silentNs: null, counts, losses },
  rows: counts.map((count, at) => (count > 0 || losses.some(({ span }) => span === at) ? at : -1)),
});

describe('the time that lanes show', () => {
  it('is all of the log, or a part that stays within it', () => {
    expect(shownRange(null, LOG)).toEqual({ fromNs: 1000, toNs: 101_000 });
    const half = zoomedRange(null, LOG, 0.5, 0.25);
    expect(half).toEqual({ fromNs: 13_500, toNs: 63_500 });
    if (half === null) throw new Error('no part');
    expect(movedRange(half, LOG, 0.1)).toEqual({ fromNs: 18_500, toNs: 68_500 });
    expect(movedRange(half, LOG, -9)).toEqual({ fromNs: 1000, toNs: 51_000 });
    expect(movedRange(half, LOG, 9)).toEqual({ fromNs: 51_000, toNs: 101_000 });
    expect(zoomedRange(half, LOG, 2, 0.5)).toBeNull();
    expect(zoomedRange(null, LOG, 1e-9, 0)).toEqual({ fromNs: 1000, toNs: 1240 });
    expect(rangeAround(half, { fromNs: 90_000, toNs: 90_010 }, LOG)).toEqual({ fromNs: 51_000, toNs: 101_000 });
    expect(rangeAround(half, { fromNs: 60_000, toNs: 60_010 }, LOG)).toEqual({ fromNs: 35_005, toNs: 85_005 });
  });

  it('goes on to now while a log is captured in which nothing is written', () => {
    expect(shownRange(null, { ...LOG, nowNs: 500_000.4 })).toEqual({ fromNs: 1000, toNs: 500_000 });
    expect(shownRange(null, { ...LOG, nowNs: 50_000 })).toEqual({ fromNs: 1000, toNs: 101_000 });
  });

  it('grows and shrinks with the wheel, several notches at once', () => {
    expect([100, -100, 0, 1e9, -1e9].map(wheelZoom)).toEqual([1.25, 0.8, 1, 8, 0.125]);
  });

  it('of an empty log is none that cannot be drawn', () => {
    expect(shownRange(null, { logFromNs: 0, logToNs: 0, nowNs: null })).toEqual({ fromNs: 0, toNs: 240 });
  });
});

describe('a lane', () => {
  const spans = { fromNs: 0, bucketNs: 10 };
  const shown = { fromNs: 0, toNs: 40 };

  it('is drawn by how much was written, and cut where the time ends', () => {
    const counts = lane([4, 0, 1, 0], [{ span: 3, places: 1, fromNs: 25, toNs: 35, lost: 7, row: 3 }]);
    expect(mostOf([counts, lane([16])])).toBe(16);
    expect(laneBars(counts, spans, shown, 16, 400)).toEqual([
      { x: 0, width: 100, heat: 0.575 },
      { x: 200, width: 100, heat: 0.3625 },
    ]);
    expect(laneBars(counts, spans, { fromNs: 5, toNs: 25 }, 16, 200).map(({ x, width }) => [x, width])).toEqual([
      [0, 50],
      [150, 50],
    ]);
  });

  it('leads to the nearest span that has rows', () => {
    const counts = lane([4, 0, 0, 1]);
    expect([5, 150, 260, 399].map((x) => spanAt(counts, spans, shown, x, 400))).toEqual([0, 0, 3, 3]);
    expect(spanAt(lane([0, 0]), spans, shown, 0, 400)).toBeNull();
  });

  it('has a loss where it is: a line as high as it weighs, or all of its time where that is long', () => {
    const brief = { span: 1, places: 1, fromNs: 15, toNs: 15.1, lost: 1, row: 5 };
    const heavy = { span: 0, places: 1, fromNs: 0, toNs: 0, lost: 12, row: 1 };
    const long = { span: 3, places: 1, fromNs: 20, toNs: 60, lost: 9, row: 7 };
    const marks = lossMarks(lane([4, 99, 0, 0], [heavy, brief, long]), shown, 400);
    expect(marks.map(({ x, width, long, share }) => [x, width, long, share])).toEqual([
      [0, 2, false, 0.75],
      [150, 2, false, 0.35],
      [200, 200, true, 1],
    ]);
    expect(lossMarks(lane([4, 99, 0, 0], [heavy, brief, long]), { fromNs: 61, toNs: 99 }, 400)).toEqual([]);
    expect([148, 160, 300, 399].map((x) => lossAt(marks, x)?.lost)).toEqual([1, undefined, 9, 9]);
    // Within the long one, and beside the others as far as nothing else is there.
    const places = (textPx: number) => lossLabels(marks, () => textPx, 400).map(({ x, mark }) => [x, mark.loss.lost]);
    expect(places(40)).toEqual([
      [3, 12],
      [280, 9],
      [153, 1],
    ]);
    expect(places(60)).toEqual([
      [3, 12],
      [270, 9],
    ]);
    expect(places(500)).toEqual([]);
  });

  it('has the height that there is room for', () => {
    expect([lanePx(4, 400), lanePx(8, 130), lanePx(64, 200)]).toEqual([22, 16, 12]);
  });
});

it('times are marked at round figures', () => {
  const second = timeMarks({ fromNs: 0, toNs: 1e9 }, 500, 100);
  expect(second.stepNs).toBe(200e6);
  expect(second.marks.map(({ ns }) => ns / 1e6)).toEqual([0, 200, 400, 600, 800]);
  const late = timeMarks({ fromNs: 0, toNs: 1e9 }, 500, 100, (step) => 50e6 % step);
  expect(late.marks.map(({ ns }) => ns / 1e6)).toEqual([150, 350, 550, 750, 950]);
  expect(timeMarks({ fromNs: 150, toNs: 350 }, 100, 40).marks.map(({ ns, x }) => [ns, x])).toEqual([
    [200, 25],
    [300, 75],
  ]);
});

it('times on an axis have the digits that tell two of them apart', () => {
  expect([5e9, 1e9, 500e6, 1e6, 200e3, 5e3, 500, 100, 50].map(markDigits)).toEqual([
    ...['s', 's', 'ms', 'ms', 'us', 'us', '100ns', '100ns', 'ns'],
  ]);
});
