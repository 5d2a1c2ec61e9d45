import { describe, expect, it } from 'vitest';
import { callbackIntervals, type FrameRecord, frameLengths } from './frames.ts';

const TICK = 1000 / 60;
const frame = (tick: number, wait: number, work: number): FrameRecord => ({
  began: tick * TICK,
  called: tick * TICK + wait,
  done: tick * TICK + wait + work,
});

describe('frames', () => {
  it('are a tick long while each is done in time, wherever in it the callback ran', () => {
    const frames = [frame(0, 1, 2), frame(1, 7, 2), frame(2, 1, 2)];
    for (const length of frameLengths(frames)) expect(length).toBeCloseTo(TICK);
    expect(callbackIntervals(frames)[0]).toBeCloseTo(TICK + 6);
    expect(callbackIntervals(frames)[1]).toBeCloseTo(TICK - 6);
  });

  it('are longer where one is left out', () => {
    expect(frameLengths([frame(0, 1, 2), frame(2, 1, 2)])[0]).toBeCloseTo(2 * TICK);
  });

  it('are longer where the work is, before the callback or after it, though no tick is missed', () => {
    expect(frameLengths([frame(0, 1, 2), frame(1, 19, 2)])[0]).toBeCloseTo(21);
    expect(frameLengths([frame(0, 1, 2), frame(1, 1, 20)])[0]).toBeCloseTo(21);
  });

  it('need a frame before them', () => {
    expect(frameLengths([frame(0, 1, 30)])).toEqual([]);
    expect(frameLengths([])).toEqual([]);
  });
});
