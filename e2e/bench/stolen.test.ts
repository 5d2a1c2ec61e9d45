import { describe, expect, it } from 'vitest';
import { parseTicks, stolenPercent } from './stolen.ts';

describe('stolen time', () => {
  it('is read from what Linux says of all CPUs', () => {
    const stat = 'cpu  100 10 40 800 20 0 0 30 7 1\ncpu0 50 5 20 400 10 0 0 15 7 1\nintr 123\n';
    expect(parseTicks(stat)).toEqual({ all: 1000, stolen: 30 });
  });

  it('is unknown elsewhere', () => {
    expect(parseTicks('')).toBeNull();
    expect(parseTicks('cpu 1 2 3')).toBeNull();
    expect(stolenPercent(null, { all: 1, stolen: 0 })).toBeNull();
    expect(stolenPercent({ all: 5, stolen: 0 }, { all: 5, stolen: 0 })).toBeNull();
  });

  it('is a share of the time that went by', () => {
    expect(stolenPercent({ all: 1000, stolen: 30 }, { all: 1400, stolen: 50 })).toBe(5);
  });
});
