/**
 * A session's files are an open format: a reader that shares no code with what wrote them finds every row in them, also
 * where a program was killed in the middle of a write.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { SessionStore } from '../session/store/store.ts';
import { batchOf } from '../session/test-support.ts';
import { decodeUtf8 } from '../session/text/text.ts';
import { ensureOtherArrow } from '../setup/provide/other-arrow.mjs';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import { DirectWriter, newFolder, removeFolders, someRows, TINY } from './test-support.ts';

const made: string[] = [];
afterAll(() => removeFolders(made));

/** In a process of its own: reads each stream up to its last whole batch and prints its columns as JSON. */
const READER = `
import { readFileSync } from 'node:fs';
const { tableFromIPC } = await import(process.argv[1]);
/** Where each whole message of a stream ends: a mark, the length of its description, and in that the length of its body. */
function wholeMessages(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 8 <= bytes.length && view.getUint32(at, true) === 0xffffffff) {
    const length = view.getInt32(at + 4, true);
    if (length === 0) break;
    const head = at + 8;
    const table = head + view.getUint32(head, true);
    const list = table - view.getInt32(table, true);
    const field = view.getUint16(list, true) > 10 ? view.getUint16(list + 10, true) : 0;
    const body = field === 0 ? 0 : Number(view.getBigInt64(table + field, true));
    if (head + length + body > bytes.length) break;
    at = head + length + body;
  }
  return bytes.subarray(0, at);
}
const files = process.argv.slice(2).map((path) => {
  const table = tableFromIPC(wholeMessages(readFileSync(path)));
  const column = (name) => Array.from(table.getChild(name), Number);
  return {
    index: column('index'), time_ns: column('time_ns'), cpu: column('cpu'), level: column('level'), pid: column('pid'),
    remarks: column('remarks'), source: column('source'), kind: column('kind'), flags: column('flags'),
    payload: Array.from(table.getChild('payload'), (bytes) => new TextDecoder().decode(bytes)),
  };
});
process.stdout.write(JSON.stringify(files));
`;

async function record(rows: number, finish: boolean): Promise<string> {
  const folder = newFolder(made);
  const recorder = new SessionRecorder(new DirectWriter({ folder, fileBytes: 20_000 }), { folder, unixMs: () => 0 });
  const store = new SessionStore({ ...TINY, archive: recorder.archive });
  recorder.attach(store);
  for (let given = 0; given < rows; given += 10) {
    store.append(batchOf(someRows(10, given)));
    recorder.tick(given * TAIL_MS);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  if (finish) expect(await recorder.finish('stopped')).toBeNull();
  return folder;
}

/** Of the whole segments, and then of the tail that goes on behind them. */
function streamsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.arrows'));
  const tails = names.filter((name) => name.startsWith('tail-')).sort();
  return [...names.filter((name) => name.startsWith('rows-')).sort(), ...tails.slice(-1)].map((name) =>
    join(folder, name),
  );
}

type Columns = Record<string, (string | number)[]>;

describe('the files of a session', () => {
  it('are read by another implementation of Arrow, row for row, also while they are written and after a cut', async ({
    skip,
  }) => {
    const other = await ensureOtherArrow();
    if (!other.ok) {
      if (process.env.CI === 'true') throw new Error(other.message);
      skip(other.message);
      return;
    }
    const readBy = (paths: readonly string[]): Columns => {
      const args = ['--input-type=module', '-e', READER, pathToFileURL(other.path).href, ...paths];
      const files = JSON.parse(
        execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 }),
      ) as Columns[];
      const names = Object.keys(files[0] as Columns);
      return Object.fromEntries(
        names.map((name) => [name, files.flatMap((file) => file[name] as (string | number)[])]),
      );
    };
    const wanted = (count: number): Columns => {
      const rows = someRows(count);
      const names = ['cpu', 'level', 'pid', 'remarks', 'source', 'kind', 'flags', 'index'] as const;
      return {
        ...Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])),
        time_ns: rows.map((row) => row.timeNs),
        payload: rows.map((row) => decodeUtf8(row.payload)),
      };
    };
    expect(readBy(streamsIn(await record(400, true)))).toEqual(wanted(400));
    const killed = await record(400, false);
    expect(readBy(streamsIn(killed))).toEqual(wanted(400));
    const last = streamsIn(killed).at(-1) as string;
    truncateSync(last, statSync(last).size - 3);
    const left = readBy(streamsIn(killed));
    const count = left.index?.length ?? 0;
    expect(count).toBeGreaterThan(380);
    expect(count).toBeLessThan(400);
    expect(left).toEqual(wanted(count));
  });
});
