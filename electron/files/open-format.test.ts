/** The history's files are an open format: a reader that shares no code with what wrote them finds every row in them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../contract/rows.ts';
import { ExportJob } from '../session/output/export-job.ts';
import { CSV_HEADER } from '../session/output/formats/csv.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry, gap, readCsv } from '../session/test-support.ts';
import { decodeUtf8 } from '../session/text/text.ts';
import { ensureOtherArrow } from '../setup/provide/other-arrow.mjs';
import { ArrowArchive } from './arrow-archive.ts';

const TINY = { memoryCapBytes: 60_000, segmentRows: 128, chunkBytes: 1024, segmentBytes: 8192 };
const ROWS = Array.from({ length: 5000 }, (_, i) =>
  i % 97 === 5
    ? gap(i, i % 4, i)
    : entry(i, i % 31 === 0 ? '' : `message ${i} für Gerät „${i % 7}“`, {
        timeNs: i * 1_000_003,
        cpu: i % 8,
        level: i % 5,
        pid: 4 * (i % 3),
        remarks: i % 11,
        source: i % 2,
      }),
);

/** In a process of its own: prints the columns of each file as JSON. */
const READER = `
import { readFileSync } from 'node:fs';
const { tableFromIPC } = await import(process.argv[1]);
const files = process.argv.slice(2).map((path) => {
  const table = tableFromIPC(readFileSync(path));
  const column = (name) => Array.from(table.getChild(name), Number);
  return {
    names: table.names,
    index: column('index'), time_ns: column('time_ns'), cpu: column('cpu'), level: column('level'), pid: column('pid'),
    remarks: column('remarks'), source: column('source'), kind: column('kind'),
    payload: Array.from(table.getChild('payload'), (bytes) => new TextDecoder().decode(bytes)),
  };
});
process.stdout.write(JSON.stringify(files));
`;

interface Columns extends Record<string, readonly (string | number)[]> {
  readonly payload: readonly string[];
}

async function withHistory(use: (store: SessionStore, folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-open-'));
  try {
    const store = new SessionStore({ ...TINY, archive: new ArrowArchive(folder, 100_000) });
    for (let i = 0; i < ROWS.length; i += 250) store.append(batchOf(ROWS.slice(i, i + 250)));
    await use(store, folder);
    store.clear();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a history that lies on disk for the most part', () => {
  it('is read by another implementation of Arrow, row for row', async ({ skip }) => {
    const other = await ensureOtherArrow();
    if (!other.ok) {
      if (process.env.CI === 'true') throw new Error(other.message);
      skip(other.message);
      return;
    }
    await withHistory((store, folder) => {
      const paths = readdirSync(folder)
        .sort()
        .map((name) => join(folder, name));
      expect(paths.length).toBeGreaterThan(2);
      const args = ['--input-type=module', '-e', READER, pathToFileURL(other.path).href, ...paths];
      const printed = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
      const files = JSON.parse(printed) as Columns[];
      const all = (name: string) => files.flatMap((file) => file[name] as readonly (string | number)[]);
      const rows = ROWS.slice(0, store.retention.diskRows);
      expect(rows.length).toBeGreaterThan(4000);
      expect(all('index')).toEqual(rows.map((row) => row.index));
      expect(all('time_ns')).toEqual(rows.map((row) => row.timeNs));
      for (const name of ['cpu', 'level', 'pid', 'remarks', 'source', 'kind'] as const)
        expect(all(name)).toEqual(rows.map((row) => row[name]));
      expect(all('payload')).toEqual(rows.map((row) => decodeUtf8(row.payload)));
    });
  });

  it('is exported complete and in order while it grows', async () => {
    await withHistory(async (store) => {
      expect(store.retention.diskRows).toBeGreaterThan(4000);
      const created = ExportJob.create(store, { format: 'csv', filter: SHOW_ALL, endRow: store.endRow, info: null });
      if (!created.ok) throw new Error(created.failure.message);
      let text = '';
      for (
        let part = await created.value.next(300);
        part.ok && part.value !== null;
        part = await created.value.next(300)
      ) {
        text += decodeUtf8(part.value);
        // What arrives meanwhile moves more to disk, and is not part of it.
        store.append(batchOf(ROWS.slice(0, 50)));
      }
      const [header, ...lines] = readCsv(text);
      expect(header?.join()).toBe(CSV_HEADER);
      expect(lines.map(([index]) => Number(index))).toEqual(ROWS.map((row) => row.index));
      expect(created.value.skippedRows).toBe(0);
      expect(created.value.writtenRows).toBe(ROWS.length);
    });
  });

  it('gives a part of itself as a part of the export', async () => {
    await withHistory(async (store) => {
      const created = ExportJob.create(store, {
        format: 'jsonl',
        filter: { ...SHOW_ALL, hiddenCpus: [0, 1, 2, 3] },
        firstRow: 1000,
        endRow: 3000,
        info: null,
      });
      if (!created.ok) throw new Error(created.failure.message);
      let text = '';
      for (let part = await created.value.next(); part.ok && part.value !== null; part = await created.value.next())
        text += decodeUtf8(part.value);
      const wanted = ROWS.slice(1000, 3000).filter((row) => row.cpu > 3);
      const read = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { index: number; pid: number });
      expect(read.map(({ index, pid }) => [index, pid])).toEqual(wanted.map((row) => [row.index, row.pid]));
    });
  });
});
