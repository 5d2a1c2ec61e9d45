import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processRuns, removeFolder, sessionFolder } from './session-folder.ts';

it('removes what ended processes left, and nothing that is in use or not its own', () => {
  const parent = mkdtempSync(join(tmpdir(), 'ringview-sessions-'));
  for (const name of ['session-11', 'session-12', 'session-13', 'session-x', 'other']) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'history-0001.arrow'), 'x');
  }
  const reports: string[] = [];
  const own = sessionFolder(
    parent,
    (message) => reports.push(message),
    13,
    (pid) => pid === 12,
  );
  expect(own).toBe(join(parent, 'session-13'));
  expect(readdirSync(parent).sort()).toEqual(['other', 'session-12', 'session-x']);
  removeFolder(join(parent, 'session-12'), (message) => reports.push(message));
  expect(existsSync(join(parent, 'session-12'))).toBe(false);
  expect(reports).toEqual([]);
  rmSync(parent, { recursive: true });
});

it('reports a place it cannot use, and goes on', () => {
  const parent = mkdtempSync(join(tmpdir(), 'ringview-sessions-'));
  const file = join(parent, 'file');
  writeFileSync(file, '');
  const reports: string[] = [];
  expect(sessionFolder(file, (message) => reports.push(message), 7)).toBe(join(file, 'session-7'));
  expect(reports).toHaveLength(1);
  rmSync(parent, { recursive: true });
});

it('knows that this process runs', () => {
  expect(processRuns(process.pid)).toBe(true);
});
