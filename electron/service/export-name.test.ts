/** The name that a person gives a file says its format, whatever the menu said before. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FakeThreads } from '../session/test-support.ts';
import { startProgram } from './test-support.ts';

let name = 'warnings.csv';
const program = startProgram({ scanner: new FakeThreads(1).pool, choose: (folder) => join(folder, name) });
afterAll(() => program.end());

it.each([
  ['warnings.csv', 'text', /^"?index"?,/],
  ['warnings.jsonl', 'csv', /^\{"index":/],
  ['warnings.of-mine', 'csv', /^"?index"?,/],
] as const)('%s is written as it is called, or as %s where its name says nothing', async (called, format, begins) => {
  name = called;
  await program.until(() => program.session.store.rowCount === 2000);
  const { calls } = program;
  const { generation } = program.view.log;
  const exported = await calls.answer('view.export', {
    ...{ view: 1, range: { generation, first: 3, last: 9 }, scope: 'selection', format },
    options: { losses: true, spreadsheetSafe: true },
  });
  if (!exported.ok || exported.value === null) throw new Error('nothing was exported');
  await program.until(() => program.exports.count === 0);
  expect(readFileSync(exported.value.path, 'utf8')).toMatch(begins);
});

it('shows the file of an export that is done, none that the page could name, and no window for each of many calls', async () => {
  const { calls, told } = program;
  const { generation } = program.view.log;
  const exported = await calls.answer('view.export', {
    ...{ view: 1, range: { generation, first: 3, last: 9 }, scope: 'selection', format: 'csv' },
    options: { losses: true, spreadsheetSafe: true },
  });
  if (!exported.ok || exported.value === null) throw new Error('nothing was exported');
  const { id, path } = exported.value;
  await program.until(() => program.exports.count === 0);
  for (const asked of [id + 1, id, id]) await calls.answer('export.show', { id: asked });
  expect(told.shown).toEqual([path]);
});
