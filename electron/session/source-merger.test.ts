import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EntryBatch, RowFlag } from '../../native/core/entry.ts';
import { type Lane, SourceMerger } from './source-merger.ts';
import { PlainSourceMerger } from './source-merger-plain.ts';
import { batchOf, entry } from './test-support.ts';
import { payloadText } from './text.ts';

function reader() {
  const rows: { source: number; timeNs: number; text: string; late: boolean }[] = [];
  const sink = (batch: EntryBatch): void => {
    for (let at = 0; at < batch.count; at++) {
      const start = batch.dataStart[at] as number;
      rows.push({
        source: batch.source[at] as number,
        timeNs: batch.timeNs[at] as number,
        text: payloadText(0, batch.bytes.slice(start, start + (batch.dataLength[at] as number))),
        late: ((batch.flags[at] as number) & RowFlag.Late) !== 0,
      });
    }
  };
  return { rows, sink };
}

const at = (...times: number[]): EntryBatch => batchOf(times.map((timeNs) => entry(1, `at ${timeNs}`, { timeNs })));

describe('SourceMerger', () => {
  it('lets the batches of one source through as they are, numbered and moved', () => {
    const passed: EntryBatch[] = [];
    const merger = new SourceMerger((batch) => passed.push(batch));
    const lane = merger.add(3);
    const batch = at(5, 9);
    merger.push(lane, batch, 100, 0);
    expect(passed).toEqual([batch]);
    expect([...batch.source, ...batch.timeNs]).toEqual([3, 3, 105, 109]);
    expect(merger.holding).toBe(false);
  });

  it('waits for a source that may still deliver older rows, but not longer than the hold', () => {
    const { rows, sink } = reader();
    const merger = new SourceMerger(sink, 50);
    const [a, b] = [merger.add(0), merger.add(1)];
    merger.promise(a, 1000);
    merger.promise(b, 20);
    merger.push(a, at(10, 30, 40), 0, 0);
    merger.release(0);
    expect(rows.map((row) => row.timeNs)).toEqual([10]);
    merger.push(b, at(25), 0, 10);
    merger.promise(b, 30);
    merger.release(10);
    expect(rows.map((row) => row.timeNs)).toEqual([10, 25, 30]);
    merger.release(49);
    expect([rows.length, merger.holding]).toEqual([3, true]);
    merger.release(50);
    expect([rows.length, merger.holding]).toEqual([4, false]);
    merger.push(b, at(35, 41), 0, 60);
    merger.promise(b, 50);
    merger.release(60);
    expect(rows.slice(4).map((row) => [row.timeNs, row.late])).toEqual([
      [35, true],
      [41, false],
    ]);
    expect(merger.late).toBe(1);
  });

  it('takes a source away without losing what it still had', () => {
    const { rows, sink } = reader();
    const merger = new SourceMerger(sink);
    const [a, b] = [merger.add(0), merger.add(1)];
    merger.promise(a, 0);
    merger.promise(b, 0);
    merger.push(a, at(1, 3), 0, 0);
    merger.push(b, at(2), 0, 0);
    merger.remove(a);
    merger.promise(b, 10);
    merger.release(1);
    expect(rows.map((row) => row.timeNs)).toEqual([1, 2, 3]);
    merger.push(b, at(11), 0, 2);
    expect(rows.length).toBe(4);
  });

  it('says what the plain merge says', () => {
    const sources = 3;
    const times = fc.array(fc.nat(60), { maxLength: 6 });
    const action = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), source: fc.nat(sources - 1), times }) },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('promise' as const),
          source: fc.nat(sources - 1),
          safe: fc.oneof(fc.nat(80), fc.constant(Number.POSITIVE_INFINITY)),
        }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), later: fc.nat(30) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { rows, sink } = reader();
        const merger = new SourceMerger(sink, 50);
        const plain = new PlainSourceMerger(50);
        const lanes = Array.from({ length: sources }, (_, source) => merger.add(source));
        let now = 0;
        let serial = 0;
        for (const step of actions) {
          if (step.do === 'push') {
            const named = step.times.map((timeNs) => ({
              source: step.source,
              timeNs,
              text: 'x'.repeat(serial++ % 9) + serial,
            }));
            const batch = batchOf(named.map((row) => entry(1, row.text, { timeNs: row.timeNs })));
            merger.push(lanes[step.source] as Lane, batch, 0, now);
            plain.push(named, now);
          } else if (step.do === 'promise') {
            merger.promise(lanes[step.source] as Lane, step.safe);
            plain.promise(step.source, step.safe);
          } else {
            now += step.later;
            merger.release(now);
            plain.release(now);
            expect(rows).toEqual(plain.output);
          }
        }
        merger.flush();
        plain.emit(Number.POSITIVE_INFINITY);
        expect(rows).toEqual(plain.output);
      }),
      { numRuns: 400 },
    );
  });
});
