import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchWriter } from './batch-writer.ts';
import { type BatchLease, createEntryBatch, RowFlag } from './entry.ts';
import { RV } from './layout.ts';
import { Merger, type Watermark } from './merge.ts';
import { DenseWindow } from './merge-dense.ts';
import { PlainMerger, type PlainOutput } from './merge-plain.ts';
import { CpuRun } from './run.ts';
import { countCases, rowsOf, testRandom } from './test-support.ts';

/** Adds a record to a run as the decoder would: its index is its place among all, so that rows can be told apart. */
function addRecord(run: CpuRun, key: number, lost: number, id: number, data?: Uint8Array): void {
  const length = data?.length ?? 4;
  const bytes = RV.RECORD_HEADER_BYTES + ((length + 7) & ~7);
  run.makeRoom(bytes);
  const word = run.used >>> 2;
  run.words.fill(0, word, word + bytes / 4);
  run.words[word] = length;
  run.words[word + 1] = run.cpu | (RV.KIND_RECORD << 16);
  run.words[word + 4] = id;
  if (data === undefined) run.words[word + RV.RECORD_HEADER_BYTES / 4] = id;
  else run.bytes.set(data, word * 4 + RV.RECORD_HEADER_BYTES);
  run.key[run.tail] = key;
  run.offset[run.tail] = word;
  run.lost[run.tail] = lost;
  run.tail++;
  run.used += bytes;
}

/** Leases of all sizes, and now and then none. What lies in them before is not for anyone to see. */
function leases(random: (limit: number) => number): BatchLease {
  return (rows, bytes) => {
    if (random(5) === 0) return null;
    const batch = createEntryBatch(rows + random(600), bytes + random(20_000));
    batch.bytes.fill(0xee);
    for (const column of [batch.kind, batch.level, batch.flags, batch.pid, batch.dataLength]) column.fill(0xee);
    return batch;
  };
}

const CPUS = 5;
const row = fc.record({
  cpu: fc.integer({ min: 0, max: CPUS - 1 }),
  key: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(7)),
  lost: fc.constantFrom(0, 0, 0, 3),
});
const turn = fc.record({
  rows: fc.array(row, { maxLength: 60 }),
  /** Each CPU in its own order, or not: a ring that lies must not upset the others. */
  sorted: fc.boolean(),
  key: fc.integer({ min: -1, max: 65 }),
  cpu: fc.integer({ min: -1, max: CPUS }),
});

