/** What is recorded while it comes, and what of it is there afterwards, however it ended. */
import { cpSync, readdirSync, readlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { openSession } from './opened-session.ts';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import { allRows, DirectWriter, newFolder, removeFolders, someRows, TINY } from './test-support.ts';

const made: string[] = [];
afterEach(() => removeFolders(made));

function recorded(options: { cap?: number; eager?: boolean; fileBytes?: number } = {}) {
  const folder = newFolder(made);
  const writer = new DirectWriter({ folder, fileBytes: options.fileBytes ?? 20_000 }, options.eager ?? true);
  const recorder = new SessionRecorder(writer, { folder, unixMs: () => 1_700_000_000_000 });
  const store = new SessionStore({
    ...TINY,
    memoryCapBytes: options.cap ?? TINY.memoryCapBytes,
    archive: recorder.archive,
  });
  recorder.attach(store);
  return { folder, writer, recorder, store };
}

/** Lets every answer arrive. */
async function answers(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** The rows of a session as a store that was filled from it gives them. */
function rowsIn(folder: string) {
  const opened = openSession(folder);
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = new SessionStore({ ...TINY, archive: opened.value.archive });
  opened.value.fill(store);
  const rows = allRows(store);
  const { damages, firstRow, manifest } = opened.value;
  opened.value.close();
  return {
    rows,
    damages,
    firstRow,
    manifest,
    counts: [store.figures.entryCount, store.figures.gapCount, store.figures.levelCounts, store.figures.cpuCount],
  };
}

describe('a session that is recorded', () => {
  it('has every row it was given, in memory, in its archive and after it was opened', async () => {
    const cases = countCases('rows left memory', 'several files', 'a tail that grew');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 16 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(3000, 1 << 20),
        async (sizes, cap) => {
          const { folder, recorder, store } = recorded({ cap, fileBytes: 6000 });
          let given = 0;
          let nowMs = 0;
          for (const size of sizes) {
            store.append(batchOf(someRows(size, given)));
            given += size;
            nowMs += TAIL_MS;
            recorder.tick(nowMs);
            await answers();
          }
          const rows = someRows(given);
          expect(allRows(store)).toEqual(rows);
          expect(await recorder.finish('stopped')).toBeNull();
          cases.note('rows left memory', store.retention.diskRows > 0);
          const names = readdirSync(folder).filter((name) => name.endsWith('.arrows'));
          cases.note('several files', names.length > 1);
          cases.note(
            'a tail that grew',
            sizes.some((size) => size > 0 && size < 8),
          );
          const read = rowsIn(folder);
          expect(read.rows).toEqual(rows);
          expect(read.damages).toEqual([]);
          expect(read.manifest.ended).toBe('stopped');
          expect(read.counts).toEqual([
            store.figures.entryCount,
            store.figures.gapCount,
            store.figures.levelCounts,
            store.figures.cpuCount,
          ]);
        },
      ),
      { numRuns: 30 },
    );
    cases.expectEach();
  });

  it('has at any moment what came up to the last hand-over, without having been ended', async () => {
    const { folder, recorder, store } = recorded();
    let nowMs = 0;
    for (let given = 0; given < 140; given += 7) {
      store.append(batchOf(someRows(7, given)));
      nowMs += TAIL_MS;
      recorder.tick(nowMs);
      await answers();
      // What a program that was killed leaves behind.
      const left = newFolder(made);
      cpSync(folder, left, { recursive: true });
      const read = rowsIn(left);
      expect(read.rows).toEqual(someRows(given + 7));
      expect(read.damages.filter((each) => !each.includes('session.json'))).toEqual([]);
    }
  });

  it('is given each row once where segments fill faster than tails are due, and the last ones no later than those', async () => {
    const { folder, writer, recorder, store } = recorded();
    const posted = vi.spyOn(writer, 'post');
    const tails = () => posted.mock.calls.filter(([{ job }]) => job.do === 'tail').length;
    let given = 0;
    let nowMs = 0;
    for (; given < 200; given += 20) {
      store.append(batchOf(someRows(20, given)));
      nowMs += TAIL_MS / 4;
      recorder.tick(nowMs);
      await answers();
    }
    expect(tails()).toBe(0);
    recorder.tick(nowMs + TAIL_MS);
    await answers();
    const left = newFolder(made);
    cpSync(folder, left, { recursive: true });
    expect(rowsIn(left).rows).toEqual(someRows(given));
    expect(tails()).toBe(1);
  });

  it('forgets what was cleared', async () => {
    const { folder, recorder, store, writer } = recorded();
    store.append(batchOf(someRows(100)));
    recorder.tick(0);
    store.clear();
    store.append(batchOf(someRows(40, 500)));
    recorder.tick(TAIL_MS);
    writer.syncNow();
    expect(await recorder.finish('ended')).toBeNull();
    expect(rowsIn(folder).rows).toEqual(someRows(40, 500));
    expect(readdirSync(folder).some((name) => name.includes('-0000-'))).toBe(false);
  });

  it('may be cleared as soon as it was asked to end: what was not written yet is, and counts as memory until then', async () => {
    const { folder, recorder, store, writer } = recorded({ eager: false });
    writer.hold = () => {};
    store.append(batchOf(someRows(200)));
    recorder.tick(0);
    const ended = recorder.finish('stopped');
    const empty = store.usedBytes;
    store.clear();
    // Rows of what comes next take other memory.
    store.append(batchOf(someRows(100, 1000)));
    expect(store.usedBytes).toBeGreaterThan(store.memoryBytes);
    expect(empty).toBeGreaterThan(0);
    writer.eager = true;
    writer.settle();
    expect(await ended).toBeNull();
    expect(store.usedBytes).toBe(store.memoryBytes);
    const read = rowsIn(folder);
    expect(read.rows).toEqual(someRows(200));
    expect([read.damages, read.manifest.ended, read.manifest.endRow]).toEqual([[], 'stopped', 200]);
    expect(allRows(store)).toEqual(someRows(100, 1000));
  });

  it('keeps as many rows by a policy of bytes as a store that is not recorded, and as many where memory is short', async () => {
    const bytes = 60_000;
    const kept = async (cap: number): Promise<readonly number[]> => {
      const { recorder, store } = recorded({ fileBytes: 100_000, cap });
      const plain = new SessionStore({ ...TINY });
      for (const each of [store, plain]) each.setPolicy({ keep: 'bytes', bytes });
      let least = Number.POSITIVE_INFINITY;
      for (let given = 0; given < 1600; given += 10) {
        for (const each of [store, plain]) each.append(batchOf(someRows(10, given)));
        recorder.tick(given * 1000);
        await answers();
        if (store.firstRow > 0) least = Math.min(least, store.rowCount);
      }
      expect(plain.firstRow).toBeGreaterThan(0);
      await recorder.finish('stopped');
      return [store.rowCount, plain.rowCount, least];
    };
    const [rows, plain] = await kept(1 << 20);
    expect(rows).toBe(plain);
    // Not the two segments that always stay: what was dropped counts no more at once.
    const [, , least] = await kept(4000);
    expect(least).toBeGreaterThan(10 * 16);
  });

  it('has nothing below the first row that is kept, though files still have some of it', async () => {
    const { folder, recorder, store } = recorded({ fileBytes: 1 << 20 });
    store.append(batchOf(someRows(400)));
    recorder.tick(0);
    await answers();
    store.setPolicy({ keep: 'rows', rows: 100 });
    expect(await recorder.finish('stopped')).toBeNull();
    const read = rowsIn(folder);
    expect(read.firstRow).toBe(store.firstRow);
    expect(read.rows).toEqual(someRows(400).slice(store.firstRow));
    expect(read.damages).toEqual([]);
  });

  it('gives room back for rows that its policy drops, and numbers the others as before', async () => {
    const { folder, recorder, store, writer } = recorded({ fileBytes: 3000, cap: 3000 });
    store.setPolicy({ keep: 'rows', rows: 100 });
    for (let given = 0; given < 1000; given += 20) {
      store.append(batchOf(someRows(20, given)));
      recorder.tick(given * 1000);
      await answers();
      // What is looked at is opened.
      store.segmentOf(store.firstRow);
    }
    const files = () => readdirSync(folder).filter((name) => /^rows.*arrows$/.test(name)).length;
    while (files() > 12) {
      writer.syncNow();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (process.platform === 'linux') {
      const open = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`));
      expect(open.filter((path) => path.startsWith(folder)).length).toBeGreaterThan(0);
      expect(open.filter((path) => path.startsWith(folder) && path.endsWith('(deleted)'))).toEqual([]);
    }
    expect(await recorder.finish('stopped')).toBeNull();
    const read = rowsIn(folder);
    expect(read.firstRow).toBeGreaterThan(0);
    expect(read.firstRow).toBeLessThanOrEqual(store.firstRow);
    expect(read.rows).toEqual(someRows(1000).slice(read.firstRow));
    expect(readdirSync(folder).length).toBeLessThan(20);
  });
});

describe('a disk that does not keep up', () => {
  const full = { code: 'disk-full', message: 'The disk is full', action: 'Free space' } as const;

  it('leaves rows out once memory is used up, says which and why, and goes on', async () => {
    const { folder, recorder, store, writer } = recorded({ cap: 3000, eager: false });
    store.append(batchOf(someRows(400)));
    recorder.tick(0);
    const { goneRows, failure } = recorder.status;
    expect(goneRows).toBeGreaterThan(0);
    expect(failure?.code).toBe('overloaded');
    // The drain went on: every row has its number.
    expect(store.endRow).toBe(400);
    writer.eager = true;
    writer.settle();
    expect(await recorder.finish('stopped')).toBeNull();
    const { rows, manifest } = rowsIn(folder);
    expect(rows.length).toBe(400);
    const whole = someRows(400);
    const missing = rows.filter((row, at) => !isDeepStrictEqual(row, whole[at]));
    expect(missing.length).toBe(manifest.rowsGone);
    for (const row of missing) expect(new TextDecoder().decode(row.payload)).toContain('slower');
  });

  it('is told once when it is full, and once when it goes on; nothing is missing while memory lasts', async () => {
    const { folder, recorder, store, writer } = recorded();
    const told: (string | null)[] = [];
    const telling = new SessionRecorder(writer, {
      folder,
      unixMs: () => 0,
      onTrouble: (failure) => told.push(failure?.code ?? null),
    });
    void recorder;
    const kept = new SessionStore({ ...TINY, archive: telling.archive });
    telling.attach(kept);
    void store;
    writer.refuse = ({ id, job }) => (job.do === 'manifest' ? null : { id, failure: full, batch: null, bytes: 0 });
    let nowMs = 0;
    const step = async (given: number) => {
      kept.append(batchOf(someRows(10, given)));
      nowMs += 600;
      telling.tick(nowMs);
      await answers();
    };
    for (let given = 0; given < 100; given += 10) await step(given);
    expect(told).toEqual(['disk-full']);
    expect(telling.status.savedRows).toBe(0);
    writer.refuse = () => null;
    for (let given = 100; given < 150; given += 10) await step(given);
    expect(told).toEqual(['disk-full', null]);
    expect(await telling.finish('stopped')).toBeNull();
    expect(rowsIn(folder).rows).toEqual(someRows(150));
  });

  it('loses nothing in memory when the thread that writes dies', async () => {
    const { recorder, store, writer } = recorded({ cap: 1 << 20 });
    store.append(batchOf(someRows(100)));
    writer.die('out of memory');
    store.append(batchOf(someRows(100, 100)));
    recorder.tick(10_000);
    expect(recorder.status.failure?.message).toContain('out of memory');
    expect(allRows(store)).toEqual(someRows(200));
    expect((await recorder.finish('stopped'))?.code).toBe('internal');
  });

  it('makes no row go only because somebody looks at others', async () => {
    const { recorder, store } = recorded({ cap: 4000 });
    let nowMs = 0;
    for (let given = 0; given < 400; given += 8) {
      store.append(batchOf([...Array(8).keys()].map((n) => entry(given + n, `row ${given + n}`))));
      nowMs += TAIL_MS;
      recorder.tick(nowMs);
      await answers();
    }
    for (let row = 0; row < 400; row += 3) store.segmentOf(row);
    expect(recorder.status.goneRows).toBe(0);
    expect(await recorder.finish('stopped')).toBeNull();
  });
});
