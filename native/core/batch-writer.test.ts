/** Rows on their way into batches: when a batch is full, when a lease is taken, and that nothing depends on which. */
import { describe, expect, it } from 'vitest';
import { BatchWriter } from './batch-writer.ts';
import { COLUMN_NAMES } from './columns.ts';
import { createEntryBatch, type EntryBatch, RECORD_FLAGS, RowFlag } from './entry.ts';
import { RV } from './layout.ts';
import { PLACE_CPU_SHIFT } from './merge-dense.ts';
import { CpuRun } from './run.ts';
import { STACK_TEXT_BYTES } from './stack-text.ts';
import { rowsOf, type TestRow } from './test-support.ts';

const HEADER: number = RV.RECORD_HEADER_BYTES;

interface Written {
  readonly length?: number;
  readonly index?: bigint;
  readonly ticks?: bigint;
  readonly lost?: number;
  readonly level?: number;
  readonly flags?: number;
  readonly irql?: number;
  readonly frames?: number;
}

/** A run of CPU 3 with records of that kind; the bytes of each are its number. */
function runOf(records: readonly Written[], header = HEADER): CpuRun {
  const run = new CpuRun(3, 1024 * 1024);
  run.makeRoom(HEADER);
  const view = new DataView(run.bytes.buffer);
  records.forEach(
    ({ length = 8, index = 0n, ticks = 0n, lost = 0, level = 2, flags = 0, irql = 0, frames = 0 }, number) => {
      const at = run.used;
      view.setUint32(at, length, true);
      view.setUint16(at + 4, 3, true);
      view.setUint8(at + 6, RV.KIND_RECORD);
      view.setUint8(at + 7, level);
      view.setBigUint64(at + 8, ticks, true);
      view.setBigUint64(at + 16, index, true);
      view.setUint32(at + 32, 1000 + number, true);
      view.setUint16(at + 36, 7, true);
      view.setUint16(at + 38, 9, true);
      view.setUint32(at + 40, 2000 + number, true);
      view.setUint32(at + 44, flags, true);
      if (header === HEADER) {
        view.setUint32(at + 48, 3000 + number, true);
        view.setUint8(at + 52, irql);
        view.setUint8(at + 53, frames);
      }
      run.bytes.fill(number + 1, at + header, at + header + length);
      run.key[run.tail] = number;
      run.offset[run.tail] = at >>> 2;
      run.lost[run.tail] = lost;
      run.tail++;
      run.used += header + ((length + 7) & ~7);
    },
  );
  return run;
}

/** Puts all rows of a run through a writer, one by one or as places of a dense window, and returns the batches' rows. */
function written(run: CpuRun, way: 'add' | 'placed', rows = 100, bytes = 4096, header = HEADER): TestRow[][] {
  const writer = new BatchWriter(rows, bytes, 0, 100, 1e7, (_cpu, lost) => (lost > 5 ? 2 : 1), header);
  const batches: TestRow[][] = [];
  writer.begin((batch) => batches.push(rowsOf(batch)));
  if (way === 'add') for (let row = 0; row < run.tail; row++) writer.add(run, row, false);
  else {
    const runs = [0, 1, 2].map((cpu) => new CpuRun(cpu, 4096));
    // A hole before each row: places are those of keys, and not every key has a row.
    const places = new Int32Array(run.tail * 2);
    for (let row = 0; row < run.tail; row++) places[row * 2 + 1] = (3 << PLACE_CPU_SHIFT) + row + 1;
    writer.addPlaced([...runs, run], places, 0, places.length);
    writer.noteLastIndices([...runs, run], places, places.length);
  }
  writer.end();
  expect(writer.rows).toBe(batches.flat().length);
  return batches;
}

/** Columns that a writer leaves alone: whoever merges several sources fills `source`, and rings have no names of events. */
const LEFT_ALONE = ['source', 'event'];

