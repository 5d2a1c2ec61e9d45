import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../../native/core/columns.ts';
import { createEntryBatch, type EntryBatch, RowKind } from '../../../native/core/entry.ts';
import { countCases } from '../../contract/test-support.ts';
import { batchOf, entry, FakeArchive, gap, type PlainRow, setRow, storedRow } from '../test-support.ts';
import { isArchived } from './held-segment.ts';
import type { Segment } from './segment.ts';
import { SessionStore } from './store.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 64, segmentBytes: 256 };

const readAll = (store: SessionStore): PlainRow[] =>
  Array.from({ length: store.rowCount }, (_, i) => storedRow(store, store.firstRow + i));

function entriesByCpu(rows: readonly PlainRow[], cpus: number): number[] {
  const counts = new Array<number>(cpus).fill(0);
  for (const row of rows) if (row.kind === RowKind.Entry) counts[row.cpu] = (counts[row.cpu] as number) + 1;
  return counts;
}

/** Rows as text: one comparison of two strings instead of one for each field of thousands of rows. */
const told = (rows: readonly PlainRow[]): string[] =>
  rows.map((row) => `${COLUMN_NAMES.map((name) => row[name]).join(' ')} ${row.payload.join(' ')}`);

const rarely = (max: number) => fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(max));

const anyRow: fc.Arbitrary<PlainRow> = fc.record({
  kind: fc.oneof({ weight: 5, arbitrary: fc.constant(RowKind.Entry) }, fc.constant(RowKind.Gap)),
  index: fc.nat(2 ** 31 - 1).map((n) => n * 4_000_000),
  timeNs: fc.nat(2 ** 31 - 1),
  cpu: fc.oneof(fc.nat(7), fc.nat(2047)),
  level: fc.nat(6),
  flags: rarely(65_535),
  type: rarely(65_535),
  origin: rarely(3),
  pid: rarely(2 ** 31 - 1),
  tid: rarely(2 ** 31 - 1),
  remarks: rarely(2 ** 31 - 1),
  source: rarely(65_535),
  event: rarely(65_535),
  payload: fc.oneof({ weight: 5, arbitrary: fc.uint8Array({ maxLength: 24 }) }, fc.uint8Array({ maxLength: 200 })),
});

/** Puts the rows into what the store leases, as a source does; those it leases nothing for go in a batch of their own. */
function appendByLease(store: SessionStore, rows: readonly PlainRow[]): void {
  for (let next = 0; next < rows.length; ) {
    const needed = (rows[next] as PlainRow).payload.length + 8;
    const batch = store.lease(2, needed);
    if (batch === null) {
      store.append(batchOf(rows.slice(next, ++next)));
      continue;
    }
    expect([batch.count, batch.bytesUsed, batch.bytes.byteOffset % 8]).toEqual([0, 0, 0]);
    expect(batch.capacity).toBeGreaterThanOrEqual(2);
    expect(batch.bytes.length).toBeGreaterThanOrEqual(needed);
    expect(batch.source.every((source) => source === 0)).toBe(true);
    for (; next < rows.length && batch.count < batch.capacity; next++) {
      const row = rows[next] as PlainRow;
      if (batch.bytesUsed + row.payload.length + 8 > batch.bytes.length) break;
      setRow(batch, batch.count, row);
      batch.dataStart[batch.count] = batch.bytesUsed;
      batch.dataLength[batch.count] = row.payload.length;
      batch.bytes.set(row.payload, batch.bytesUsed);
      batch.bytesUsed += (row.payload.length + 7) & ~7;
      batch.count++;
    }
    store.append(batch);
  }
}

/** How rows come to the store: in a batch, whose payloads lie in some order, or in what the store leases. */
const anyWay = fc.constantFrom('rows' as const, 'reversed' as const, 'lease' as const);
const manyBatches = Array.from({ length: 8 }, (_, batch): [PlainRow[], 'rows'] => [
  Array.from({ length: 40 }, (_, n) => entry(40 * batch + n, `row ${n}`)),
  'rows',
]);
const anyBatches = fc.array(fc.tuple(fc.array(anyRow, { maxLength: 40 }), anyWay), { maxLength: 8 });

function append(store: SessionStore, rows: readonly PlainRow[], way: 'rows' | 'reversed' | 'lease'): void {
  if (way === 'lease') appendByLease(store, rows);
  else store.append(batchOf(rows, way));
}