describe('merge', () => {
  it('releases what its plain twin releases, in the same order, late or not', () => {
    const cases = countCases('late', 'gap', 'leased batch', 'no lease', 'held back');
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 6 }), fc.option(fc.nat()), (turns, seed) => {
        const runs = Array.from({ length: CPUS }, (_, cpu) => new CpuRun(cpu, 65536));
        const merger = new Merger(runs);
        const plain = new PlainMerger(CPUS);
        const writer = new BatchWriter(16, 1024, 0, 0, 1e9, () => 0);
        let nextId = 0;
        const leased = seed === null ? null : leases(testRandom(seed));
        const lease: BatchLease = (most, bytes) => {
          const batch = leased?.(most, bytes) ?? null;
          cases.note(batch === null ? 'no lease' : 'leased batch');
          return batch;
        };
        const release = (watermark: Watermark) => {
          const rows: ReturnType<typeof rowsOf> = [];
          writer.begin((batch) => rows.push(...rowsOf(batch)), leased === null ? null : lease);
          merger.release(watermark, writer);
          writer.end();
          expect(writer.rows).toBe(rows.length);
          const expected = plain.release(watermark).flatMap((out: PlainOutput & { id?: number }) => {
            const entry = ['entry', out.cpu, out.id, out.late];
            return out.lost > 0 ? [['gap', out.cpu, out.id, false], entry] : [entry];
          });
          expect(rows.map((r) => [r.kind, r.cpu, r.index, (r.flags & RowFlag.Late) !== 0])).toEqual(expected);
          cases.note('late', rows.filter(({ flags }) => flags & RowFlag.Late).length);
          cases.note('gap', rows.filter(({ kind }) => kind === 'gap').length);
          cases.note(
            'held back',
            runs.some((run) => !run.empty),
          );
        };
        for (const { rows, sorted, key, cpu } of turns) {
          const ordered = sorted ? [...rows].sort((a, b) => a.key - b.key) : rows;
          for (const { cpu: on, key: at, lost } of ordered) {
            const id = nextId++;
            addRecord(runs[on] as CpuRun, at, lost, id);
            const record = { cpu: on, key: at, lost, id };
            plain.waiting[on]?.push(record);
          }
          release({ key, cpu });
        }
        release({ key: Number.POSITIVE_INFINITY, cpu: CPUS });
        expect(runs.every((run) => run.empty)).toBe(true);
      }),
      { numRuns: 300 },
    );
    cases.expectEach(30);
  });

  it('releases dense keys in the order of its plain twin, across windows, holes, losses and watermarks', () => {
    const random = testRandom(5);
    const runs = Array.from({ length: CPUS }, (_, cpu) => new CpuRun(cpu, 524288));
    const merger = new Merger(runs);
    const plain = new PlainMerger(CPUS);
    const writer = new BatchWriter(512, 65536, 0, 0, 1e9, () => 0);
    const released: number[] = [];
    const expected: number[] = [];
    const lastOfCpu: (number | null)[] = runs.map(() => null);
    let key = 3;
    let id = 0;
    const release = (watermark: Watermark) => {
      writer.begin((batch) => {
        for (const row of rowsOf(batch)) {
          expect(row.flags & RowFlag.Late).toBe(0);
          if (row.kind === 'entry') released.push(row.index);
        }
      });
      merger.release(watermark, writer);
      writer.end();
      for (const out of plain.release(watermark) as (PlainOutput & { id: number })[]) {
        expected.push(out.id);
        lastOfCpu[out.cpu] = out.id;
      }
      expect(runs.map((run) => run.lastIndex)).toEqual(lastOfCpu);
    };
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 3000; i++) {
        const cpu = random(CPUS);
        const lost = random(50) === 0 ? 2 : 0;
        addRecord(runs[cpu] as CpuRun, key, lost, id);
        plain.waiting[cpu]?.push({ cpu, key, lost, id } as PlainOutput & { id: number });
        id++;
        // A hole now and then, one of them wider than a window.
        key += random(20) === 0 ? 1 + random(5) : random(30_000) === 7 ? 40_000 : 1;
      }
      release({ key: key - random(4000), cpu: random(CPUS) - 1 });
    }
    release({ key: Number.POSITIVE_INFINITY, cpu: CPUS });
    expect(released).toEqual(expected);
    expect(released.length).toBe(36_000);
    expect(runs.map((run) => run.delivered).reduce((sum, n) => sum + n, 0)).toBe(36_000);
  });

  it('keeps every payload intact on its way into batches of any size', () => {
    const random = testRandom(9);
    const runs = Array.from({ length: 3 }, (_, cpu) => new CpuRun(cpu, 524288));
    const merger = new Merger(runs);
    const writer = new BatchWriter(100, 65536, 0, 0, 1e9, () => 0);
    const written: Uint8Array[] = [];
    const read: Uint8Array[] = [];
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 400; i++) {
        const data = Uint8Array.from({ length: 1 + random(random(9) === 0 ? 900 : 60) }, () => random(256));
        addRecord(runs[random(3)] as CpuRun, written.length, 0, written.length, data);
        written.push(data);
      }
      // Nothing is left over from one record to the next where they share the bytes between them.
      writer.begin((batch) => read.push(...rowsOf(batch).map(({ data }) => data)), round % 2 ? leases(random) : null);
      merger.release({ key: Number.POSITIVE_INFINITY, cpu: 3 }, writer);
      writer.end();
    }
    expect(read.length).toBe(12_000);
    expect(read.findIndex((data, at) => Buffer.compare(data, written[at] as Uint8Array) !== 0)).toBe(-1);
  });

  it('places nothing it cannot prove to be in order, and leaves no trace of having tried', () => {
    const first = new CpuRun(0, 65536);
    const second = new CpuRun(1, 65536);
    const dense = new DenseWindow([first, second]);
    for (const [keysOfFirst, keysOfSecond, emitted] of [
      [[1, 2], [2, 3], 0],
      [[1, 3, 2], [4], 0],
      [[1, 1.5], [2], 0],
      [[1, 2], [3], 1],
      [[1], [10_000], 0],
    ] as const) {
      first.head = first.tail;
      second.head = second.tail;
      for (const key of keysOfFirst) addRecord(first, key, 0, key);
      for (const key of keysOfSecond) addRecord(second, key, 0, key);
      const heads = [first.head, second.head];
      expect(dense.place(Number.POSITIVE_INFINITY, 2, emitted)).toBe(false);
      expect([first.head, second.head]).toEqual(heads);
      expect(dense.places.every((place) => place === 0)).toBe(true);
    }
  });

  it('hands on full batches and keeps payloads intact across them', () => {
    const run = new CpuRun(0, 65536);
    for (let id = 0; id < 100; id++) addRecord(run, id, 0, id);
    const writer = new BatchWriter(8, 1024, 0, 0, 1e9, () => 0);
    const rows: ReturnType<typeof rowsOf> = [];
    let batches = 0;
    writer.begin((batch) => {
      batches++;
      expect(batch.count).toBeLessThanOrEqual(8);
      rows.push(...rowsOf(batch));
    });
    new Merger([run]).release({ key: 1000, cpu: 0 }, writer);
    writer.end();
    expect(batches).toBeGreaterThan(12);
    expect(rows.map(({ data }) => data[0])).toEqual(Array.from({ length: 100 }, (_, id) => id));
    expect(run.delivered).toBe(100);
    expect([run.firstIndex, run.lastIndex]).toEqual([0, 99]);
  });

  it('a run that is never empty makes room by moving what waits', () => {
    const run = new CpuRun(0, 4096);
    const plain: number[] = [];
    const writer = new BatchWriter(64, 4096, 0, 0, 1e9, () => 0);
    const merger = new Merger([run]);
    const seen: number[] = [];
    let id = 0;
    for (let turnNumber = 0; turnNumber < 200; turnNumber++) {
      while (run.makeRoom(56) >= 56) {
        addRecord(run, id, 0, id);
        plain.push(id++);
      }
      writer.begin((batch) => seen.push(...rowsOf(batch).map(({ index }) => index)));
      merger.release({ key: id - 10, cpu: 0 }, writer);
      writer.end();
      expect(run.empty).toBe(false);
    }
    expect(seen).toEqual(plain.slice(0, seen.length));
    expect(seen.length).toBeGreaterThan(1000);
  });
});