describe.each(['add', 'placed'] as const)('rows that go in by %s', (way) => {
  it('fill every column of the table, of entries and of losses', () => {
    const writer = new BatchWriter(100, 4096, 0, 100, 1e7, () => 1);
    // Two plain records between losses, so that each loop that fills columns runs.
    const run = () => runOf([{ lost: 2 }, {}, {}, { lost: 1 }]);
    const put = (of: CpuRun) => {
      const places = Int32Array.from({ length: of.tail }, (_, row) => (3 << PLACE_CPU_SHIFT) + row + 1);
      const runs = [...[0, 1, 2].map((cpu) => new CpuRun(cpu, 4096)), of];
      if (way === 'placed') writer.addPlaced(runs, places, 0, places.length);
      else for (let row = 0; row < of.tail; row++) writer.add(of, row, false);
    };
    let own: EntryBatch | null = null;
    writer.begin((batch) => {
      own = batch;
    });
    put(run());
    writer.end();
    const used = own as EntryBatch | null;
    if (used === null) throw new Error('nothing was handed on');
    // No record has this value in any column, so what keeps it was not written.
    const MARK = 201;
    for (const name of COLUMN_NAMES) used[name].fill(MARK);
    let rows = 0;
    const kept = new Set<string>();
    writer.begin((batch) => {
      expect(batch).toBe(used);
      rows = batch.count;
      for (let row = 0; row < rows; row++)
        for (const name of COLUMN_NAMES) if (batch[name][row] === MARK) kept.add(name);
    });
    put(run());
    writer.end();
    expect(rows).toBe(6);
    expect([...kept].sort()).toEqual([...LEFT_ALONE].sort());
  });

  it('have every field of their record, and a time and an index beyond 2^32', () => {
    const run = runOf([
      { index: 2n ** 40n + 5n, ticks: 2n ** 33n + 100n, flags: RV.FLAG_NESTED, irql: 15 },
      { index: 2n ** 40n + 6n, ticks: 2n ** 33n + 101n, level: 3 },
    ]);
    const [rows = []] = written(run, way);
    expect(rows).toEqual([
      {
        kind: 'entry',
        index: 2 ** 40 + 5,
        timeNs: 2 ** 33 * 100,
        cpu: 3,
        level: 2,
        flags: RV.FLAG_NESTED,
        type: 7,
        origin: 9,
        pid: 1000,
        tid: 3000,
        irql: 15,
        remarks: 2000,
        data: new Uint8Array(8).fill(1),
      },
      expect.objectContaining({
        index: 2 ** 40 + 6,
        timeNs: 2 ** 33 * 100 + 100,
        level: 3,
        pid: 1001,
        tid: 3001,
        irql: 0,
        remarks: 2001,
      }),
    ]);
    expect([run.firstIndex, run.lastIndex, run.delivered]).toEqual([2 ** 40 + 5, 2 ** 40 + 6, 2]);
  });

  it('name no thread and no level where their layout is of version 1, whose data begins eight bytes earlier', () => {
    const run = runOf([{ flags: RV.FLAG_NESTED }, { length: 400 }, { lost: 1 }], 48);
    const rows = written(run, way, 100, 4096, 48).flat();
    expect(rows.map(({ kind, tid, irql, flags }) => [kind, tid, irql, flags])).toEqual([
      ['entry', null, null, RV.FLAG_NESTED],
      ['entry', null, null, 0],
      ['gap', null, null, 0],
      ['entry', null, null, 0],
    ]);
    expect(rows.map(({ data }) => [data.length, data[0], data.at(-1)])).toEqual([
      [8, 1, 1],
      [400, 2, 2],
      [0, undefined, undefined],
      [8, 3, 3],
    ]);
  });

  it('have none of the return addresses before their data, and all of it where there can be no such', () => {
    const run = runOf([
      { length: 24, frames: 2 },
      { length: 24, frames: 3 },
      { length: 24, frames: 4 },
      { length: 500, frames: 1 },
    ]);
    const rows = written(run, way)[0] ?? [];
    expect(rows.map(({ data }) => data.length)).toEqual([8, 0, 24, 492]);
    expect(rows.map(({ data, tid, irql }) => [data[0] ?? null, tid, irql])).toEqual([
      [1, 3000, 0],
      [null, 3001, 0],
      [3, 3002, 0],
      [4, 3003, 0],
    ]);
  });

  it('have the stack of a text as its last line, whatever room is left', () => {
    const told = (frames: number, length: number) => {
      const run = runOf([{ length, frames }, {}, { length, frames }]);
      for (let row = 0; row < 3; row += 2) {
        const word = run.offset[row] as number;
        run.words[word + 9] = RV.TYPE_TEXT;
        run.bytes.fill(0x41, (word << 2) + HEADER, (word << 2) + HEADER + length);
        for (let frame = 0; frame < frames; frame++) {
          run.words[word + 14 + frame * 2] = frame === 1 ? 0 : 0x1234_0000 + frame;
          run.words[word + 15 + frame * 2] = [0xffff_f800, 0, 0, 0x7ff6][frame] ?? 0xffff_f801;
        }
      }
      return written(run, way, 100, 1024 + STACK_TEXT_BYTES).flat();
    };
    const textOf = ({ data }: TestRow | { data: Uint8Array }) => Buffer.from(data).toString();
    const few = told(4, 37);
    const line = 'stack: 0xfffff80012340000 0x0 0x12340002 0x7ff612340003';
    expect(few.map(({ data }) => data.length)).toEqual([6 + line.length, 8, 6 + line.length]);
    expect([few[0], few[2]].map((row) => textOf(row as TestRow))).toEqual([`AAAAA\n${line}`, `AAAAA\n${line}`]);
    // As much as a record can have, and as much data as the batch promises to hold.
    const most = told(RV.MAX_FRAMES, 1024);
    // One of the addresses is 0, three have 8 digits, one of them 12.
    expect(most.map(({ data }) => data.length)).toEqual([1180, 8, 1180]);
    expect(textOf(most[2] as TestRow)).toMatch(/^A{896}\nstack:( 0x[0-9a-f]+){16}$/);
    // More than any writer puts: the first of them.
    expect(textOf(told(20, 161)[0] as TestRow)).toMatch(/^A\nstack:( 0x[0-9a-f]+){16}$/);
    expect(textOf(told(1, 8)[0] as TestRow)).toBe('stack: 0xfffff80012340000');
  });

  it("carry no flag that is the reader's own, whatever a record says", () => {
    const rows: number[] = [];
    const writer = new BatchWriter(50, 4096, 0, 0, 1e9, () => 0, 48);
    writer.begin((batch) => rows.push(...batch.flags.subarray(0, batch.count)));
    const run = runOf([{ flags: 0xffff }, { flags: 0xffff }], 48);
    for (let row = 0; row < run.tail; row++) writer.add(run, row, false);
    writer.end();
    expect(rows).toEqual([RECORD_FLAGS, RECORD_FLAGS]);
  });

  it('are never timed before the session began', () => {
    const run = runOf([{ ticks: 99n }, { ticks: 100n }, { ticks: 101n }, { ticks: 1n }]);
    expect(written(run, way)[0]?.map(({ timeNs }) => timeNs)).toEqual([0, 0, 100, 0]);
  });

  it('keep their bytes, whatever their lengths, in batches that are never too full', () => {
    const lengths = [0, 1, 7, 8, 9, 31, 32, 33, 383, 384, 385, 386, 500, 1000, 0, 3];
    const run = runOf(Array.from({ length: 160 }, (_, n) => ({ length: lengths[n % lengths.length] as number })));
    for (const [rows, bytes] of [
      [100, 4096],
      [3, 4096],
      [2, 1024],
      [1000, 1000],
    ] as const) {
      run.head = 0;
      const batches = written(run, way, rows, bytes);
      expect(batches.flat().map(({ data }) => [...data])).toEqual(
        Array.from({ length: 160 }, (_, n) => Array(lengths[n % lengths.length]).fill((n + 1) & 0xff)),
      );
      for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(rows);
    }
  });

  it('stand behind what was lost before them, which is counted and explained', () => {
    const run = runOf([{ index: 5n, ticks: 150n }, { index: 9n, ticks: 170n, lost: 3 }, { lost: 2 ** 32 + 9 }]);
    const rows = written(run, way).flat();
    expect(rows.map(({ kind, remarks }) => [kind, remarks])).toEqual([
      ['entry', 2000],
      ['gap', 3],
      ['entry', 2001],
      ['gap', 0xffff_ffff],
      ['entry', 2002],
    ]);
    expect(rows[1]).toEqual({
      ...{ kind: 'gap', index: 9, timeNs: 7000, cpu: 3, level: 0, flags: 0, type: 1, origin: 0, pid: 0, remarks: 3 },
      ...{ tid: null, irql: null },
      data: new Uint8Array(0),
    });
    expect(rows[3]?.type).toBe(2);
    expect([run.delivered, run.deliveredLost]).toEqual([3, 3 + 2 ** 32 + 9]);
  });
});

