import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { countCases } from '../../contract/test-support.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads, gap, type PlainRow } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { LifeTally } from './life-tally.ts';
import { ValueLives } from './value-life.ts';

const VALUE = '0xffffc01a2b3c4d50';
const MESSAGES = ['irp ffffc01a`2b3c4d50 start', '0xFFFFC01A2B3C4D50', 'irp ffffc01a2b3c4d51', 'nothing', ''];

const anyRow = fc
  .tuple(fc.nat(9), fc.nat(MESSAGES.length - 1), fc.nat(3), fc.nat(50))
  .map(([what, word, cpu, ms]) => (time: number): PlainRow => {
    const at = { cpu, timeNs: time + ms * 1e6 };
    return what === 0 ? gap(1, cpu, 3) : entry(1, MESSAGES[word] as string, at);
  });

it('is that of a look at the whole log, however rows come', () => {
  const cases = countCases('several records', 'cleared');
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.array(anyRow, { maxLength: 30 }) },
          { weight: 1, arbitrary: fc.constant('clear' as const) },
        ),
        {
          ...{ minLength: 3, maxLength: 15 },
        },
      ),
      (steps) => {
        const store = new SessionStore({
          memoryCapBytes: 1 << 30,
          segmentRows: 16,
          chunkBytes: 256,
          segmentBytes: 1024,
        });
        const threads = new FakeThreads(2);
        const lives = new ValueLives(store, threads.pool, () => {});
        let rows: PlainRow[] = [];
        let nowMs = 0;
        for (const step of steps) {
          if (step === 'clear') {
            cases.note('cleared', rows.length > 0);
            store.clear();
            rows = [];
          } else {
            const added = step.map((make) => make(rows.at(-1)?.timeNs ?? 0));
            rows.push(...added);
            if (added.length > 0) store.append(batchOf(added));
          }
          lives.report(VALUE, ++nowMs);
          lives.advance(nowMs);
          threads.settle();
        }
        const named = rows.flatMap(({ kind, payload, timeNs, cpu }, row) =>
          kind === RowKind.Entry && /ffffc01a`?2b3c4d50/i.test(decodeUtf8(payload)) ? [{ row, timeNs, cpu }] : [],
        );
        const report = lives.report(VALUE, nowMs);
        cases.note('several records', named.length > 1);
        expect(report).toMatchObject({ count: named.length, looked: rows.length, total: rows.length, failure: null });
        expect(report.bars.reduce((sum, { count }) => sum + count, 0)).toBe(named.length);
        expect(report.cpus.reduce((sum, { count }) => sum + count, 0)).toBe(named.length);
        const [first, last] = [named[0], named.at(-1)];
        if (first === undefined || last === undefined) return;
        expect(report).toMatchObject({
          firstRow: first.row,
          firstNs: first.timeNs,
          lastRow: last.row,
          lastNs: last.timeNs,
        });
        const longest = Math.max(0, ...named.slice(1).map(({ timeNs }, at) => timeNs - (named[at]?.timeNs ?? 0)));
        expect(report.gaps[0]?.ns ?? 0).toBe(longest);
      },
    ),
    { numRuns: 200 },
  );
  cases.expectEach(20);
});

it('takes no more memory for a million records than for a thousand', () => {
  const tally = new LifeTally();
  for (let row = 0; row < 1_000_000; row++) tally.add(row, row * row, row % 100);
  expect(tally.allBars.length).toBeLessThanOrEqual(240);
  expect(tally.allBars.reduce((sum, { count }) => sum + count, 0)).toBe(1_000_000);
  expect(tally.cpus).toHaveLength(64);
  expect(tally.gaps.map(({ fromRow }) => fromRow)).toEqual([999_998, 999_997, 999_996, 999_995, 999_994]);
});

it('of the values that were asked for last goes on', () => {
  const store = new SessionStore({ memoryCapBytes: 1 << 30 });
  const threads = new FakeThreads(2);
  const lives = new ValueLives(store, threads.pool, () => {});
  store.append(batchOf([entry(0, 'at 0x1001 and 0x1005')]));
  for (const value of ['0x1001', '0x1002', '0x1003', '0x1004', '0x1005']) lives.report(value, 0);
  lives.advance(0);
  threads.settle();
  expect(['0x1005', '0x1001'].map((value) => lives.report(value, 0).count)).toEqual([1, 0]);
  lives.advance(0);
  threads.settle();
  expect(lives.report('0x1001', 0).count).toBe(1);
  lives.close();
});
