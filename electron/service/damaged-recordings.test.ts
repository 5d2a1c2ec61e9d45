/** A recorded session that is damaged says so in the app, whichever way it was opened. */
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newFolder, recordedFolder, removeFolders } from '../recording/test-support.ts';
import type { Session } from '../session/ingest/session.ts';
import { FakeThreads } from '../session/test-support.ts';
import { damageNotice } from './damage-notice.ts';
import { fileSource, openNamed } from './open-file.ts';
import { startProgram, type TestProgram } from './test-support.ts';

const made: string[] = [];
const whole = newFolder(made);
const programs: TestProgram[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.end();
});
beforeAll(() => recordedFolder(whole, 320), 120_000);
afterAll(() => removeFolders(made));

/** A program, and a session of 320 rows in its library; `harm` is done to the session's folder. */
function withDamaged(harm: (folder: string) => void) {
  let path = '';
  const program = startProgram({ scanner: new FakeThreads().pool, files: () => [path] });
  programs.push(program);
  const id = 'lab-7';
  mkdirSync(program.sessions.folder, { recursive: true });
  path = join(program.sessions.folder, `${id}.ringview`);
  cpSync(whole, path, { recursive: true });
  harm(path);
  return { program, path, id };
}

const rowsFiles = (folder: string): string[] => readdirSync(folder).filter((name) => /^rows-.*\.arrows$/.test(name));

/** Takes away the second of its files of rows. */
function takeAway(folder: string): void {
  rmSync(join(folder, rowsFiles(folder)[1] as string));
}

const WAYS = {
  'the dialog for files': ({ calls }: TestProgram) => calls.answer('workspace.openFiles', null),
  'the list of sessions': ({ calls }: TestProgram, id: string) => calls.answer('library.open', { id }),
  'the command line': ({ service, library }: TestProgram, _: string, path: string) =>
    openNamed(
      service.workspace,
      fileSource(path),
      async () => {
        throw new Error('a recording is no source');
      },
      async (named) => library.openPath(service.workspace, named),
    ),
} as const;

describe('a damaged session that is opened', () => {
  for (const [way, open] of Object.entries(WAYS)) {
    it(`by ${way} tells which file is damaged, how many rows were kept and how many are missing`, async () => {
      const { program, path, id } = withDamaged(takeAway);
      expect(await open(program, id, path)).toMatchObject({ ok: true });
      await program.until(() => program.notices.length > 0);
      const [notice] = program.notices;
      expect(program.notices).toHaveLength(1);
      expect(notice?.message).toContain(basename(path));
      expect(notice?.message).toMatch(/the rows \d+ to \d+ are in none of its files/);
      const [, kept, missing] = /\((\d+) rows are kept, (\d+) rows are missing\)/.exec(notice?.message ?? '') ?? [];
      expect(Number(kept) + Number(missing)).toBe(320);
      expect(Number(missing)).toBeGreaterThan(0);
      expect(program.lines.join()).toContain('in none of its files');
    });
  }

  it('whole and without a damage tells nothing', async () => {
    const { program } = withDamaged(() => {});
    await program.calls.answer('workspace.openFiles', null);
    const [, opened] = program.service.workspace.openSessions;
    await program.whole(opened?.session as Session);
    expect(program.notices).toEqual([]);
  });

  it('tells a damage that shows only when somebody looks at the rows', async () => {
    const { program } = withDamaged((folder) => {
      const descriptor = openSync(join(folder, rowsFiles(folder)[0] as string), 'r+');
      writeSync(descriptor, new Uint8Array(64).fill(255), 0, 64, 4000);
      closeSync(descriptor);
    });
    const answer = await program.calls.answer('workspace.openFiles', null);
    const [, opened] = program.service.workspace.openSessions;
    expect(answer.ok).toBe(true);
    await program.whole(opened?.session as Session);
    expect(program.notices).toEqual([]);
    const store = opened?.session.store;
    for (let row = 0; row < 320; row++) store?.segmentOf(row);
    expect(program.notices).toMatchObject([{ message: expect.stringContaining('not those that were written') }]);
  });
});

describe('what is told of damages', () => {
  it('names the first few and counts the others', () => {
    const notice = damageNotice({ path: '/x/a.ringview', damages: ['a', 'b', 'c', 'd', 'e'], kept: 1, missing: 0 });
    expect(notice.message).toBe(
      '/x/a.ringview is damaged: a; b; c; and 2 more (1 row is kept, none is known to be missing)',
    );
  });
});
