/** What stands out in a log, and what is its noise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../electron/contract/test-support.ts';
import { type Part, unusual } from './unusual.ts';

const even = (parts: number, count: number, rows: number): Part[] =>
  Array.from({ length: parts }, () => ({ count, rows }));
const drawn = (parts: readonly Part[]): number[] => unusual(parts).flatMap((times, at) => (times > 0 ? [at] : []));

/** Counts of parts as chance makes them, at one share everywhere. */
function byChance(random: () => number, parts: number, rows: number, share: number): Part[] {
  return Array.from({ length: parts }, () => {
    let count = 0;
    for (let row = 0; row < rows; row++) if (random() < share) count++;
    return { count, rows };
  });
}

/** Numbers in 0..1 from a seed. */
function randomFrom(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

describe('what is unusual', () => {
  it('is nothing where there is nothing, and nothing where as much is everywhere', () => {
    expect(drawn([])).toEqual([]);
    expect(drawn(even(300, 0, 100))).toEqual([]);
    for (const count of [1, 7, 100]) expect(drawn(even(300, count, 100))).toEqual([]);
  });

  it('is each of a few, however few rows they are among', () => {
    const parts = even(300, 0, 1_000_000);
    for (const at of [0, 17, 299]) parts[at] = { count: 1, rows: 1_000_000 };
    expect(drawn(parts)).toEqual([0, 17, 299]);
    expect(drawn([{ count: 1, rows: 3 }])).toEqual([0]);
  });

  it('is a burst above what the log has everywhere, also if it is a third of the log', () => {
    const parts = even(300, 10, 200);
    parts[50] = { count: 60, rows: 200 };
    expect(drawn(parts)).toEqual([50]);
    const long = even(300, 10, 200).map((part, at) => (at < 100 ? { ...part, count: 60 } : part));
    expect(drawn(long)).toEqual(Array.from({ length: 100 }, (_, at) => at));
    const silent = even(300, 0, 200).map((part, at) => (at < 100 ? { ...part, count: 60 } : part));
    expect(drawn(silent)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  it('is not what chance makes of an even mix: of 300 parts hardly one, however many rows a part has', () => {
    const cases = countCases('a few in all', 'less than one a part', 'several a part', 'many a part');
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(2, 20, 300), fc.constantFrom(0.01, 0.06, 0.3), (seed, rows, share) => {
        const parts = byChance(randomFrom(seed), 300, rows, share);
        const having = parts.filter(({ count }) => count > 0).length;
        const few = having <= 15;
        cases.note('a few in all', few);
        cases.note('less than one a part', !few && rows * share < 1);
        cases.note('several a part', rows * share >= 1 && rows * share < 10);
        cases.note('many a part', rows * share >= 10);
        expect(drawn(parts).length).toSatisfy((marks: number) => (few ? marks === having : marks <= 4));
      }),
      { numRuns: 300 },
    );
    cases.expectEach();
  });

  it('is never less drawn for being more', () => {
    const parts = even(200, 5, 100);
    const burst = (count: number) =>
      unusual(parts.map((part, at) => (at === 9 ? { ...part, count } : part)))[9] as number;
    const times = Array.from({ length: 95 }, (_, count) => burst(count + 5));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(10);
  });
});
