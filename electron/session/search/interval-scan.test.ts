import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { countCases } from '../../contract/test-support.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads, gap, type PlainRow } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { IntervalPairs, type PairEvent } from './interval-pairs.ts';
import { IntervalScan } from './interval-scan.ts';

const QUERY = { start: '/IRP (\\w+) start/', end: '/IRP (\\w+) done/i' };
const MESSAGES = [
  'IRP 1 start',
  'IRP 1 done',
  'IRP 2 start',
  'IRP 2 DONE',
  'IRP 0x2 done',
  'IRP 1 done, IRP 3 start',
  'x',
  '',
];

/** The plain twin: a look at every event, with nothing forgotten. */
function plainly(events: readonly PairEvent[]) {
  const open: PairEvent[] = [];
  const found: { ns: number; startRow: number; endRow: number }[] = [];
  let [restarted, endsAlone] = [0, 0];
  for (const event of events) {
    const at = open.findIndex(({ key }) => key === event.key);
    const [start] = at < 0 ? [] : open.splice(at, 1);
    if (event.isStart) {
      if (start !== undefined) restarted++;
      open.push(event);
    } else if (start === undefined) endsAlone++;
    else found.push({ ns: Math.max(0, event.timeNs - start.timeNs), startRow: start.row, endRow: event.row });
  }
  return { open, found, restarted, endsAlone };
}

function eventsOf(rows: readonly PlainRow[]): PairEvent[] {
  return rows.flatMap(({ kind, payload, timeNs }, row) => {
    if (kind !== RowKind.Entry) return [];
    const message = decodeUtf8(payload);
    const end = /IRP (?:0x)?(\d) done/i.exec(message)?.[1];
    const start = /IRP (\d) start/.exec(message)?.[1];
    const event = (key: string | undefined, isStart: boolean): PairEvent[] =>
      key === undefined ? [] : [{ isStart, key, row, timeNs }];
    return [...event(end, false), ...event(start, true)];
  });
}

const anyRow = fc
  .tuple(fc.nat(9), fc.nat(MESSAGES.length - 1), fc.integer({ min: -2, max: 50 }))
  .map(([what, word, us]) => (time: number): PlainRow => {
    const timeNs = Math.max(0, time + us * 1000);
    return what === 0 ? gap(1, 0, 3) : entry(1, MESSAGES[word] as string, { timeNs });
  });

describe('intervals', () => {
  it('are those of a look at the whole log, however rows come', () => {
    const cases = countCases('pairs', 'started again', 'an end alone', 'left open', 'cleared');
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 6, arbitrary: fc.array(anyRow, { maxLength: 30 }) },
            { weight: 1, arbitrary: fc.constant('clear' as const) },
          ),
          { minLength: 3, maxLength: 15 },
        ),
        (steps) => {
          const store = new SessionStore({
            memoryCapBytes: 1 << 30,
            segmentRows: 16,
            chunkBytes: 256,
            segmentBytes: 1024,
          });
          const threads = new FakeThreads(2);
          const scan = new IntervalScan({ store, scanner: threads.pool, names: () => null, changed: () => {} });
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
            scan.report(QUERY, true, ++nowMs);
            scan.advance(nowMs);
            threads.settle();
          }
          const report = scan.report(QUERY, true, nowMs);
          if (!report.ok) throw new Error(report.failure.message);
          const { open, found, restarted, endsAlone } = plainly(eventsOf(rows));
          cases.note('pairs', found.length);
          cases.note('started again', restarted);
          cases.note('an end alone', endsAlone);
          cases.note('left open', open.length);
          const { pairs, slowest, bins, medianNs, p95Ns, mostNs, leastNs } = report.value;
          expect(report.value).toMatchObject({ restarted, endsAlone, open: open.length, givenUp: 0, failure: null });
          expect(report.value.looked).toBe(rows.length);
          expect(report.value.oldest.map(({ startRow }) => startRow)).toEqual(open.slice(0, 20).map(({ row }) => row));
          expect(pairs).toBe(found.length);
          const lengths = found.map(({ ns }) => ns).sort((a, b) => a - b);
          const longest = [...found].sort((a, b) => b.ns - a.ns || a.endRow - b.endRow).slice(0, 100);
          expect(slowest.map(({ ns, startRow, endRow }) => ({ ns, startRow, endRow }))).toEqual(longest);
          expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(found.length);
          if (lengths.length === 0) {
            expect([medianNs, p95Ns]).toEqual([null, null]);
            return;
          }
          expect([leastNs, mostNs]).toEqual([lengths[0], lengths.at(-1)]);
          for (const [told, share] of [
            [medianNs, 0.5],
            [p95Ns, 0.95],
          ] as const) {
            const right = lengths[Math.max(0, Math.ceil(share * lengths.length) - 1)] as number;
            expect(Math.abs((told as number) - right)).toBeLessThanOrEqual(right * 0.01 + 1);
          }
        },
      ),
      { numRuns: 200 },
    );
    cases.expectEach(20);
  });

  it('give up the oldest starts where too many wait, and say so', () => {
    const pairs = new IntervalPairs(10);
    for (let row = 0; row < 25; row++) pairs.add({ isStart: true, key: `${row}`, row, timeNs: row });
    pairs.add({ isStart: false, key: '14', row: 25, timeNs: 25 });
    pairs.add({ isStart: false, key: '15', row: 26, timeNs: 26 });
    expect([pairs.open, pairs.givenUp, pairs.endsAlone, pairs.pairs]).toEqual([9, 15, 1, 1]);
  });

  it('pair records without a captured value with the last that began, and take terms of any kind', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const threads = new FakeThreads(2);
    const scan = new IntervalScan({ store, scanner: threads.pool, names: () => null, changed: () => {} });
    store.append(
      batchOf([
        entry(0, 'enter', { cpu: 1, timeNs: 1000 }),
        entry(1, 'enter', { cpu: 2, timeNs: 2000 }),
        entry(2, 'leave', { cpu: 1, timeNs: 5000 }),
      ]),
    );
    const query = { start: 'enter cpu:1', end: 'leave' };
    scan.report(query, true, 0);
    scan.advance(0);
    threads.settle();
    expect(scan.report(query, true, 0)).toMatchObject({ value: { pairs: 1, mostNs: 4000, looked: 3 } });
  });

  it('stop when they are told to, and go on', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const threads = new FakeThreads(2);
    const scan = new IntervalScan({ store, scanner: threads.pool, names: () => null, changed: () => {} });
    store.append(batchOf([entry(0, 'IRP 1 start'), entry(1, 'IRP 1 done')]));
    scan.report(QUERY, true, 0);
    scan.report(QUERY, false, 0);
    scan.advance(0);
    threads.settle();
    expect(scan.report(QUERY, false, 0)).toMatchObject({ value: { looked: 0, total: 2 } });
    scan.report(QUERY, true, 0);
    scan.advance(0);
    threads.settle();
    expect(scan.report(QUERY, true, 0)).toMatchObject({ value: { looked: 2, pairs: 1 } });
  });

  it('are refused where a text is no filter', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const scan = new IntervalScan({ store, scanner: new FakeThreads(1).pool, names: () => null, changed: () => {} });
    expect(scan.report({ start: 'cpu:x', end: 'y' }, true, 0)).toMatchObject({ failure: { code: 'bad-pattern' } });
    expect(scan.report({ start: 'x', end: '/(/' }, true, 0)).toMatchObject({ failure: { code: 'bad-pattern' } });
  });
});