describe('SessionStore', () => {
  it('gives back every row it was given', () => {
    const cases = countCases('several segments', 'several chunks', 'a payload of its own chunk', 'leased', 'no rows');
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const store = new SessionStore(SMALL);
        for (const [rows, way] of batches) append(store, rows, way);
        const all = batches.flatMap(([rows]) => rows);
        expect(told(readAll(store))).toEqual(told(all));
        cases.note('several segments', store.held.length > 1);
        cases.note('several chunks', store.held.filter((held) => (held as Segment).chunks.length > 1).length);
        cases.note('a payload of its own chunk', all.filter((row) => row.payload.length > SMALL.chunkBytes).length);
        cases.note('leased', batches.filter(([rows, way]) => way === 'lease' && rows.length > 0).length);
        cases.note('no rows', all.length === 0);
      }),
      { numRuns: 40, examples: [[[]]] },
    );
    cases.expectEach();
  });

  it('keeps the newest rows under its cap, and counts what it kept and what it dropped', () => {
    const cases = countCases(
      'dropped entries',
      'dropped gaps',
      'dropped all of an append but its end',
      'nothing dropped',
    );
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 1000, max: 6000 }), (batches, memoryCapBytes) => {
        const store = new SessionStore({ ...SMALL, memoryCapBytes });
        const all: PlainRow[] = [];
        for (const [rows, way] of batches) {
          append(store, rows, way);
          all.push(...rows);
          const kept = all.slice(store.firstRow);
          expect(store.endRow).toBe(all.length);
          expect(store.figures.evictedRows).toBe(store.firstRow);
          expect(told(readAll(store))).toEqual(told(kept));
          const entries = kept.filter((row) => row.kind === RowKind.Entry);
          expect(store.figures.entryCount).toBe(entries.length);
          expect(store.figures.gapCount).toBe(kept.length - entries.length);
          expect(store.figures.totalEntries - store.figures.evictedEntries).toBe(entries.length);
          expect(store.figures.levelCounts).toEqual(
            [0, 1, 2, 3, 4].map((level) => entries.filter((row) => Math.min(row.level, 4) === level).length),
          );
          expect(Array.from(store.figures.totalEntriesByCpu)).toEqual(entriesByCpu(all, store.figures.cpuCount));
          const held = Array.from({ length: store.figures.cpuCount }, (_, cpu) => store.figures.entriesOfCpu(cpu));
          expect(held).toEqual(entriesByCpu(kept, store.figures.cpuCount));
          expect(store.figures.evictedEntries).toBe(
            all.slice(0, store.firstRow).filter(({ kind }) => kind === RowKind.Entry).length,
          );
          cases.note('dropped all of an append but its end', store.firstRow > all.length - rows.length);
        }
        const dropped = all.slice(0, store.firstRow);
        cases.note('dropped entries', store.figures.evictedEntries);
        cases.note('dropped gaps', dropped.filter(({ kind }) => kind !== RowKind.Entry).length);
        cases.note('nothing dropped', dropped.length === 0);
      }),
      { numRuns: 25, examples: [[[[[entry(1, 'kept')], 'rows']], 6000]] },
    );
    cases.expectEach();
  });

  it('stays under its cap and uses its buffers again', () => {
    const memoryCapBytes = 8 * 1024 * 1024;
    const store = new SessionStore({ memoryCapBytes, segmentRows: 4096 });
    const batch = batchOf(Array.from({ length: 4096 }, (_, i) => entry(i, 'x'.repeat(80))));
    for (let i = 0; i < 100; i++) {
      store.append(batch);
      expect(store.memoryBytes).toBeLessThanOrEqual(memoryCapBytes);
    }
    expect(store.figures.evictedRows).toBeGreaterThan(300_000);
    expect(store.rowCount).toBeGreaterThan((memoryCapBytes * 0.65) / 107);
  });

  it('takes a payload larger than a chunk', () => {
    const store = new SessionStore(SMALL);
    const rows = [entry(1, 'a'), entry(2, 'b'.repeat(1001)), entry(3, 'c'), entry(4, 'd'.repeat(65)), entry(5, 'e')];
    store.append(batchOf(rows));
    expect(readAll(store)).toEqual(rows);
  });

  it('keeps rows of a lease apart from those that were appended after it was given', () => {
    const store = new SessionStore({ ...SMALL, chunkBytes: 256, segmentBytes: 1024 });
    const row = entry(1, 'written to a lease');
    const forgotten = store.lease(2, 64) as EntryBatch;
    forgotten.count = 1;
    store.append(batchOf([row]));
    expect(() => store.append(forgotten)).toThrow('after it has ended');
    const empty = store.lease(2, 64) as EntryBatch;
    expect(empty.count).toBe(0);
    appendByLease(store, [entry(2, 'another')]);
    expect(readAll(store)).toEqual([row, entry(2, 'another')]);
    expect(store.lease(2, 257)).toBeNull();
    expect(store.lease(17, 8)).toBeNull();
  });

  it('restarts with a clear, in a new epoch', () => {
    const store = new SessionStore(SMALL);
    store.append(batchOf([entry(1, 'a'), gap(2, 3, 9)]));
    const { epoch } = store;
    store.clear();
    expect(store.epoch).toBe(epoch + 1);
    expect([store.rowCount, store.figures.entryCount, store.figures.gapCount, store.endRow, store.memoryBytes]).toEqual(
      [0, 0, 0, 0, 0],
    );
    expect(store.segmentOf(0)).toBeNull();
    store.append(batchOf([entry(7, 'z')]));
    expect(readAll(store)).toEqual([entry(7, 'z')]);
  });

  it('needs at most 1.35 times the payload for texts of 80 bytes', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const batch = createEntryBatch(4096, 4096 * 80);
    batch.count = 4096;
    batch.bytesUsed = 4096 * 80;
    for (let i = 0; i < 4096; i++) {
      batch.index[i] = i;
      batch.cpu[i] = i & 7;
      batch.level[i] = i & 3;
      batch.dataStart[i] = i * 80;
      batch.dataLength[i] = 80;
    }
    for (let i = 0; i < 256; i++) store.append(batch);
    expect(store.memoryBytes / store.rowCount / 80).toBeLessThanOrEqual(1.35);
  });
});

