import { describe, expect, it } from 'vitest';
import type { BootSettings } from '../core/boot.ts';
import { judgeBegin, judgeBootSettings } from './judge-boot.ts';

const settings = (over: Partial<BootSettings> = {}): BootSettings => ({
  start: 'boot',
  overridden: null,
  parameters: { ringBytes: null, ringMode: null, orderMode: null, captures: null },
  wrong: [],
  ...over,
});

describe('a driver that Windows starts', () => {
  it('is of no concern where all is as it was set', () => {
    expect(judgeBootSettings(settings())).toEqual([]);
    expect(judgeBootSettings(settings({ overridden: 'boot' }))).toEqual([]);
    expect(judgeBootSettings(null)).toEqual([]);
    expect(judgeBegin(null)).toEqual([]);
    expect(judgeBegin({ startType: 0, set: 15, ignored: 0, failed: 0 })).toEqual([]);
  });

  it('is told of before it starts, by name', () => {
    const [override, wrong, ...none] = judgeBootSettings(settings({ overridden: 'demand', wrong: ['RingMode'] }));
    expect(override).toMatchObject({ severity: 'warning', what: expect.stringContaining('by hand') });
    expect(wrong).toMatchObject({ severity: 'warning', what: expect.stringContaining('will ignore RingMode') });
    expect(none).toEqual([]);
  });

  it('is told of by what it ignored, and by what Windows refused', () => {
    const found = judgeBegin({ startType: 0, set: 2, ignored: 1 | 4, failed: 8 | 16 | 32 }).map(({ what }) => what);
    expect(found).toEqual([
      expect.stringContaining('could not read'),
      expect.stringContaining('ignored RingBytes, OrderMode'),
      expect.stringContaining('refused the driver what Captures'),
      expect.stringContaining('cannot open'),
    ]);
  });
});
