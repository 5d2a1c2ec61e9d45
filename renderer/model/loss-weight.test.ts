import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LossWeight, lossShare, lossWeight, shareWords } from './loss-weight.ts';

const ORDER: readonly LossWeight[] = ['few', 'some', 'many'];
const rank = (lost: number, meanwhile: number): number => ORDER.indexOf(lossWeight(lost, meanwhile));

describe('the weight of a loss', () => {
  it.each([
    [1, 0, 'few'],
    [9, 0, 'few'],
    [10, 0, 'some'],
    [99, 100, 'few'],
    [99, 99, 'some'],
    [100, 5000, 'some'],
    [999, 0, 'some'],
    [1000, 1001, 'some'],
    [1000, 1000, 'many'],
    [9999, 40_000, 'some'],
    [10_000, 1_000_000, 'many'],
    [250_000, 0, 'many'],
  ] as const)('%i of %i others is %s', (lost, meanwhile, weight) => {
    expect(lossWeight(lost, meanwhile)).toBe(weight);
  });

  it('never falls where more is lost, nor rises where more of the others came', () => {
    const count = fc.nat({ max: 300_000 });
    fc.assert(
      fc.property(count, count, count, (lost, more, meanwhile) => {
        expect(rank(lost + more, meanwhile)).toBeGreaterThanOrEqual(rank(lost, meanwhile));
        expect(rank(lost, meanwhile + more)).toBeLessThanOrEqual(rank(lost, meanwhile));
      }),
    );
  });

  it('has its share in words, where anything else came', () => {
    expect([lossShare(0, 0), lossShare(1, 0), lossShare(1, 3)]).toEqual([0, 1, 0.25]);
    expect([shareWords(30, 10), shareWords(1, 999), shareWords(5, 0)]).toEqual([
      '75 % of what was logged meanwhile',
      '<1 % of what was logged meanwhile',
      '',
    ]);
  });
});
