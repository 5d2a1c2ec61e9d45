import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openSource } from '../../native/sources/open.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { FileFields } from './file-fields.ts';

const made: string[] = [];
const opened: LogSource[] = [];
afterEach(() => {
  for (const source of opened.splice(0)) source.close(() => {});
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function open(files: FileFields, session: number, spec: string): void {
  const result = files.note(session, spec, openSource(spec));
  if (!result.ok) throw new Error(result.failure.message);
  opened.push(result.value);
  while (result.value.poll(() => {}).state === 'capturing');
}

it('knows which fields a file has not once it was read, and of everything else that it has all', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-fields-'));
  made.push(folder);
  const path = join(folder, 'plain.log');
  writeFileSync(path, '2026-03-09 12:00:00.000 hello\n2026-03-09 12:00:01.000 there\n');
  const files = new FileFields();
  open(files, 3, `file:${path}`);
  const { lacks } = files.of(3, `file:${path}`);
  expect([...lacks]).toEqual(expect.arrayContaining(['cpu', 'pid', 'level', 'remarks']));
  expect(lacks.has('time')).toBe(false);
  for (const [session, spec] of [
    [3, 'sim:lab'],
    [4, `file:${path}`],
    [3, null],
  ] as const)
    expect(files.of(session, spec).lacks.size).toBe(0);
  files.keep([{ id: 4 }]);
  expect(files.of(3, `file:${path}`).lacks.size).toBe(0);
});
