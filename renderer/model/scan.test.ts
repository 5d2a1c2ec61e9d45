import { describe, expect, it } from 'vitest';
import { rowsLeftOut, scanPercent } from './scan.ts';

const stopped = { code: 'cancelled', message: 'Stopped', action: 'Go on' } as const;

describe('scan progress', () => {
  it('is told while there is something to wait for', () => {
    expect(scanPercent({ scan: null, stopped: null })).toBeNull();
    expect(scanPercent({ scan: { done: 0, total: 0 }, stopped: null })).toBeNull();
    expect(scanPercent({ scan: { done: 39_999, total: 100_000 }, stopped: null })).toBe(39);
    expect(scanPercent({ scan: { done: 99_500_000, total: 100_000_000 }, stopped: null })).toBe(99);
  });

  it('is silent while the filter keeps up with the rows that arrive, unless it has stopped', () => {
    const scan = { done: 999_000, total: 1_000_000 };
    expect(scanPercent({ scan, stopped: null })).toBeNull();
    expect(scanPercent({ scan, stopped })).toBe(99);
    expect([rowsLeftOut({ scan, stopped }), rowsLeftOut({ scan, stopped: null })]).toEqual([1000, 0]);
  });
});
