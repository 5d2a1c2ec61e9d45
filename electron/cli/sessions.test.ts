/** The command itself, as a process of its own: records, lists, renames, packs, opens what it packed, deletes. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../recording/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { Programs } from './test-support.ts';

const programs = new Programs('sessions');
const folder = mkdtempSync(join(tmpdir(), 'ringview-sessions-'));
const library = ['--library', join(folder, 'library')];

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(() => {
  programs.clean();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => programs.start(...args, ...library).ended;

describe('ringview capture --session and ringview sessions', () => {
  it('record, list, rename, pack, open and delete', async () => {
    expect(await run('sessions', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
    const name = programs.newName();
    const shape = ['--cpus', '3', '--rate', 'max', '--count', '90000', '--numbered', '--checksum', '--wait-reader'];
    const producer = programs.start('simulate', '--name', name, ...shape);
    const source = ['--source', `sim:${name}`, '--wait', '60'];
    const summary = join(folder, 'summary.json');
    const captured = await run('capture', ...source, '--session', 'boot 1', '--summary', summary);
    expect(captured).toMatchObject({ code: 0, stdout: '' });
    await producer.ended;
    expect(await run('capture', ...source, '--session', 'BOOT 1')).toMatchObject({ code: 2 });
    const [entry] = JSON.parse((await run('sessions', '--json')).stdout);
    expect(entry).toMatchObject({ name: 'boot 1', ended: 'ended', sources: [`sim:${name}`], pinned: false });
    expect(Object.keys(entry).slice(0, 6)).toEqual(['name', 'path', 'rows', 'lost', 'startedAt', 'ended']);
    const judged = judge(entry.path);
    expect(judged.rows).toBe(entry.rows);
    expect(judged.attempts.reduce((sum, each) => sum + each, 0)).toBe(90_000);

    expect(await run('sessions', 'rename', 'boot 1', 'boot 2')).toMatchObject({ code: 0 });
    const out = join(folder, 'sent.tar');
    expect(await run('sessions', 'pack', 'boot 2', '--out', out)).toMatchObject({ code: 0, stdout: `${out}\n` });
    expect(judge(out)).toEqual(judged);
    expect((await run('sessions')).stdout).toContain('boot 2');
    expect(await run('sessions', 'delete', 'boot 1')).toMatchObject({ code: 1 });
    expect(await run('sessions', 'delete', 'boot 2')).toMatchObject({ code: 0 });
    expect(existsSync(entry.path)).toBe(false);
    expect(await run('sessions', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  });
});