describe('SessionStore with an archive', () => {
  const TINY = { ...SMALL, memoryCapBytes: 3000 };
  /** What two segments and one read back take at most: below it the cap cannot be kept. */
  const LEAST = 4 * (16 * 60 + 256 + 4 * 64) + 2 * 204;

  it('gives back every row whatever its cap, and keeps the cap', () => {
    const cases = countCases('put away', 'read back', 'all in memory');
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 1000, max: 12_000 }), (batches, memoryCapBytes) => {
        const archive = new FakeArchive();
        const store = new SessionStore({ ...SMALL, memoryCapBytes, archive });
        const all: PlainRow[] = [];
        for (const [rows, way] of batches) {
          append(store, rows, way);
          all.push(...rows);
          expect(told(readAll(store))).toEqual(told(all));
          expect(store.memoryBytes).toBeLessThanOrEqual(Math.max(memoryCapBytes, LEAST));
        }
        expect([store.firstRow, store.figures.evictedRows]).toEqual([0, 0]);
        expect(Array.from({ length: store.figures.cpuCount }, (_, cpu) => store.figures.entriesOfCpu(cpu))).toEqual(
          entriesByCpu(all, store.figures.cpuCount),
        );
        expect(store.retention.diskRows).toBe(
          store.held.filter(isArchived).reduce((rows, { count }) => rows + count, 0),
        );
        cases.note('put away', archive.puts);
        cases.note('read back', archive.loads);
        cases.note('all in memory', all.length > 0 && archive.puts === 0);
      }),
      { numRuns: 25, examples: [[[[[entry(1, 'kept')], 'rows']], 12_000]] },
    );
    cases.expectEach();
  });

  it('falls back on dropping the oldest rows when the disk is full, counts them and says so once', () => {
    const cases = countCases('no room at all', 'room again after a drop', 'room for all');
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 0, max: 12_000 }), (batches, room) => {
        const said: string[] = [];
        const archive = new FakeArchive(room);
        const store = new SessionStore({ ...TINY, archive, onArchiveFailure: (failure) => said.push(failure.code) });
        const all: PlainRow[] = [];
        for (const [rows, way] of batches) {
          append(store, rows, way);
          all.push(...rows);
          const kept = all.slice(store.firstRow);
          expect(store.figures.evictedRows).toBe(store.firstRow);
          expect(told(readAll(store))).toEqual(told(kept));
          const entries = kept.filter((row) => row.kind === RowKind.Entry);
          expect(store.figures.entryCount).toBe(entries.length);
          expect(store.figures.levelCounts).toEqual(
            [0, 1, 2, 3, 4].map((level) => entries.filter((row) => Math.min(row.level, 4) === level).length),
          );
          expect(archive.bytes).toBeLessThanOrEqual(room);
        }
        if (store.figures.evictedRows > 0) expect(said).toEqual(['disk-full']);
        expect(said.length).toBeLessThanOrEqual(1);
        expect(store.retention.failure?.code).toBe(said[0]);
        cases.note('no room at all', said.length > 0 && archive.puts === 0);
        cases.note('room again after a drop', said.length > 0 && store.retention.diskRows > 0);
        cases.note('room for all', said.length === 0 && archive.puts > 0);
      }),
      { numRuns: 25, examples: [0, 4000, 1e6].map((room): [typeof manyBatches, number] => [manyBatches, room]) },
    );
    cases.expectEach();
  });

  const texts = (count: number) => batchOf(Array.from({ length: count }, (_, i) => entry(i, `row ${i}`)));

  it('says where the history lies, and starts anew with a clear', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...TINY, archive });
    store.append(texts(500));
    const { diskRows, diskBytes, failure } = store.retention;
    expect(diskRows).toBe(archive.puts * 16);
    expect(diskRows).toBeGreaterThan(400);
    expect([diskBytes, failure]).toEqual([archive.bytes, null]);
    store.clear();
    expect(store.retention).toEqual({
      policy: { keep: 'all' },
      diskRows: 0,
      diskBytes: 0,
      place: 'memory',
      failure: null,
    });
  });

  it('reads a segment once for rows that lie together', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...TINY, archive });
    store.append(texts(500));
    for (let row = 0; row < 16; row++) storedRow(store, row);
    expect(archive.loads).toBe(1);
  });

  it('keeps the places of rows that cannot be read back, and says so in each', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...TINY, archive });
    store.append(texts(500));
    archive.readable = false;
    expect(new TextDecoder().decode(storedRow(store, 5).payload)).toContain('History is gone');
    expect(store.retention.failure?.code).toBe('io-error');
    expect(storedRow(store, 499)).toEqual(entry(499, 'row 499'));
  });

  it('keeps at least the last rows asked for, and at most a segment more', () => {
    for (const archive of [new FakeArchive(), undefined]) {
      const store = new SessionStore({ ...SMALL, ...(archive && { archive, memoryCapBytes: 3000 }) });
      store.setPolicy({ keep: 'rows', rows: 100 });
      store.append(texts(90));
      store.append(texts(210));
      expect(store.rowCount).toBeGreaterThanOrEqual(100);
      expect(store.rowCount).toBeLessThan(100 + 16);
      expect(store.figures.evictedRows).toBe(300 - store.rowCount);
      store.setPolicy({ keep: 'rows', rows: 40 });
      expect(store.rowCount).toBeLessThan(40 + 16);
    }
  });

  it('shrinks to a lower cap step by step, losing nothing, and grows again', () => {
    const cases = countCases('shrinks in steps', 'grows');
    fc.assert(
      fc.property(fc.integer({ min: 3000, max: 40_000 }), fc.integer({ min: 3000, max: 40_000 }), (before, after) => {
        const archive = new FakeArchive();
        const store = new SessionStore({ ...SMALL, memoryCapBytes: before, archive });
        const rows = Array.from({ length: 600 }, (_, i) => entry(i, `row ${i}`));
        store.append(batchOf(rows.slice(0, 500)));
        store.setMemoryCap(after);
        expect(store.memoryCapBytes).toBe(after);
        // Rows that arrive meanwhile do not wait for it.
        store.append(batchOf(rows.slice(500)));
        const steps: number[] = [];
        while (store.shrink({ spent: () => true })) steps.push(store.memoryBytes);
        for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeLessThanOrEqual(steps[i - 1] as number);
        expect(store.memoryBytes).toBeLessThanOrEqual(Math.max(after, LEAST));
        expect(told(readAll(store))).toEqual(told(rows));
        cases.note('shrinks in steps', steps.length > 1);
        cases.note('grows', after > before);
      }),
      { numRuns: 25 },
    );
    cases.expectEach();
  });

  it('moves nothing at once when its cap is lowered, a segment a step when it is told to, and all in the end', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...SMALL, memoryCapBytes: 60_000, archive });
    store.append(texts(400));
    store.setMemoryCap(4000);
    store.append(texts(1));
    // For the memory of the row alone, if for anything.
    expect(archive.puts).toBeLessThanOrEqual(1);
    const puts: number[] = [];
    for (let step = 0; step < 100 && store.shrink({ spent: () => true }); step++) puts.push(archive.puts);
    expect(puts.length).toBeGreaterThan(10);
    for (const [step, count] of puts.entries()) expect(count - (puts[step - 1] ?? 1)).toBeLessThanOrEqual(1);
    expect(store.usedBytes).toBeLessThanOrEqual(4000);
    const moved = archive.puts;
    expect([store.shrink({ spent: () => true }), archive.puts, store.rowCount]).toEqual([false, moved, 401]);
    store.setMemoryCap(60_000);
    store.append(texts(200));
    expect([archive.puts, store.memoryCapBytes]).toEqual([moved, 60_000]);
  });

  it('tells whoever asked of the rows that are dropped, until it is told not to', () => {
    const store = new SessionStore({ ...SMALL, memoryCapBytes: 3000 });
    const heard: (number | string)[] = [];
    const forget = store.observe({ rowsDropped: (oldest) => heard.push(oldest), cleared: () => heard.push('cleared') });
    store.append(texts(100));
    expect(heard.length).toBeGreaterThan(1);
    expect([heard.at(-1), heard[0]]).toEqual([store.firstRow, 16]);
    store.clear();
    expect(heard.at(-1)).toBe('cleared');
    forget();
    const { length } = heard;
    store.append(texts(100));
    store.clear();
    expect(heard).toHaveLength(length);
  });

  it('has nothing to say of rows that are not there', () => {
    const store = new SessionStore({ ...SMALL, memoryCapBytes: 3000 });
    expect([store.segmentOf(0), store.firstRow, store.endRow, store.rowCount, store.figures.cpuCount]).toEqual([
      null,
      0,
      0,
      0,
      0,
    ]);
    store.append(texts(100));
    for (const row of [store.firstRow - 1, 100, -1, Number.NaN]) expect(store.segmentOf(row)).toBeNull();
    for (let row = store.firstRow; row < 100; row++) {
      const segment = store.segmentOf(row) as Segment;
      expect(row - segment.firstRow).toBeLessThan(segment.count);
      expect(segment.firstRow).toBeLessThanOrEqual(row);
    }
    expect([store.figures.entriesOfCpu(0), store.figures.entriesOfCpu(5), store.figures.entriesOfCpu(5000)]).toEqual([
      store.rowCount,
      0,
      0,
    ]);
  });

  it('counts what was reserved until it is given back, whoever reserves', () => {
    const store = new SessionStore(SMALL);
    const [one, other] = [{}, {}];
    store.reserve(one, 100);
    store.reserve(other, 50);
    store.reserve(one, 70);
    expect(store.usedBytes - store.memoryBytes).toBe(120);
    store.reserve(one, 0);
    store.reserve(one, 0);
    expect(store.usedBytes - store.memoryBytes).toBe(50);
  });

  it('counts what is reserved against the cap, and moves rows away for it', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...SMALL, memoryCapBytes: 40_000, archive });
    store.append(texts(300));
    expect(archive.puts).toBe(0);
    store.reserve(archive, 30_000);
    while (store.shrink({ spent: () => true }));
    expect(store.memoryBytes).toBeLessThanOrEqual(Math.max(10_000, LEAST));
    const { diskRows } = store.retention;
    expect(diskRows).toBeGreaterThan(0);
    store.append(texts(100));
    expect(store.memoryBytes).toBeLessThanOrEqual(Math.max(10_000, LEAST));
    expect(store.retention.diskRows).toBeGreaterThan(diskRows);
    expect(store.rowCount).toBe(400);
  });

  it('keeps what its policy asks for, whatever is read back, pinned or shrunk meanwhile', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), rows: fc.nat(40) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), at: fc.nat(1000) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('pin' as const), at: fc.nat(1000) }) },
      { weight: 2, arbitrary: fc.constant({ do: 'unpin' as const }) },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('cap' as const), bytes: fc.integer({ min: 3000, max: 9000 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('keep' as const), rows: fc.nat(300) }) },
      { weight: 1, arbitrary: fc.constant({ do: 'keep all' as const }) },
    );
    const cases = countCases('dropped by the policy', 'kept all on disk', 'read back', 'a pinned segment was dropped');
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
        const archive = new FakeArchive();
        const store = new SessionStore({ ...TINY, archive });
        const pinned: { readonly segment: Segment; readonly texts: string[] }[] = [];
        const textsOf = (segment: Segment) =>
          Array.from({ length: segment.count }, (_, at) => new TextDecoder().decode(segment.payload(at).slice()));
        let least: number | null = null;
        for (const each of steps) {
          const { firstRow } = store;
          if (each.do === 'append') {
            const from = store.endRow;
            store.append(batchOf(Array.from({ length: each.rows }, (_, i) => entry(from + i, `row ${from + i}`))));
          } else if (each.do === 'read' || each.do === 'pin') {
            if (store.rowCount === 0) continue;
            const row = store.firstRow + (each.at % store.rowCount);
            expect(storedRow(store, row)).toEqual(entry(row, `row ${row}`));
            const segment = store.segmentOf(row) as Segment;
            if (each.do === 'pin') {
              store.pin(segment);
              // Rows may still be appended to the newest one: those there are now stay as they are.
              pinned.push({ segment, texts: textsOf(segment) });
            }
          } else if (each.do === 'unpin') {
            const last = pinned.pop();
            if (last !== undefined) store.unpin(last.segment);
          } else if (each.do === 'cap') {
            store.setMemoryCap(each.bytes);
            while (store.shrink({ spent: () => true }));
          } else {
            least = each.do === 'keep' ? each.rows : null;
            store.setPolicy(least === null ? { keep: 'all' } : { keep: 'rows', rows: least });
          }
          if (least === null) expect(store.firstRow).toBe(firstRow);
          else {
            expect(store.rowCount).toBeGreaterThanOrEqual(Math.min(least, store.endRow - firstRow));
            // A segment more, and never fewer than the last two.
            expect(store.rowCount).toBeLessThan(Math.max(least + 16, 33));
          }
          expect([store.figures.evictedRows, store.figures.entryCount]).toEqual([store.firstRow, store.rowCount]);
          for (const { segment, texts } of pinned) expect(textsOf(segment).slice(0, texts.length)).toEqual(texts);
          cases.note('dropped by the policy', store.firstRow > firstRow);
          cases.note('kept all on disk', least === null && store.retention.diskRows > 0);
          cases.note(
            'a pinned segment was dropped',
            pinned.some(({ texts }) => texts[0] !== undefined && Number(texts[0].slice(4)) < store.firstRow),
          );
        }
        cases.note('read back', archive.loads);
        const kept = Array.from({ length: store.rowCount }, (_, i) =>
          entry(store.firstRow + i, `row ${store.firstRow + i}`),
        );
        expect(told(readAll(store))).toEqual(told(kept));
        for (const { segment } of pinned) store.unpin(segment);
      }),
      { numRuns: 60 },
    );
    cases.expectEach();
  });

  it('counts no byte twice that is read back, kept for a reader, or waits for the next to be read back', () => {
    const archive = new FakeArchive(Infinity, 1);
    const store = new SessionStore({ ...TINY, archive });
    store.append(texts(500));
    // Room for all of it at once: what follows neither moves nor drops a row for want of memory.
    store.setMemoryCap(1 << 20);
    const bytes = store.memoryBytes + archive.bytes;
    // A segment that moves to the archive may be a little larger there.
    const some = 2000;
    const keptWhole = () => {
      expect(store.memoryBytes + archive.bytes).toBeGreaterThan(bytes + 5 * some);
      store.setPolicy({ keep: 'bytes', bytes: bytes + some });
      expect([store.firstRow, store.rowCount]).toEqual([0, 500]);
    };
    const read: Segment[] = [];
    for (let row = 0; row < 400; row += 16) read.push(store.segmentOf(row) as Segment);
    keptWhole();
    // Other threads still read the copies when they are given up.
    for (const segment of read) store.pin(segment);
    store.setMemoryCap(3000);
    while (store.shrink({ spent: () => true }));
    store.setMemoryCap(1 << 20);
    expect(read[6]?.payload(4)).toEqual(entry(100, 'row 100').payload);
    keptWhole();
    for (const segment of read) store.unpin(segment);
    expect(store.memoryBytes + archive.bytes).toBeLessThanOrEqual(bytes + some);
    archive.spareBytes = 100_000;
    keptWhole();
    store.setPolicy({ keep: 'bytes', bytes: bytes - some });
    expect(store.firstRow).toBeGreaterThan(0);
  });

  it('keeps no more bytes than asked for, in memory and on disk together', () => {
    const archive = new FakeArchive(Infinity, 1);
    const store = new SessionStore({ ...TINY, archive, policy: { keep: 'bytes', bytes: 8000 } });
    for (let i = 0; i < 50; i++) {
      store.append(texts(20));
      expect(store.memoryBytes + archive.bytes).toBeLessThanOrEqual(8000);
    }
    expect(store.retention.diskRows).toBeGreaterThan(0);
    expect(store.figures.evictedRows).toBeGreaterThan(500);
  });

  it('keeps the last two segments whatever is asked for, and drops one as soon as the others suffice', () => {
    const store = new SessionStore({ ...SMALL, policy: { keep: 'rows', rows: 1 } });
    store.append(texts(32));
    expect(store.rowCount).toBe(32);
    store.setPolicy({ keep: 'bytes', bytes: 1 });
    expect(store.rowCount).toBe(32);
    store.setPolicy({ keep: 'rows', rows: 33 });
    store.append(texts(16));
    expect(store.rowCount).toBe(48);
    store.setPolicy({ keep: 'rows', rows: 32 });
    expect(store.rowCount).toBe(32);
  });

  it('drops nothing while it keeps just the bytes asked for', () => {
    const store = new SessionStore(SMALL);
    store.append(texts(64));
    const { memoryBytes } = store;
    store.setPolicy({ keep: 'bytes', bytes: memoryBytes });
    expect(store.rowCount).toBe(64);
    store.setPolicy({ keep: 'bytes', bytes: memoryBytes - 1 });
    expect(store.rowCount).toBe(48);
  });

  it('moves nothing at its cap, and says of the last step that it was the last', () => {
    const archive = new FakeArchive();
    const store = new SessionStore({ ...SMALL, archive });
    store.append(texts(80));
    const { usedBytes } = store;
    store.setMemoryCap(usedBytes);
    expect([store.shrink({ spent: () => true }), archive.puts]).toEqual([false, 0]);
    store.setMemoryCap(usedBytes - 1);
    for (let more = true; more; ) {
      more = store.shrink({ spent: () => true });
      expect(more).toBe(store.usedBytes > usedBytes - 1);
    }
    expect(archive.puts).toBe(1);
    // All of it at once where there is time.
    store.setMemoryCap(1);
    expect([store.shrink({ spent: () => false }), archive.puts]).toEqual([false, 3]);
  });

  it('stays under its cap when values begin to differ in columns that had one', () => {
    const different = { flags: 1, type: 2, origin: 1, pid: 3, remarks: 4, source: 5, event: 6 };
    for (let cap = LEAST; cap < LEAST + 4000; cap += 100) {
      const store = new SessionStore({ ...SMALL, memoryCapBytes: cap });
      store.append(texts(201));
      store.append(batchOf([entry(201, 'x', different)]));
      expect(store.memoryBytes).toBeLessThanOrEqual(cap);
      expect(storedRow(store, store.endRow - 1)).toMatchObject(different);
    }
  });

  it('keeps its columns where other threads can read them, and has no place for an empty payload', () => {
    const rows = [entry(0, 'a', { pid: 1 }), entry(1, '', { pid: 2 }), entry(2, 'b')];
    for (const way of ['rows', 'lease'] as const) {
      const store = new SessionStore({ ...SMALL, chunkBytes: 256, segmentBytes: 1024 });
      append(store, [entry(9, 'before')], way);
      append(store, rows, way);
      const segment = store.segmentOf(0) as Segment;
      for (const column of [segment.cpu, segment.index, segment.dataStart, segment.dataLength, segment.pid.data])
        expect(column?.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect([segment.dataStart[2], segment.dataLength[2]]).toEqual([0, 0]);
      expect(readAll(store)).toEqual([entry(9, 'before'), ...rows]);
    }
  });
});
