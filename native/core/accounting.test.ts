import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseCounts, causesOf, grownCauses, lossRecord, splitLosses } from './accounting.ts';
import { LOSS_CAUSES } from './entry.ts';

function split(total: number, counted: number[], overwriting: boolean, corrupt = 0) {
  const into = new Float64Array(LOSS_CAUSES.length);
  splitLosses(total, counted, overwriting, corrupt, into);
  return into;
}

describe('splitLosses', () => {
  it('gives the counted causes their share, the rest to what the mode leaves', () => {
    expect(lossRecord(split(10, [4, 3, 0, 0, 1], false))).toMatchObject({ full: 4, tooBig: 3, nesting: 1, corrupt: 2 });
    expect(lossRecord(split(10, [4, 3, 0, 0, 1], true))).toMatchObject({
      full: 4,
      tooBig: 3,
      nesting: 1,
      overwritten: 2,
    });
    expect(lossRecord(split(10, [1, 0, 0, 0, 0], true, 4))).toMatchObject({ full: 1, overwritten: 5, corrupt: 4 });
  });

  it("gives the quota of programs its share, behind the reader's own causes", () => {
    expect(lossRecord(split(10, [4, 0, 0, 0, 0, 0, 0, 0, 5], true, 1))).toMatchObject({
      full: 4,
      quota: 5,
      corrupt: 1,
    });
  });

  it('gives nothing to a counter that went back', () => {
    expect(lossRecord(split(10, [4, 0, 0, 0, -8], true))).toMatchObject({ full: 4, nesting: 0, overwritten: 6 });
  });

  it('always adds up and never shows more of a cause than was counted', () => {
    const count = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(
        count,
        fc.array(count, { minLength: 5, maxLength: 5 }),
        fc.boolean(),
        count,
        (total, counted, mode, bad) => {
          const parts = split(total, counted, mode, bad);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
          expect(parts.every((part) => part >= 0)).toBe(true);
          expect(counted.every((limit, cause) => (parts[cause] as number) <= limit)).toBe(true);
        },
      ),
    );
  });
});

describe('baseCounts', () => {
  const base = (counts: number[], ahead: number) => {
    const into = new Float64Array(5);
    baseCounts(counts, ahead, into);
    return [...into];
  };

  it('leaves to this reader what is still ahead of it', () => {
    expect(base([5, 2, 0, 0, 0], 0)).toEqual([5, 2, 0, 0, 0]);
    expect(base([5, 2, 0, 0, 0], 7)).toEqual([0, 0, 0, 0, 0]);
    expect(base([5, 2, 0, 0, 0], 3)).toEqual([2, 2, 0, 0, 0]);
    expect(base([5, 2, 0, 0, 0], -3)).toEqual([5, 2, 0, 0, 0]);
  });
});

it('names the causes that grew', () => {
  expect(causesOf(grownCauses([1, 0, 0, 0, 0, 2, 0], [1, 1, 0, 0, 0, 3, 0]))).toEqual(['tooBig', 'overwritten']);
});
