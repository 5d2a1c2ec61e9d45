import { describe, expect, it } from 'vitest';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun } from '../session/output/output-row.ts';
import { batchOf, entry, gap, type PlainRow } from '../session/test-support.ts';
import { compareStats, StatsCounter } from './log-stats.ts';

function statsOf(rows: readonly PlainRow[], top?: number) {
  const counter = new StatsCounter(outputFacts({ info: { source: 'sim:a', sessionId: '', startUnixMs: 0 } }));
  counter.take(batchRun(batchOf(rows)));
  return counter.stats(top);
}

/** So many messages of a kind, one each millisecond. */
const some = (count: number, text: string) =>
  Array.from({ length: count }, (_, i) => entry(i, `${text} ${i}`, { timeNs: i * 1_000_000 }));

describe('what a log is made of', () => {
  it('counts entries and the records lost, not the rows that say so', () => {
    const rows = [
      entry(1, 'a 1', { cpu: 1, level: 0, timeNs: 5e8 }),
      gap(2, 0, 40),
      entry(3, 'a 2', { cpu: 1, timeNs: 25e8 }),
    ];
    expect(statsOf(rows)).toMatchObject({
      entries: 2,
      lost: 40,
      levels: { error: 1, info: 1 },
      cpus: { 1: 2 },
      templates: [
        { template: 'a #', count: 2, level: 'error', firstIndex: 1, lastIndex: 3, firstSeconds: 0.5, lastSeconds: 2.5 },
      ],
    });
    expect(statsOf([])).toMatchObject({ entries: 0, seconds: 0, perSecond: null, first: null, templates: [] });
  });

  it('names the most frequent messages first, as many as are wanted', () => {
    const rows = [...some(3, 'rare'), ...some(9, 'often'), entry(1, 'once')];
    expect(statsOf(rows, 2).templates.map(({ template }) => template)).toEqual(['often #', 'rare #']);
  });
});

describe('how two logs differ', () => {
  const changes = (a: readonly PlainRow[], b: readonly PlainRow[]) =>
    compareStats(statsOf(a), statsOf(b)).map(({ change, template }) => `${change}: ${template}`);

  it('is what only one has, and what is more or less than chance, the greatest difference first', () => {
    const both = some(1000, 'both');
    expect(
      changes([...both, ...some(5, 'old'), ...some(50, 'less')], [...both, ...some(7, 'new'), ...some(2, 'less')]),
    ).toEqual(['new: new #', 'gone: old #', 'fewer: less #']);
    expect(changes(some(1000, 'x'), some(1000, 'x'))).toEqual([]);
    expect(changes([...both, ...some(100, 'x')], [...both, ...some(110, 'x')])).toEqual([]);
  });

  it('compares rates: twice as many in a log twice as long are no change, as many in a longer one are fewer', () => {
    expect(changes(some(1000, 'x'), some(2000, 'x'))).toEqual([]);
    const slower = some(1000, 'x').map((row) => ({ ...row, timeNs: row.timeNs * 10 }));
    expect(changes(some(1000, 'x'), slower)).toEqual(['fewer: x #']);
  });
});
