import { describe, expect, it } from 'vitest';
import type { Lane } from '../../electron/contract/lanes.ts';
import {
  laneBars,
  lanePx,
  mostOf,
  movedRange,
  shownRange,
  spanAt,
  timeMarks,
  wheelZoom,
  zoomedRange,
} from './lanes.ts';

const LOG = { logFromNs: 1000, logToNs: 100_999 };
const lane = (counts: number[], losses = counts.map(() => 0)): Lane => ({
  ...{ cpu: 0, records: 0, lost: 0, lastNs: 0, silentNs: null, counts, losses },
  rows: counts.map((count, at) => (count > 0 || (losses[at] ?? 0) > 0 ? at : -1)),
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
  });

  it('grows and shrinks with the wheel, several notches at once', () => {
    expect([100, -100, 0, 1e9, -1e9].map(wheelZoom)).toEqual([1.25, 0.8, 1, 8, 0.125]);
  });

  it('of an empty log is none that cannot be drawn', () => {
    expect(shownRange(null, { logFromNs: 0, logToNs: 0 })).toEqual({ fromNs: 0, toNs: 240 });
  });
});

describe('a lane', () => {
  const spans = { fromNs: 0, bucketNs: 10 };
  const shown = { fromNs: 0, toNs: 40 };

  it('is drawn by how much was written, with what was lost, and cut where the time ends', () => {
    const counts = lane([4, 0, 1, 0], [0, 0, 0, 7]);
    expect(mostOf([counts, lane([16])])).toBe(16);
    expect(laneBars(counts, spans, shown, 16, 400)).toEqual([
      { x: 0, width: 100, heat: 0.575, lost: 0 },
      { x: 200, width: 100, heat: 0.3625, lost: 0 },
      { x: 300, width: 100, heat: 0, lost: 7 },
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

  it('has the height that there is room for', () => {
    expect([lanePx(4, 400), lanePx(8, 130), lanePx(64, 200)]).toEqual([22, 16, 12]);
  });
});

it('times are marked at round figures', () => {
  expect(timeMarks({ fromNs: 0, toNs: 1e9 }, 500, 100).map(({ ns }) => ns / 1e6)).toEqual([0, 200, 400, 600, 800]);
  expect(timeMarks({ fromNs: 150, toNs: 350 }, 100, 40).map(({ ns, x }) => [ns, x])).toEqual([
    [200, 25],
    [300, 75],
  ]);
});
