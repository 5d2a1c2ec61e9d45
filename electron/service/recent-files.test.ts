/** What was opened lately is offered again: by a number of ours, whether it is still there or not. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../contract/channels.ts';
import { MOST_RECENT_FILES, type RecentFile } from '../contract/recent.ts';
import { newFolder, recordedFolder, removeFolders } from '../recording/test-support.ts';
import { FakeThreads } from '../session/test-support.ts';
import { RecentFiles } from './recent-files.ts';
import { startProgram, type TestProgram } from './test-support.ts';

const made: string[] = [];
const folder = newFolder(made);
const session = join(folder, 'boot.ringview');
const programs: TestProgram[] = [];
beforeAll(async () => {
  const recorded = newFolder(made);
  await recordedFolder(recorded, 32);
  cpSync(recorded, session, { recursive: true });
}, 120_000);
afterEach(() => {
  for (const program of programs.splice(0)) program.end();
});
afterAll(() => removeFolders(made));

/** A program whose person opens these by the dialog. */
async function opened(...names: readonly string[]): Promise<TestProgram> {
  for (const name of names) if (name.endsWith('.txt')) writeFileSync(join(folder, name), 'a line\n');
  const paths = names.map((name) => join(folder, name));
  const program = startProgram({ scanner: new FakeThreads().pool, files: () => paths });
  programs.push(program);
  expect(await program.calls.answer('workspace.openFiles', null)).toMatchObject({ ok: true });
  return program;
}

async function listed(program: TestProgram): Promise<readonly RecentFile[]> {
  const answer = (await program.calls.answer('recent.list', null)) as Answer<'recent.list'>;
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

describe('files that were opened lately', () => {
  it('are listed, newest first, with recorded sessions among them, and open again by their numbers', async () => {
    const program = await opened('a.txt', 'boot.ringview');
    const files = await listed(program);
    expect(files).toMatchObject([
      { name: 'boot.ringview', place: folder, recorded: true, missing: false },
      { name: 'a.txt', place: folder, recorded: false, missing: false },
    ]);
    const answer = await program.calls.answer('recent.open', { id: files[1]?.id as string });
    expect(answer).toMatchObject({ ok: true });
    expect(program.service.workspace.layout.at(-1)?.name).toContain('a.txt');
    expect((await listed(program)).map(({ name }) => name)).toEqual(['a.txt', 'boot.ringview']);
  });

  it('are said to be missing once they are gone, and are taken off the list only by a person', async () => {
    const program = await opened('gone.txt');
    rmSync(join(folder, 'gone.txt'));
    const [file] = await listed(program);
    expect(file).toMatchObject({ name: 'gone.txt', missing: true });
    const id = file?.id as string;
    expect(await program.calls.answer('recent.open', { id })).toMatchObject({
      ok: false,
      failure: { code: 'source-not-found', message: expect.stringContaining('gone.txt') },
    });
    expect(await listed(program)).toHaveLength(1);
    expect((await program.calls.answer('recent.forget', { id })).ok).toBe(true);
    expect(await listed(program)).toEqual([]);
  });

  it('cannot be named by a path, and nothing else can be opened by a number', async () => {
    const program = await opened('a.txt');
    for (const id of ['/etc/passwd', join(folder, 'a.txt'), 'a.txt', '..', '0123456789ABCDEF'])
      expect(await program.calls.answer('recent.open', { id })).toMatchObject({
        ok: false,
        failure: { code: 'bad-argument' },
      });
    expect(await program.calls.answer('recent.open', { id: '0123456789abcdef' })).toMatchObject({
      ok: false,
      failure: { code: 'source-not-found' },
    });
  });

  it('are as many as the list has room for, each once', () => {
    let paths: readonly string[] = [];
    const recent = new RecentFiles({
      paths: () => paths,
      change: (change) => {
        paths = change(paths);
      },
      exists: async () => true,
    });
    for (let n = 0; n < 40; n++) recent.note(`/logs/${n % 30}.txt`);
    expect(paths).toHaveLength(MOST_RECENT_FILES);
    expect(paths[0]).toBe('/logs/9.txt');
    expect(new Set(paths).size).toBe(paths.length);
  });
});