describe('a batch', () => {
  /** Sizes of the batches that records of 8 bytes go into. */
  const sizes = (way: 'add' | 'placed', count: number, rows: number, bytes: number) =>
    written(runOf(Array.from({ length: count }, () => ({}))), way, rows, bytes).map((batch) => batch.length);

  it('is handed on when it has no room for a loss and a record, and not before', () => {
    expect(sizes('add', 9, 4, 4096)).toEqual([3, 3, 3]);
    // Its margin of 32 bytes comes on top of what it was made for: 10 records, of which each wants all of the margin.
    expect(sizes('add', 25, 100, 80)).toEqual([10, 10, 5]);
    expect(sizes('placed', 25, 100, 80)).toEqual([10, 10, 5]);
    expect(sizes('placed', 9, 4, 4096)).toEqual([3, 3, 3]);
  });

  it('is not handed on empty', () => {
    expect(written(runOf([]), 'add')).toEqual([]);
  });

  it('of a lease is asked for when there is a row for it, with room for that row, and again when it is full', () => {
    const asked: number[][] = [];
    const handed: EntryBatch[] = [];
    const leased: EntryBatch[] = [];
    const writer = new BatchWriter(50, 4096, 0, 0, 1e9, () => 0);
    const run = runOf(Array.from({ length: 7 }, () => ({ length: 100 })));
    const lease = (rows: number, bytes: number) => {
      asked.push([rows, bytes]);
      if (asked.length === 3) return null;
      const batch = createEntryBatch(4, 1000);
      leased.push(batch);
      return batch;
    };
    writer.begin((batch) => handed.push(batch), lease);
    writer.end();
    expect([asked, handed]).toEqual([[], []]);
    writer.begin((batch) => handed.push(batch), lease);
    for (let row = 0; row < 7; row++) writer.add(run, row, false);
    expect(asked).toEqual([
      [2, 132],
      [2, 132],
      [2, 132],
    ]);
    expect(handed).toEqual([leased[0], leased[1]]);
    writer.end();
    // The third time there was none: the rest goes into the writer's own.
    expect([handed.length, leased.length, writer.rows]).toEqual([3, 2, 7]);
    expect(handed[2]?.capacity).toBe(50);
    writer.begin((batch) => handed.push(batch));
    writer.add(run, 0, true);
    expect(handed).toHaveLength(3);
    writer.end();
    expect(handed[3]).toBe(handed[2]);
    expect([run.late, writer.rows]).toEqual([1, 1]);
  });

  it('of a lease is left when its rows are handed on: what comes next without a lease goes elsewhere', () => {
    const handed: EntryBatch[] = [];
    const leased = createEntryBatch(4, 1000);
    const writer = new BatchWriter(50, 4096, 0, 0, 1e9, () => 0);
    const run = runOf([{}, {}]);
    writer.begin(
      (batch) => handed.push(batch),
      () => leased,
    );
    writer.add(run, 0, false);
    writer.end();
    writer.begin((batch) => handed.push(batch));
    writer.add(run, 1, false);
    writer.end();
    expect(handed[0]).toBe(leased);
    expect(handed[1]?.capacity).toBe(50);
  });

  it('marks a late record beside the flags it has', () => {
    const writer = new BatchWriter(50, 4096, 0, 0, 1e9, () => 0);
    const rows: TestRow[] = [];
    const run = runOf([{ flags: RV.FLAG_TRUNCATED }, { lost: 4 }]);
    writer.begin((batch) => rows.push(...rowsOf(batch)));
    writer.add(run, 0, true);
    writer.add(run, 1, true);
    writer.end();
    expect(rows.map(({ flags }) => flags)).toEqual([RowFlag.Truncated | RowFlag.Late, 0, RowFlag.Late]);
    expect(run.late).toBe(2);
  });

  it('has no record for a loss that stands alone', () => {
    const run = new CpuRun(3, 4096);
    run.makeRoom(HEADER);
    run.pushLoss(1, 6, Uint32Array.of(5, 0), Uint32Array.of(7, 1));
    const writer = new BatchWriter(50, 4096, 0, 0, 1e9, () => 4);
    const rows: TestRow[] = [];
    writer.begin((batch) => rows.push(...rowsOf(batch)));
    writer.add(run, 0, false);
    writer.end();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ kind: 'gap', index: 2 ** 32 + 7, timeNs: 5, remarks: 6, type: 4 });
    expect([run.delivered, run.deliveredLost, run.firstIndex, run.lastIndex]).toEqual([0, 6, null, null]);
  });
});

it('the last index of each CPU is that of its last record, whatever stands behind it', () => {
  const first = runOf([{ index: 4n }, { index: 6n }]);
  const silent = new CpuRun(1, 4096);
  const lossOnly = new CpuRun(2, 4096);
  lossOnly.makeRoom(HEADER);
  lossOnly.pushLoss(9, 2, Uint32Array.of(0, 0), Uint32Array.of(50, 0));
  const runs = [new CpuRun(0, 4096), silent, lossOnly, first];
  const places = Int32Array.of((3 << 16) + 1, 0, (3 << 16) + 2, (2 << 16) + 1);
  const writer = new BatchWriter(50, 4096, 0, 0, 1e9, () => 0);
  writer.noteLastIndices(runs, places, 4);
  expect(runs.map(({ lastIndex }) => lastIndex)).toEqual([null, null, null, 6]);
  // Again, for a window that holds less: what was noted before does not count.
  writer.noteLastIndices(runs, places, 1);
  expect(first.lastIndex).toBe(4);
});
