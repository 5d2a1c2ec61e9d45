/** The schemas of a page: those that the program uses, whoever has asked for them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { setSchemas } from '../../electron/session/text/schemas.ts';
import { startFixture } from '../test/app-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-page-schemas-'));

afterEach(() => {
  setSchemas([]);
  rmSync(folder, { recursive: true, force: true });
});

it('follow those that are named while the page is there', async () => {
  const { app, program } = await startFixture({});
  const path = join(folder, 'lab.json');
  const types = { 16: { name: 'lab', fields: [{ name: 'port', type: 'u16' }] } };
  writeFileSync(path, JSON.stringify({ ringview_schema: 1, types }));
  const added = () => app.schemas.store.getState().schemas.types.filter((type) => type.added);
  expect(added()).toEqual([]);
  program.schemas.use([path]);
  expect(added().map(({ name }) => name)).toEqual(['lab']);
  expect(app.schemas.store.getState().schemas.files.map(({ name }) => name)).toEqual(['lab.json']);
  program.schemas.remove(program.schemas.state.files[0]?.id ?? '');
  expect(added()).toEqual([]);
});
