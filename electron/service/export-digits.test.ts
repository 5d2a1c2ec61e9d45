/** Text that can be opened again keeps its nanoseconds, whatever the table has room for; what is copied is what is shown. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { unpack } from '../contract/packed.ts';
import { FakeThreads } from '../session/test-support.ts';
import { startProgram } from './test-support.ts';

const program = startProgram({ scanner: new FakeThreads(1).pool, choose: (folder) => join(folder, 'log.txt') });
afterAll(() => program.end());

it('exports text with all digits of the times that the table shows to the millisecond', async () => {
  await program.until(() => program.session.store.rowCount === 2000);
  const { calls } = program;
  const { generation } = program.view.log;
  const times = { kind: 'elapsed', digits: 'ms', delta: 'row' } as const;
  const request = {
    view: 1,
    range: { generation, first: 3, last: 9 },
    options: { losses: true, spreadsheetSafe: true, times },
  };
  const exported = await calls.answer('view.export', { ...request, scope: 'selection', format: 'text' });
  if (!exported.ok || exported.value === null) throw new Error('nothing was exported');
  await program.until(() => program.exports.count === 0);
  const lines = readFileSync(exported.value.path, 'utf8').trimEnd().split('\n').slice(1);
  const reply = await calls.answer('view.rows', { view: 1, generation, first: 3, count: 7 });
  if (!reply.ok) throw new Error(reply.failure.message);
  const { rows } = unpack(reply.value);
  const fields = lines.map((line) => line.split('\t').map((field) => field.trim()));
  expect(fields.map(([, time]) => time)).toEqual(rows.map(({ timeNs }) => (timeNs / 1e9).toFixed(9)));
  expect(fields.map(([, , delta]) => delta)).toEqual(
    rows.map(({ deltaNs }) => `+${((deltaNs ?? 0) / 1e9).toFixed(9)}`),
  );
  await calls.answer('view.copy', { ...request, format: 'text' });
  expect(program.told.clipboard.split('\t')[1]?.trim()).toMatch(/^\d+\.\d{3}$/);
});
