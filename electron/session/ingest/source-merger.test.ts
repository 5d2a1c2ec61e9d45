import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../../native/core/columns.ts';
import { createEntryBatch, type EntryBatch, RowFlag } from '../../../native/core/entry.ts';
import { countCases } from '../../contract/test-support.ts';
import { batchOf, entry } from '../test-support.ts';
import { payloadText } from '../text/text.ts';
import { type Lane, SourceMerger } from './source-merger.ts';
import { PlainSourceMerger } from './source-merger-plain.ts';

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

  it('copies every column of the table when it mixes sources', () => {
    const seen: Record<string, number>[] = [];
    const merger = new SourceMerger((batch) => {
      for (let row = 0; row < batch.count; row++)
        seen.push(Object.fromEntries(COLUMN_NAMES.map((name) => [name, batch[name][row] as number])));
    });
    const [a, b] = [merger.add(5), merger.add(6)];
    const batch = createEntryBatch(2, 8);
    batch.count = 2;
    COLUMN_NAMES.forEach((name, place) => {
      batch[name].set([place + 1, place + 101]);
    });
    batch.flags.set([2, 2]);
    batch.timeNs.set([10, 30]);
    const sent = [0, 1].map((row) => Object.fromEntries(COLUMN_NAMES.map((name) => [name, batch[name][row]])));
    merger.promise(a, 10);
    merger.push(a, batch, 0, 0);
    merger.push(b, at(20), 0, 0);
    merger.promise(a, 100);
    merger.promise(b, 100);
    merger.release(0);
    expect(seen.map(({ source }) => source)).toEqual([5, 6, 5]);
    expect([seen[0], seen[2]]).toEqual(sent.map((row) => ({ ...row, source: 5 })));
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

  it('counts no row again that was late within its own source', () => {
    const { rows, sink } = reader();
    const merger = new SourceMerger(sink);
    const [a, b] = [merger.add(0), merger.add(1)];
    merger.push(a, at(100), 0, 0);
    merger.promise(a, 100);
    merger.promise(b, 100);
    merger.release(0);
    const batch = batchOf([
      entry(2, 'late there', { timeNs: 40, flags: RowFlag.Late }),
      entry(3, 'late here', { timeNs: 50 }),
    ]);
    merger.push(b, batch, 0, 0);
    merger.release(0);
    expect(rows.map(({ text, late }) => [text, late])).toEqual([
      ['at 100', false],
      ['late there', true],
      ['late here', true],
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

  it('forgets a source that was taken away before a clear: it holds nobody back afterwards', () => {
    const passed: EntryBatch[] = [];
    const lease = () => null;
    const merger = new SourceMerger((batch) => passed.push(batch), 50, lease);
    const [a, b] = [merger.add(0), merger.add(1)];
    merger.promise(a, 0);
    merger.promise(b, 0);
    merger.push(a, at(1, 3), 0, 0);
    merger.remove(a);
    expect([merger.holding, merger.leaseFor(b)]).toEqual([true, null]);
    merger.clear();
    expect([merger.holding, merger.leaseFor(b)]).toEqual([false, lease]);
    const batch = at(2);
    merger.push(b, batch, 0, 1);
    // The only source there is: its batch goes through as it is.
    expect(passed).toEqual([batch]);
    expect(passed[0]).toBe(batch);
  });

  it('says what the plain merge says, whatever comes, goes and is cleared', () => {
    const sources = 3;
    const times = fc.array(fc.nat(60), { maxLength: 6 });
    const source = fc.nat(sources - 1);
    const action = fc.oneof(
      { weight: 8, arbitrary: fc.record({ do: fc.constant('push' as const), source, times }) },
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('promise' as const),
          source,
          safe: fc.oneof(fc.nat(80), fc.constant(Number.POSITIVE_INFINITY)),
        }),
      },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('release' as const), later: fc.nat(30) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('come or go' as const), source }) },
      { weight: 1, arbitrary: fc.constant({ do: 'clear' as const }) },
    );
    const cases = countCases('held back', 'late', 'gone with rows that wait', 'alone', 'cleared while rows wait');
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { rows, sink } = reader();
        const merger = new SourceMerger(sink, 50);
        const plain = new PlainSourceMerger(50);
        const lanes = new Map<number, Lane>();
        const come = (source: number) => {
          lanes.set(source, merger.add(source));
          plain.add(source);
        };
        for (let source = 0; source < sources; source++) come(source);
        let now = 0;
        let serial = 0;
        for (const step of actions) {
          if (step.do === 'push') {
            const lane = lanes.get(step.source);
            if (lane === undefined) continue;
            const named = step.times.map((timeNs) => ({
              source: step.source,
              timeNs,
              text: 'x'.repeat(serial++ % 9) + serial,
            }));
            const batch = batchOf(named.map((row) => entry(1, row.text, { timeNs: row.timeNs })));
            merger.push(lane, batch, 0, now);
            plain.push(named, now);
          } else if (step.do === 'promise') {
            const lane = lanes.get(step.source);
            if (lane === undefined) continue;
            merger.promise(lane, step.safe);
            plain.promise(step.source, step.safe);
          } else if (step.do === 'come or go') {
            const lane = lanes.get(step.source);
            // A source that went comes again only after its rows: the session gives it another number until then.
            if (lane !== undefined) {
              cases.note('gone with rows that wait', plain.holding);
              lanes.delete(step.source);
              merger.remove(lane);
              plain.remove(step.source);
            } else if (!plain.holding) come(step.source);
          } else if (step.do === 'clear') {
            cases.note('cleared while rows wait', plain.holding);
            merger.clear();
            plain.clear();
          } else {
            now += step.later;
            merger.release(now);
            plain.release(now);
            expect(rows).toEqual(plain.output);
          }
          expect([merger.holding, merger.late]).toEqual([plain.holding, plain.late]);
          cases.note('held back', plain.holding);
          cases.note('late', plain.late);
          cases.note('alone', lanes.size === 1);
        }
        merger.flush();
        plain.emit(Number.POSITIVE_INFINITY);
        expect(rows).toEqual(plain.output);
      }),
      { numRuns: 150 },
    );
    cases.expectEach();
  });
});
