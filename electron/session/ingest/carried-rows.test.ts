import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, entry, gap } from '../test-support.ts';
import { CarriedRows } from './carried-rows.ts';

/** Rows of two sources, each numbered from 1, in some order, with their own times. */
const log = fc.array(fc.record({ source: fc.nat({ max: 1 }), stepNs: fc.nat({ max: 9000 }) }), { maxLength: 40 });
const offsets = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: -1e12, max: 1e12 }));

describe('carried rows', () => {
  it('are each found where its record is, whatever the order and the offsets', () => {
    fc.assert(
      fc.property(log, offsets, fc.infiniteStream(fc.boolean()), fc.nat({ max: 5 }), (steps, moved, picks, cut) => {
        const next = [0, 0];
        const ownNs = [0, 0];
        const records = steps.map(({ source, stepNs }) => {
          ownNs[source] = (ownNs[source] as number) + stepNs;
          next[source] = (next[source] as number) + 1;
          return { source, index: next[source] as number, kind: 0, ownNs: ownNs[source] as number };
        });
        const wanted = records.filter(() => picks.next().value);
        const carried = new CarriedRows(wanted.map((row) => ({ row, what: `${row.source} ${row.index}` })));
        const offsetNs = (source: number): number => moved[source as 0 | 1];
        const order = [...records].sort((a, b) => a.ownNs + offsetNs(a.source) - b.ownNs - offsetNs(b.source));
        const found: string[] = [];
        for (let from = 0; from < order.length; from += cut + 1) {
          const rows = order
            .slice(from, from + cut + 1)
            .map(({ source, index, ownNs }) => entry(index, 'x', { source, timeNs: ownNs + offsetNs(source) }));
          for (const { row, timeNs, what } of carried.look(batchOf(rows), from, offsetNs)) {
            const here = order[row];
            expect(what).toBe(`${here?.source} ${here?.index}`);
            expect(timeNs).toBe((here?.ownNs ?? 0) + offsetNs(here?.source ?? 0));
            found.push(what);
          }
        }
        expect([...found].sort()).toEqual(wanted.map(({ source, index }) => `${source} ${index}`).sort());
        expect([carried.count, carried.rest]).toEqual([0, []]);
      }),
    );
  });

  it('are told apart by time and kind where one index comes twice, and stay missing where none fits', () => {
    const row = (index: number, ownNs: number, kind = 0) => ({ source: 0, index, ownNs, kind });
    const carried = new CarriedRows([
      { row: row(1, 5000), what: 'second' },
      { row: row(1, 50_000, 1), what: 'loss' },
      { row: row(2, 0), what: 'gone' },
    ]);
    const rows = [entry(1, 'a', { timeNs: 0 }), entry(1, 'b', { timeNs: 5000 }), { ...gap(1, 0, 7), timeNs: 50_000 }];
    const found = carried.look(batchOf(rows), 10, () => 0);
    expect(found.map(({ row, what }) => [row, what])).toEqual([
      [11, 'second'],
      [12, 'loss'],
    ]);
    expect(carried.rest.map(({ what }) => what)).toEqual(['gone']);
  });
});
