import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordBatchFileReader, RecordBatchReader, tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry, gap } from '../session/test-support.ts';
import { ArrowArchive } from './arrow-archive.ts';

const made: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ringview-history-'));
  made.push(path);
  return path;
}
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

const TINY = { memoryCapBytes: 3000, segmentRows: 16, chunkBytes: 64, segmentBytes: 256 };

const messages = (store: SessionStore): string[] =>
  Array.from({ length: store.rowCount }, (_, i) => {
    const row = store.firstRow + i;
    const segment = store.segmentOf(row);
    return segment === null ? '' : new TextDecoder().decode(segment.payload(row - segment.firstRow));
  });

describe('ArrowArchive', () => {
  it('gives back every column as it was put away', () => {
    const cases = countCases(
      'a full segment',
      'several chunks',
      'a payload larger than a chunk',
      'a column of one value',
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            kind: fc.nat(1),
            index: fc.nat(2 ** 31 - 1).map((n) => n * 4_000_000),
            timeNs: fc.nat(2 ** 31 - 1),
            cpu: fc.nat(2047),
            level: fc.nat(255),
            flags: fc.nat(65_535),
            type: fc.nat(65_535),
            origin: fc.nat(65_535),
            pid: fc.nat(2 ** 31 - 1),
            tid: fc.nat(2 ** 31 - 1),
            remarks: fc.nat(2 ** 31 - 1),
            source: fc.nat(65_535),
            event: fc.nat(65_535),
            payload: fc.oneof(
              { weight: 9, arbitrary: fc.uint8Array({ maxLength: 40 }) },
              fc.uint8Array({ maxLength: 300 }),
            ),
          }),
          { minLength: 1, maxLength: 80 },
        ),
        fc.boolean(),
        (anyRows, onlyEntries) => {
          const rows = onlyEntries ? anyRows.map((row) => ({ ...row, kind: 0 })) : anyRows;
          const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 128 });
          store.append(batchOf(rows));
          const archive = new ArrowArchive(folder());
          for (const { firstRow } of store.held) {
            const segment = store.segmentOf(firstRow);
            const put = segment && archive.put(segment);
            const back = put?.ok ? archive.load(put.value) : null;
            if (!segment || !back?.ok) throw new Error('not put away and loaded');
            const read = (from: typeof segment) =>
              Array.from({ length: from.count }, (_, at) => [
                from.index[at],
                from.timeNs[at],
                from.cpu[at],
                from.level[at],
                ...[from.kind, from.flags, from.type, from.origin, from.pid, from.remarks, from.source, from.event].map(
                  (c) => c.get(at),
                ),
                [...from.payload(at)],
              ]);
            expect(read(back.value)).toEqual(read(segment));
            // Workers are handed segments: no column may be a private copy.
            for (const column of [back.value.index, back.value.cpu, back.value.dataStart, back.value.dataLength])
              expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
            cases.note('a full segment', segment.count === 64);
            cases.note('several chunks', segment.chunks.length > 1);
            cases.note('a column of one value', segment.kind.data === null);
          }
          cases.note('a payload larger than a chunk', rows.filter(({ payload }) => payload.length > 128).length);
          archive.clear();
        },
      ),
      { numRuns: 40, examples: [[Array.from({ length: 64 }, (_, at) => entry(at, 'x')), true]] },
    );
    cases.expectEach();
  });

  it('serves a store far larger than its memory, from files any Arrow reader takes at any time', () => {
    const dir = folder();
    const store = new SessionStore({ ...TINY, archive: new ArrowArchive(dir) });
    const rows = Array.from({ length: 400 }, (_, i) =>
      i % 50 === 7 ? gap(i, 1, 3) : entry(i, `message ${i}`, { origin: 7, source: i % 3 }),
    );
    for (let i = 0; i < 400; i += 20) store.append(batchOf(rows.slice(i, i + 20)));
    expect(messages(store)).toEqual(rows.map((row) => new TextDecoder().decode(row.payload)));
    expect(readdirSync(dir)).toEqual(['history-0001.arrow']);
    const file = readFileSync(join(dir, 'history-0001.arrow'));
    expect(file.length).toBe(store.retention.diskBytes);
    const table = tableFromIPC(file);
    expect(table.schema.fields.map((field) => field.name)).toEqual(
      'index time_ns cpu level type remarks pid tid origin source event flags kind payload'.split(' '),
    );
    expect(table.numRows).toBe(store.retention.diskRows);
    expect(table.numRows).toBeGreaterThan(300);
    expect(new TextDecoder().decode(table.get(130)?.payload)).toBe('message 130');
    expect(table.get(130)?.toJSON()).toMatchObject({ origin: 7, source: 1 });
    expect(table.get(107)?.toJSON()).toMatchObject({ index: 107, time_ns: 107_000, cpu: 1, kind: 1, remarks: 3 });
  });

  it('gives disk space back file by file, and all of it with a clear', () => {
    const dir = folder();
    const archive = new ArrowArchive(dir, 5000);
    const store = new SessionStore({ ...TINY, archive, policy: { keep: 'rows', rows: 100 } });
    for (let i = 0; i < 100; i++) {
      store.append(batchOf(Array.from({ length: 16 }, (_, k) => entry(i * 16 + k, 'some text'))));
      const onDisk = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
      expect(archive.bytes).toBe(onDisk);
      expect(onDisk).toBeLessThan(30_000);
    }
    expect(store.retention.diskRows).toBeGreaterThan(0);
    store.clear();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('says what the system said of a file that lost its end, and of a folder that cannot be made', () => {
    const dir = folder();
    const archive = new ArrowArchive(dir);
    const store = new SessionStore({ ...TINY, archive });
    store.append(batchOf(Array.from({ length: 200 }, (_, i) => entry(i, 'x'))));
    truncateSync(join(dir, 'history-0001.arrow'), 100);
    expect(messages(store)[100]).toContain('cannot be read back');
    expect(store.retention.failure?.code).toBe('io-error');

    const nowhere = new SessionStore({ ...TINY, archive: new ArrowArchive(join(dir, 'history-0001.arrow', 'below')) });
    nowhere.append(batchOf(Array.from({ length: 200 }, (_, i) => entry(i, 'x'))));
    expect(nowhere.retention.failure?.system?.code).toBe('ENOTDIR');
    expect(nowhere.figures.evictedRows).toBeGreaterThan(0);
  });

  it('goes on from a disk that is full, with the rows that still fit on it', ({ skip }) => {
    const dir = folder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir], { stdio: 'ignore' });
    } catch {
      skip('only who may mount a small disk can fill it');
    }
    try {
      const store = new SessionStore({ ...TINY, archive: new ArrowArchive(join(dir, 'history'), 10_000) });
      for (let i = 0; i < 2000; i += 20) {
        store.append(batchOf(Array.from({ length: 20 }, (_, k) => entry(i + k, `message ${i + k}`))));
      }
      expect(store.retention.failure).toMatchObject({ code: 'disk-full', system: { code: 'ENOSPC' } });
      expect(store.retention.diskBytes).toBeGreaterThan(20_000);
      expect(store.figures.evictedRows).toBe(store.firstRow);
      expect(store.endRow).toBe(2000);
      // What a failed write left behind was taken back: every file is a whole Arrow file, of the rows that lie there.
      const names = readdirSync(join(dir, 'history'));
      const rows = names.sort().flatMap((name) => {
        const file = readFileSync(join(dir, 'history', name));
        expect(file.subarray(-6).toString()).toBe('ARROW1');
        // This reader passes over batches that its footer names and the file does not have; others do not.
        const reader = RecordBatchReader.from(file) as RecordBatchFileReader;
        expect([...reader].length).toBe(reader.numRecordBatches);
        return Array.from(tableFromIPC(file), (row) => new TextDecoder().decode(row?.payload));
      });
      expect(names.length).toBeGreaterThan(1);
      expect(
        readdirSync(join(dir, 'history')).reduce((sum, name) => sum + statSync(join(dir, 'history', name)).size, 0),
      ).toBe(store.retention.diskBytes);
      const onDisk = Array.from({ length: store.retention.diskRows }, (_, i) => `message ${store.firstRow + i}`);
      // Rows dropped since lie in the first file until it goes as a whole.
      expect(rows.slice(-onDisk.length)).toEqual(onDisk);
      expect(messages(store)).toEqual(
        Array.from({ length: store.rowCount }, (_, i) => `message ${store.firstRow + i}`),
      );
      store.clear();
    } finally {
      execFileSync('umount', [dir]);
    }
  });
});
