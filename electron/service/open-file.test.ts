import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../native/core/result.ts';
import { zipOf } from '../../native/sources/zip/test-support.ts';
import { FakeThreads } from '../session/test-support.ts';
import { fileSource, openNamed, pathOpener, remembering, specsOf } from './open-file.ts';
import { openRecorded } from './open-recorded.ts';
import { startProgram, type TestProgram } from './test-support.ts';

let program: TestProgram | null = null;
afterEach(() => program?.end());

const LINES = Array.from({ length: 500 }, (_, n) => `line ${n}`).join('\n');
const ZIP = zipOf([
  { name: 'a.txt', data: LINES },
  { name: 'sub/b.txt', data: LINES },
]);

/** A program whose person chooses these files, in turn. */
function choosing(...choices: (readonly string[])[]): TestProgram {
  program = startProgram({
    scanner: new FakeThreads().pool,
    files: (folder, question) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'a.txt'), LINES);
      writeFileSync(join(folder, 'b.txt.gz'), gzipSync(LINES));
      writeFileSync(join(folder, 'logs.zip'), ZIP);
      return (choices[question] ?? []).map((name) => join(folder, name));
    },
  });
  return program;
}

describe('opening files', () => {
  it('gives each a session of its own beside what is captured', async () => {
    const { calls, service, until } = choosing(['a.txt', 'b.txt.gz']);
    const answer = await calls.answer('workspace.openFiles', null);
    expect(answer).toEqual({ ok: true, value: { session: 3, view: 3 } });
    const { workspace } = service;
    await until(() => workspace.openSessions.slice(1).every(({ session }) => session.store.rowCount === 500));
    expect(workspace.layout.map(({ name }) => name)).toEqual([
      'sim:demo',
      expect.stringContaining('a.txt'),
      expect.stringContaining('b.txt.gz'),
    ]);
    const rows = workspace.openViews[2]?.log.rows(0, 2).rows.map(({ text }) => text);
    expect(rows).toEqual(['line 0', 'line 1']);
    expect(program?.session.isCapturing).toBe(true);
  });

  it('gives each log of a zip file a session of its own, and the file one place among those opened lately', async () => {
    const { calls, service, until } = choosing(['logs.zip']);
    expect(await calls.answer('workspace.openFiles', null)).toEqual({ ok: true, value: { session: 3, view: 3 } });
    const { workspace } = service;
    await until(() => workspace.openSessions.slice(1).every(({ session }) => session.store.rowCount === 500));
    expect(workspace.layout.map(({ name }) => name)).toEqual([
      'sim:demo',
      expect.stringContaining('logs.zip/a.txt'),
      expect.stringContaining('logs.zip/sub/b.txt'),
    ]);
    expect(await calls.answer('recent.list', null)).toMatchObject({ ok: true, value: [{ name: 'logs.zip' }] });
  });

  it('opens the logs of a zip file beside those of a session', () => {
    choosing();
    const { folder } = program as TestProgram;
    writeFileSync(join(folder, 'logs.zip'), ZIP);
    expect(specsOf(join(folder, 'logs.zip'))).toEqual({
      ok: true,
      value: ['a.txt', 'sub/b.txt'].map((name) => fileSource(`${join(folder, 'logs.zip')}/${name}`)),
    });
  });

  it('uses a session that has nothing yet', async () => {
    const { calls, service } = choosing(['a.txt']);
    await calls.answer('workspace.closeSession', { session: 1 });
    expect(await calls.answer('workspace.openFiles', null)).toEqual({ ok: true, value: { session: 2, view: 2 } });
    expect(service.workspace.openSessions).toHaveLength(1);
  });

  it('leaves no session of a file that cannot be opened, says why, and opens the others', async () => {
    const { calls, service } = choosing(['nowhere.txt', 'a.txt'], []);
    const answer = await calls.answer('workspace.openFiles', null);
    expect(answer).toMatchObject({ ok: false, failure: { message: expect.stringContaining('nowhere.txt') } });
    expect(service.workspace.openSessions).toHaveLength(2);
    expect(await calls.answer('workspace.openFiles', null)).toEqual({ ok: true, value: null });
  });

  it('takes no path from a page', async () => {
    const { calls, told } = choosing();
    const answer = await calls.answer('workspace.openFiles', { path: '/etc/passwd' });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    const source = await calls.answer('session.start', { session: 1, source: 'file:/etc/passwd' });
    expect(source).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(told.files).toBe(0);
  });
});

describe('what a command line names', () => {
  /** Opens it, and says in which session and how. */
  async function opened(name: string, workspace: TestProgram['service']['workspace']) {
    const asked: string[] = [];
    const answer = await openNamed(
      workspace,
      name,
      async (session, source, how) => {
        const id = workspace.openSessions.find((each) => each.session === session)?.id;
        asked.push(`${id} ${source} ${how}`);
        return how === 'alone' ? session.start(source) : session.add(source);
      },
      pathOpener(workspace, {
        open: async (session, source) => {
          const id = workspace.openSessions.find((each) => each.session === session)?.id;
          asked.push(`${id} ${source} alone`);
          return session.start(source);
        },
        openRecording: (path) => openRecorded(workspace, path, { now: () => 0, writing: () => {}, damaged: () => {} }),
        opened: (path) => asked.push(`opened ${path}`),
      }),
    );
    return { asked, answer };
  }

  it('is opened beside the sources of the first session, unless it is a file, which has one of its own', async () => {
    const { service } = choosing();
    const { workspace } = service;
    workspace.openSession();
    expect((await opened('sim:gone', workspace)).asked).toEqual(['1 sim:gone beside']);
    // The second has nothing yet; the file is nowhere, so that it stays so.
    const { asked, answer } = await opened(fileSource('/nowhere.txt'), workspace);
    expect([asked, answer.ok]).toEqual([['2 file:/nowhere.txt alone'], false]);
    expect(workspace.openSessions).toHaveLength(2);
  });

  it('is read as a recording by the name of its folder, without a source being opened', async () => {
    const { service } = choosing();
    const { asked, answer } = await opened(fileSource('/nowhere/a.ringview'), service.workspace);
    expect([asked, answer.ok]).toEqual([[], false]);
    expect(service.workspace.openSessions).toHaveLength(1);
  });
});

describe('what is remembered', () => {
  it('is what was opened and may be named by a page, without blanks around it', async () => {
    const { session } = choosing();
    const kept: string[] = [];
    const open = remembering(
      async (_session, source) =>
        source.includes('gone') ? fail('source-not-found', 'it is gone', 'Start it') : ok(session.sourceInfo as never),
      (source, how) => kept.push(`${source} ${how}`),
    );
    for (const source of [' sim:a ', 'sim:gone', 'file:/etc/passwd', '-']) await open(session, source, 'alone');
    await open(session, 'dbwin:', 'beside');
    expect(kept).toEqual(['sim:a alone', 'dbwin: beside']);
  });
});
