/** Files of schemas in a running program: chosen, used by rows that are there, listed with what is wrong, taken away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../contract/rows.ts';
import { createScanThreads } from '../scan/threads.ts';
import { WHOLE } from '../session/store/slice.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { setSchemas } from '../session/text/schemas.ts';
import { LogView } from '../session/view/view.ts';
import { ensureBuild } from '../setup/build.mjs';
import { SchemaFiles } from './schema-files.ts';

const schemaOf = (type: number, name: string): string =>
  JSON.stringify({
    ringview_schema: 1,
    types: { [type]: { name, message: 'to port {port}', fields: [{ name: 'port', type: 'u16' }] } },
  });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-schemas-'));
});
afterEach(() => {
  setSchemas([]);
  rmSync(folder, { recursive: true, force: true });
});

function filesOf(chosen: () => readonly string[]) {
  let paths: readonly string[] = [];
  let changes = 0;
  const files = new SchemaFiles({
    paths: () => paths,
    change: (change) => {
      paths = change(paths);
    },
    askForFiles: async () => chosen(),
    changed: () => changes++,
  });
  return { files, paths: () => paths, changes: () => changes };
}

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('files of schemas', () => {
  it('are remembered, and listed with their types or what is wrong, and never by their paths', async () => {
    const chosen = [
      put('a.json', schemaOf(16, 'tcp')),
      put('b.json', '{"ringview_schema": 1,\n"x": 1}'),
      put('c.json', schemaOf(16, 'other')),
    ];
    const { files, paths } = filesOf(() => chosen);
    const state = await files.add();
    expect(paths()).toEqual(chosen);
    expect(state?.files.map(({ name, types, problem }) => ({ name, types, problem }))).toEqual([
      { name: 'a.json', types: [{ type: 16, name: 'tcp' }], problem: null },
      { name: 'b.json', types: [], problem: expect.stringMatching(/^line 2: 'x' is not known here/) },
      { name: 'c.json', types: [], problem: "The type 16 of 'schema' is described by 'schema' already" },
    ]);
    expect(JSON.stringify(state)).not.toContain(folder);
    expect(state?.types.filter(({ added }) => added).map(({ name }) => name)).toEqual(['tcp']);
    const [first, second] = state?.files ?? [];
    files.remove(second?.id ?? '');
    files.remove(first?.id ?? '');
    // What stood in its way is gone.
    expect(files.state.files.map(({ name, problem }) => ({ name, problem }))).toEqual([
      { name: 'c.json', problem: null },
    ]);
  });

  it('that were changed count once they are read again, and nothing is told where nothing did', async () => {
    const path = put('a.json', schemaOf(16, 'tcp'));
    const { files, changes } = filesOf(() => [path]);
    await files.add();
    files.load();
    expect(changes()).toBe(1);
    writeFileSync(path, schemaOf(17, 'udp'));
    expect(files.load().files[0]?.types).toEqual([{ type: 17, name: 'udp' }]);
    expect(changes()).toBe(2);
    rmSync(path);
    expect(files.load().files[0]?.problem).toContain('a.json could not be read');
    expect(changes()).toBe(3);
  });

  it('that were named at a start are used until the end, before those that are remembered, and can be taken away', async () => {
    const remembered = put('a.json', schemaOf(16, 'tcp'));
    const named = [put('b.json', schemaOf(16, 'other')), put('c.json', schemaOf(17, 'udp'))];
    const { files, paths, changes } = filesOf(() => [remembered]);
    await files.add();
    const used = files.use(named);
    expect(used.files.map(({ name, problem }) => [name, problem])).toEqual([
      ['b.json', null],
      ['c.json', null],
      ['a.json', "The type 16 of 'schema' is described by 'schema' already"],
    ]);
    expect([paths(), files.untilTheEnd, changes()]).toEqual([[remembered], named, 2]);
    // Once is enough, and the last one that was named comes first.
    expect(files.use([named[1] ?? '']).files.map(({ name }) => name)).toEqual(['c.json', 'b.json', 'a.json']);
    files.remove(used.files[0]?.id ?? '');
    expect(files.state.files.map(({ name, problem }) => [name, problem])).toEqual([
      ['c.json', null],
      ['a.json', null],
    ]);
    expect([paths(), files.untilTheEnd]).toEqual([[remembered], [named[1]]]);
  });

  it('change nothing where the question was dismissed', async () => {
    const { files, changes } = filesOf(() => []);
    expect(await files.add()).toBeNull();
    expect(changes()).toBe(0);
  });
});

describe('a view of rows that are there already', () => {
  const rows = batchOf([
    entry(0, '', { type: 16, payload: Uint8Array.of(0xbb, 1) }),
    entry(1, 'port:443'),
    entry(2, '', { type: 16, payload: Uint8Array.of(80, 0) }),
  ]);

  it('tells them anew with each change, and its filter means what it means then', async () => {
    expect(await ensureBuild(['main'])).toMatchObject({ ok: true });
    const path = put('a.json', schemaOf(16, 'tcp'));
    const { files } = filesOf(() => [path]);
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    store.append(rows);
    const threads = createScanThreads({
      threads: 1,
      script: new URL('../../dist/main/scan-worker.js', import.meta.url),
    });
    let told = (): void => {};
    const view = new LogView(store, null);
    const searched = new LogView(store, threads, () => told());
    const texts = (of: LogView): string[] => of.rows(0, 10).rows.map(({ text }) => text);
    const settled = async (): Promise<string[]> => {
      while (searched.advance(WHOLE) || searched.scan !== null) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
      return texts(searched);
    };
    view.advance(WHOLE);
    expect(texts(view)).toEqual(['0xbb01', 'port:443', '0x5000']);
    searched.setFilter({ ...SHOW_ALL, terms: { text: 'port:443', caseSensitive: false } });
    expect(await settled()).toEqual(['port:443']);
    const { generation } = view;
    await files.add();
    view.advance(WHOLE);
    expect(view.generation).toBe(generation + 1);
    expect(texts(view)).toEqual(['to port 443', 'port:443', 'to port 80']);
    expect(await settled()).toEqual(['to port 443']);
    searched.setFilter({ ...SHOW_ALL, terms: { text: '"port 80"', caseSensitive: false } });
    expect(await settled()).toEqual(['to port 80']);
    files.remove(files.state.files[0]?.id ?? '');
    expect(await settled()).toEqual([]);
    threads.close();
  });
});
