import { describe, expect, it } from 'vitest';
import { cpuStats, lost } from '../test-support.ts';
import { LossTally, RateMeter, ringFill } from './statistics.ts';

describe('RateMeter', () => {
  it('counts the entries of the last second', () => {
    const meter = new RateMeter();
    // 100 a second on CPU 0 and 300 on CPU 1, from 0 to 3 s, then silence.
    for (let ms = 0; ms <= 3000; ms += 100) meter.sample(ms, Float64Array.of(ms / 10, (ms * 3) / 10));
    expect(meter.rates(3000)).toEqual({
      perSecond: 400,
      cpus: [
        { cpu: 0, perSecond: 100 },
        { cpu: 1, perSecond: 300 },
      ],
    });
    for (let ms = 3100; ms <= 3500; ms += 100) meter.sample(ms, Float64Array.of(300, 900));
    expect(meter.rates(3500).perSecond).toBe(200);
    for (let ms = 3600; ms <= 4100; ms += 100) meter.sample(ms, Float64Array.of(300, 900));
    expect(meter.rates(4100).perSecond).toBe(0);
  });

  it('does not make a rate out of a first moment', () => {
    const meter = new RateMeter();
    expect(meter.rates(0)).toEqual({ perSecond: 0, cpus: [] });
    meter.sample(0, new Float64Array(0));
    meter.sample(10, Float64Array.of(50));
    expect(meter.rates(10).perSecond).toBe(50);
  });

  it('spreads entries over the time they came in when samples are rare', () => {
    const meter = new RateMeter();
    meter.sample(0, Float64Array.of(0));
    meter.sample(4000, Float64Array.of(400));
    expect(meter.rates(4000).perSecond).toBe(100);
  });

  it('starts again after a reset', () => {
    const meter = new RateMeter();
    meter.sample(0, Float64Array.of(1000));
    meter.reset();
    meter.sample(100, Float64Array.of(0));
    expect(meter.rates(100).perSecond).toBe(0);
  });
});

describe('LossTally', () => {
  it('sums sources, and forgets with a clear what was lost before it', () => {
    const tally = new LossTally();
    const first = [cpuStats(0, { ...lost('full', 5), late: 1 }), cpuStats(1, lost('tooBig', 2))];
    expect(tally.total(first)).toMatchObject({ lost: 7, late: 1, lostByCause: { full: 5, tooBig: 2 } });
    tally.finish(first);
    const second = [cpuStats(0, lost('full', 10))];
    expect(tally.total(second)).toMatchObject({ lost: 17, lostByCause: { full: 15, tooBig: 2 } });
    tally.clear(second);
    expect(tally.total(second)).toMatchObject({ lost: 0, late: 0, lostByCause: { full: 0, tooBig: 0 } });
    const later = [cpuStats(0, lost('full', 11))];
    expect(tally.total(later).lost).toBe(1);
    tally.finish(later);
    expect(tally.total([]).lost).toBe(1);
  });
});

describe('ringFill', () => {
  it('is that of the fullest ring', () => {
    const cpus = [
      cpuStats(0, { pendingBytes: 100, ringBytes: 1000, peakPendingBytes: 900 }),
      cpuStats(1, { pendingBytes: 400, ringBytes: 1000, peakPendingBytes: 500 }),
    ];
    expect(ringFill(cpus)).toEqual({ now: 0.4, peak: 0.9 });
    expect(ringFill([cpuStats(0, { ringBytes: 0 })])).toEqual({ now: 0, peak: 0 });
  });
});
