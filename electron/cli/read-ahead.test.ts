/** Reading ahead on a real thread, from the script as it is built. */
import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../native/core/columns.ts';
import type { EntryBatch } from '../../native/core/entry.ts';
import { type FileOptions, openTextFile } from '../../native/sources/file/file-source.ts';
import { ensureBuild } from '../setup/build.mjs';

const script = pathToFileURL(join(import.meta.dirname, '../../dist/cli/read-ahead-worker.js'));
const folder = mkdtempSync(join(tmpdir(), 'ringview-ahead-'));

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Read {
  readonly rows: number;
  readonly digest: string;
  readonly facts: unknown;
  /** Whether a thread read it to its end. */
  readonly ahead: boolean;
}

/** All columns and payloads of all rows, as one digest, and what is known beside them. */
async function readAll(path: string, options: FileOptions, between = (): void => {}): Promise<Read> {
  const opened = openTextFile(path, options);
  if (!opened.ok) throw new Error(opened.failure.message);
  const source = opened.value;
  const digest = createHash('sha256');
  let rows = 0;
  const take = (batch: EntryBatch): void => {
    for (let row = 0; row < batch.count; row++) {
      // Which source a row is of is said by whoever merges several.
      digest.update(COLUMN_NAMES.map((name) => (name === 'source' ? 0 : batch[name][row])).join());
      const start = batch.dataStart[row] as number;
      digest.update(batch.bytes.slice(start, start + (batch.dataLength[row] as number)));
      rows++;
    }
    // As whoever merges sources does.
    batch.source.fill(9);
  };
  for (;;) {
    const { state, more } = source.poll(take);
    between();
    if (state !== 'capturing' && !more) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  source.close(take);
  const { state, failure, cpus, file } = source.stats();
  return {
    rows,
    digest: digest.digest('hex'),
    facts: [state, failure, cpus, file, [...source.processNames]],
    ahead: source.readsAhead,
  };
}

const clock = (line: number): string => new Date(line).toISOString().slice(11, 23);
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('');

const LOGS = {
  debugview: lines(120_000, (at) =>
    at % 1000 === 7
      ? `of two lines\r\n`
      : `${at + 1}\t${clock(at)}\t[${at % 9}] message ${at} ${'. '.repeat(at % 40)}\t\r\n`,
  ),
  plain: lines(
    90_000,
    (at) => `2026-11-28T10:00:00.${String(at % 1000).padStart(3, '0')} ERROR text ${'x'.repeat(at % 90)}\n`,
  ),
  // Processes are named, other ones by the same number later, and some records are broken.
  csv: `time,process,pid,message\n${lines(80_000, (at) =>
    at % 5000 === 99
      ? 'too,many,values,in,this,record\n'
      : `${at}.5,app${at >> 14}.exe,${at % 5},"text ${'y'.repeat(at % 70)}"\n`,
  )}`,
} as const;

describe('a thread that reads ahead', () => {
  it.each(['debugview', 'plain', 'csv'] as const)('reads what is read without it: %s', async (name) => {
    const path = written(`${name}.log`, LOGS[name]);
    const own = await readAll(path, {});
    expect(own.rows).toBeGreaterThan(70_000);
    expect(own.ahead).toBe(false);
    expect(await readAll(path, { aheadScript: script })).toEqual({ ...own, ahead: true });
  });

  it.each([
    ['ends at once', 'process.exit(1);'],
    ['throws', 'throw new Error("no");'],
    ['is no program', 'this is no program'],
    ['is not there', null],
  ])('that %s costs nothing but time', async (name, text) => {
    const path = written('some.log', LOGS.debugview);
    const broken = join(folder, `${name.replaceAll(' ', '-')}.mjs`);
    if (text !== null) writeFileSync(broken, text);
    expect(await readAll(path, { aheadScript: pathToFileURL(broken) })).toEqual(await readAll(path, {}));
  });

  it('from which nothing comes is given up', async () => {
    const path = written('some.log', LOGS.debugview);
    const idle = written('idle.mjs', 'setInterval(() => {}, 1000);');
    let ms = 0;
    const now = (): number => {
      ms += 1000;
      return ms;
    };
    const read = await readAll(path, { aheadScript: pathToFileURL(idle), milliseconds: now });
    expect(read).toEqual(await readAll(path, {}));
  });

  it('does not read another file that has got the name meanwhile', async () => {
    const path = written('moved.log', LOGS.debugview);
    const own = await readAll(path, {});
    let moved = false;
    const read = await readAll(path, { aheadScript: script }, () => {
      if (moved) return;
      moved = true;
      writeFileSync(`${path}.new`, LOGS.debugview.replaceAll('message', 'MESSAGE'));
      renameSync(`${path}.new`, path);
    });
    // The thread may have opened the file before; both are the file that was opened.
    expect([read.rows, read.digest]).toEqual([own.rows, own.digest]);
  });

  it('is left in the middle without a row twice, and others can be started', async () => {
    const path = written('left.log', LOGS.debugview.repeat(3));
    for (let round = 0; round < 20; round++) {
      const opened = openTextFile(path, { aheadScript: script });
      if (!opened.ok) throw new Error(opened.failure.message);
      const indices: number[] = [];
      const take = (batch: EntryBatch): void => void indices.push(...batch.index.subarray(0, batch.count));
      for (let polls = 0; polls < 2 + round; polls++) {
        opened.value.poll(take);
        await new Promise((resolve) => setImmediate(resolve));
      }
      opened.value.close(take);
      opened.value.close(take);
      expect(opened.value.poll(take).rows).toBe(0);
      expect(opened.value.readsAhead).toBe(true);
      expect(new Set(indices.slice(0, 100_000)).size).toBe(Math.min(100_000, indices.length));
    }
  });
});
