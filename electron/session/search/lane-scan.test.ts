import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { LANE_BUCKETS } from '../../contract/lanes.ts';
import { countCases } from '../../contract/test-support.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap, type PlainRow } from '../test-support.ts';
import { LaneScan } from './lane-scan.ts';

const anyRow = fc
  .tuple(fc.nat(9), fc.nat(3), fc.oneof(fc.integer({ min: -3, max: 500 }), fc.nat(2_000_000)))
  .map(([what, cpu, us]) => (time: number): PlainRow => {
    const at = { cpu, timeNs: Math.max(0, time + us * 1000) };
    return what === 0 ? { ...gap(1, cpu, 3), ...at } : entry(1, 'x', at);
  });

function scanned(scan: LaneScan, range: Parameters<LaneScan['report']>[0], nowMs: number) {
  scan.report(range, nowMs);
  while (scan.advance(nowMs, WHOLE));
  return scan.report(range, nowMs);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe('CPU lanes', () => {
  it('count what a look at every row counts, of all of the log and of a part', () => {
    const cases = countCases('several CPUs', 'losses', 'a part with rows in it and outside', 'cleared');
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 6, arbitrary: fc.array(anyRow, { maxLength: 30 }) },
            { weight: 1, arbitrary: fc.constant('clear' as const) },
          ),
          { minLength: 3, maxLength: 12 },
        ),
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        (steps, [a, b]) => {
          const store = new SessionStore({
            memoryCapBytes: 1 << 30,
            segmentRows: 16,
            chunkBytes: 256,
            segmentBytes: 1024,
          });
          const scan = new LaneScan(store);
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
            scanned(scan, null, ++nowMs);
          }
          const whole = scanned(scan, null, nowMs);
          const cpus = [...new Set(rows.map(({ cpu }) => cpu))].sort((x, y) => x - y);
          cases.note('several CPUs', cpus.length > 1);
          expect(whole.lanes.map(({ cpu }) => cpu)).toEqual(cpus);
          expect([whole.looked, whole.total]).toEqual([rows.length, rows.length]);
          const lossesOf = (some: readonly PlainRow[]): number =>
            sum(some.map(({ kind, remarks }) => (kind === RowKind.Entry ? 0 : remarks)));
          for (const { cpu, records, lost, counts, losses } of whole.lanes) {
            const own = rows.filter((row) => row.cpu === cpu);
            const entries = own.filter(({ kind }) => kind === RowKind.Entry);
            expect([records, sum(counts)]).toEqual([entries.length, entries.length]);
            expect([lost, sum(losses.map((each) => each.lost))]).toEqual([lossesOf(own), lossesOf(own)]);
            cases.note('losses', lost);
          }
          const width = whole.logToNs - whole.logFromNs;
          const [fromNs, toNs] = [Math.min(a, b), Math.max(a, b)].map((share) =>
            Math.round(whole.logFromNs + share * width),
          );
          if (fromNs === undefined || toNs === undefined || toNs <= fromNs) return;
          const part = scanned(scan, { fromNs, toNs }, nowMs);
          const within = rows.filter(({ kind, timeNs }) => kind === RowKind.Entry && timeNs >= fromNs && timeNs < toNs);
          cases.note('a part with rows in it and outside', within.length > 0 && within.length < rows.length);
          expect(sum(part.lanes.map(({ counts }) => sum(counts)))).toBe(within.length);
          for (const { cpu, rows: firsts } of part.lanes) {
            for (const row of firsts) if (row >= 0) expect(rows[row]?.cpu).toBe(cpu);
          }
        },
      ),
      { numRuns: 200 },
    );
    cases.expectEach(20);
  });

  it('say of a CPU that fell silent for how long, and nothing of one that seldom writes', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 28 });
    const often = (cpu: number, untilMs: number) =>
      Array.from({ length: untilMs / 10 }, (_, at) => entry(0, 'x', { cpu, timeNs: at * 10e6 }));
    const seldom = Array.from({ length: 8 }, (_, at) => entry(0, 'x', { cpu: 2, timeNs: at * 1e9 }));
    const rows = [...often(0, 10_000), ...often(1, 4000), ...seldom].sort((a, b) => a.timeNs - b.timeNs);
    store.append(batchOf(rows));
    const { lanes } = scanned(new LaneScan(store), null, 0);
    expect(lanes.map(({ silentNs }) => silentNs)).toEqual([null, 6e9, null]);
  });

  it('measure silence to now while captured, so that a log which stops is silent as a whole', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 28 });
    store.append(
      batchOf(
        Array.from({ length: 200 }, (_, at) => entry(0, 'x', { cpu: at % 2, timeNs: Math.floor(at / 2) * 10e6 })),
      ),
    );
    let clockNs: number | null = 1.5e9;
    const scan = new LaneScan(store, () => clockNs);
    // Nothing was looked at yet, and nothing is said to be silent.
    expect(scan.report(null, 0)).toMatchObject({ nowNs: null, lanes: [] });
    const silences = () => {
      const { lanes, nowNs, logToNs } = scanned(scan, null, 0);
      return [nowNs, logToNs, lanes.map(({ silentNs }) => silentNs)];
    };
    expect(silences()).toEqual([1.5e9, 990e6, [null, null]]);
    clockNs = 4e9;
    expect(silences()).toEqual([4e9, 990e6, [3.01e9, 3.01e9]]);
    clockNs = null;
    expect(silences()).toEqual([null, 990e6, [null, null]]);
  });

  it('tell of a loss from when to when it was, also where that is longer than what is looked at', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 28 });
    const at = (ms: number, cpu = 1) => ({ cpu, timeNs: ms * 1e6 });
    store.append(
      batchOf([
        { ...gap(0, 1, 5), ...at(0) },
        entry(0, 'x', at(0)),
        entry(1, 'x', at(10, 0)),
        { ...gap(2, 1, 700), ...at(800) },
        entry(2, 'x', at(800)),
        { ...gap(3, 1, 2), ...at(800.1) },
        entry(3, 'x', at(801)),
        entry(4, 'x', at(9000, 0)),
      ]),
    );
    const scan = new LaneScan(store);
    const lossesOf = (range: Parameters<LaneScan['report']>[0]) =>
      scanned(scan, range, 0).lanes.find(({ cpu }) => cpu === 1)?.losses;
    const whole = lossesOf(null);
    // Of two in one span the longer one is told, with what both lost.
    expect(whole?.map(({ fromNs, toNs, lost, places, row }) => [fromNs, toNs, lost, places, row])).toEqual([
      [0, 0, 5, 1, 0],
      [0, 800e6, 702, 2, 3],
    ]);
    // It begins before, and ends after what is looked at.
    expect(lossesOf({ fromNs: 100e6, toNs: 200e6 })).toEqual([
      { span: LANE_BUCKETS - 1, places: 1, fromNs: 0, toNs: 800e6, lost: 700, row: 3 },
    ]);
    expect(lossesOf({ fromNs: 801e6, toNs: 900e6 })).toEqual([]);
  });

  it('have the same number of spans however long the log is', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 28 });
    store.append(
      batchOf([entry(0, 'x', { timeNs: 0 }), entry(1, 'x', { timeNs: 1 }), entry(2, 'x', { timeNs: 9e15 })]),
    );
    const { lanes, fromNs, bucketNs } = scanned(new LaneScan(store), null, 0);
    expect(lanes[0]?.counts).toHaveLength(LANE_BUCKETS);
    expect(lanes[0]?.counts.filter((count) => count > 0)).toEqual([2, 1]);
    expect(fromNs + bucketNs * LANE_BUCKETS).toBeGreaterThan(9e15);
  });
});
