/** The app's live sessions are recorded as they come, and what became of a recording can be looked at, kept and sent. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../native/core/result.ts';
import { DEFAULT_LIBRARY, type RecordedSession } from '../contract/library.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import { SessionLibrary } from '../recording/library.ts';
import { answerOf } from '../recording/library-host.ts';
import { openSession } from '../recording/opened-session.ts';
import { allRows } from '../recording/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { Library } from './library.ts';
import {
  builtThreads,
  endedPrograms,
  killedCopy,
  type ProgramOptions,
  recordingsOf,
  reply,
  sessionOf,
  type TestProgram,
} from './test-support.ts';

const start = endedPrograms({ scanner: builtThreads(1, ensureBuild), record: true });

async function listed(program: TestProgram): Promise<readonly RecordedSession[]> {
  return (await reply(program, 'library.list', null)).sessions;
}

/** Rows of the first session once `count` of them are there. */
async function rowsThere(program: TestProgram, count: number): Promise<void> {
  await program.until(() => program.session.store.rowCount === count);
}

describe('a live session of the app', () => {
  it('is recorded from its first row on, and whole once the program has ended', async () => {
    const program = start();
    await rowsThere(program, 2000);
    expect(program.session.status(0).retention.recording?.failure).toBeNull();
    const rows = allRows(program.session.store);
    const [recorded] = await listed(program);
    expect(recorded).toMatchObject({ ended: null });
    await program.quit();
    const [left] = await listed(program);
    expect(left).toMatchObject({ id: recorded?.id, rows: 2000, ended: 'stopped', sources: ['sim:demo'], damages: [] });
    const opened = await reply(program, 'library.open', { id: left?.id as string });
    const session = sessionOf(program, opened.session);
    await program.whole(session);
    expect(allRows(session.store)).toEqual(rows);
    expect(program.troubles).toEqual([]);
  });

  it('has its rows on the disk once, and none in the folder for what memory has no room for', async () => {
    const program = start();
    await rowsThere(program, 2000);
    expect(program.session.store.retention.place).toBe(recordingsOf(program)[0]);
    expect(readdirSync(program.folder).filter((name) => name.startsWith('history'))).toEqual([]);
  });

  it('begins another recording when a person clears it, and keeps the one before with all its rows', async () => {
    const program = start();
    await rowsThere(program, 2000);
    await reply(program, 'session.clear', { session: 1 });
    program.feed(500);
    await rowsThere(program, 500);
    await program.quit();
    const sessions = await listed(program);
    expect(sessions.map(({ rows, ended }) => [rows, ended]).sort()).toEqual([
      [2000, 'stopped'],
      [500, 'stopped'],
    ]);
    expect(new Set(sessions.map(({ name }) => name)).size).toBe(2);
  });

  it('keeps nothing of a log without a row, however often it is cleared', async () => {
    const program = start();
    await rowsThere(program, 2000);
    for (let n = 0; n < 5; n++) await reply(program, 'session.clear', { session: 1 });
    await program.recordings.ended();
    await program.quit();
    expect((await listed(program)).map(({ rows }) => rows)).toEqual([2000]);
    expect(readdirSync(program.sessions.folder)).toHaveLength(1);
    // Of the others nobody need look through the library.
    expect(program.told.recordings).toBe(1);
  });

  it('forgets in its recording what a program that logs asks to be forgotten', async () => {
    const program = start();
    await rowsThere(program, 2000);
    program.session.clear('source');
    program.feed(100);
    await rowsThere(program, 100);
    await program.quit();
    expect((await listed(program)).map(({ rows }) => rows)).toEqual([100]);
  });

  it('is recorded in no folder where that is switched off, and from the next clear on where it is switched on', async () => {
    const program = start({ record: false });
    await rowsThere(program, 2000);
    expect(program.session.status(0).retention.recording).toBeNull();
    expect(existsSync(program.sessions.folder)).toBe(false);
    const { settings } = await reply(program, 'library.list', null);
    await reply(program, 'library.setSettings', { settings: { ...settings, record: true } });
    await reply(program, 'session.clear', { session: 1 });
    program.feed(30);
    await rowsThere(program, 30);
    expect(program.session.status(0).retention.recording).not.toBeNull();
    await program.quit();
    expect((await listed(program)).map(({ rows }) => rows)).toEqual([30]);
  });

  it('has the rows its policy keeps in the recording, by rows and by bytes, and gives the disk back what it drops', async () => {
    const program = start();
    await rowsThere(program, 2000);
    const { store } = program.session;
    const settings = { memoryCapBytes: 64 * 1024 ** 2, policy: { keep: 'rows', rows: 100_000 } as const };
    await reply(program, 'session.setRetention', { session: 1, settings });
    let fed = 2000;
    while (fed < 700_000) {
      program.feed(50_000);
      fed += 50_000;
      await program.until(() => store.endRow === fed);
    }
    // At most a segment more than asked for.
    expect(store.rowCount).toBeGreaterThanOrEqual(100_000);
    expect(store.rowCount).toBeLessThan(100_000 + 2 * 65_536);
    const kept = store.rowCount;
    const first = store.firstRow;
    await program.quit();
    const [recorded] = await listed(program);
    expect(recorded?.rows).toBe(kept);
    const opened = openSession(join(program.sessions.folder, `${recorded?.id}.ringview`));
    if (!opened.ok) throw new Error(opened.failure.message);
    expect([opened.value.firstRow, opened.value.damages]).toEqual([first, []]);
    const names = readdirSync(opened.value.path);
    const bytes = names.reduce((sum, name) => sum + statSync(join(opened.value.path, name)).size, 0);
    opened.value.close();
    // Of 700,000 rows of some 80 bytes the disk has little more than those that are kept.
    expect(bytes / kept).toBeLessThan(200);
  });

  it('keeps as many bytes as its policy says, not only what is in memory', async () => {
    const program = start();
    const { store } = program.session;
    const bytes = 24 * 1024 ** 2;
    await reply(program, 'session.setRetention', {
      session: 1,
      settings: { memoryCapBytes: 64 * 1024 ** 2, policy: { keep: 'bytes', bytes } },
    });
    let fed = 2000;
    let least = Number.POSITIVE_INFINITY;
    while (fed < 800_000) {
      program.feed(50_000);
      fed += 50_000;
      await program.until(() => store.endRow === fed);
      if (store.firstRow > 0) least = Math.min(least, store.rowCount);
    }
    // It was held against the limit, and did not fall to the two segments that always stay.
    expect(store.firstRow).toBeGreaterThan(0);
    expect(least).toBeGreaterThan(65_536 * 2);
  });
});

describe('a session that a crash left', () => {
  /** A library as a program leaves it that was killed: its recording has no end, and nobody holds its lock. */
  async function crashed(): Promise<TestProgram> {
    const program = start();
    await rowsThere(program, 2000);
    // All of it is written, and from where it comes.
    await killedCopy(program, ({ endRow, manifest }) => endRow === 2000 && manifest.sources.length > 0);
    return program;
  }

  it('is offered once: again to a page that comes back, never by the next start', async () => {
    const program = await crashed();
    const offers = await reply(program, 'library.offers', null);
    expect(offers).toMatchObject([{ ended: 'crashed', rows: 2000 }]);
    expect(await reply(program, 'library.offers', null)).toEqual(offers);
    await reply(program, 'library.dismiss', null);
    expect(await reply(program, 'library.offers', null)).toEqual([]);
    expect((await listed(program)).filter(({ ended }) => ended === 'crashed')).toHaveLength(1);
    // As the next start asks.
    const next = answerOf(program.sessions, { do: 'offer' }, Date.now);
    expect(next).toMatchObject({ ok: true, value: { sessions: [] } });
  });

  it('does not go in the run that offers it, however old it is, and goes by itself in a later one', async () => {
    const program = await crashed();
    const killed = recordingsOf(program).find((path) => path.endsWith('-killed.ringview')) as string;
    // As of a crash before the limit of the library.
    const manifest = join(killed, 'session.json');
    const old = JSON.parse(readFileSync(manifest, 'utf8'));
    const daysAgo = (DEFAULT_LIBRARY.mostDays + 1) * 86_400_000;
    const times = { startedUnixMs: old.startedUnixMs - daysAgo, writtenUnixMs: old.writtenUnixMs - daysAgo };
    writeFileSync(manifest, JSON.stringify({ ...old, ...times }));
    expect(await reply(program, 'library.offers', null)).toMatchObject([{ ended: 'crashed', rows: 2000 }]);
    expect((await listed(program)).filter(({ ended }) => ended === 'crashed')).toHaveLength(1);
    const limits = { mostAgeMs: DEFAULT_LIBRARY.mostDays * 86_400_000 };
    const later = answerOf(program.sessions, { do: 'forget', limits, inUse: [] }, Date.now);
    expect(later).toMatchObject({ ok: true, value: { sessions: [{ path: killed }], troubles: [] } });
  });

  it('opens in place as a session of its own, is filtered, named and timed like a live one, and captures nothing', async () => {
    const program = await crashed();
    const [offer] = await reply(program, 'library.offers', null);
    const opened = await reply(program, 'library.open', { id: offer?.id as string });
    // Twice is the same tab.
    expect(await reply(program, 'library.open', { id: offer?.id as string })).toEqual(opened);
    const session = sessionOf(program, opened.session);
    const live = program.session;
    expect(session.startUnixMs).toBe(live.startUnixMs);
    expect(session.sourceNames).toEqual([{ id: 0, name: 'sim:demo' }]);
    expect(program.service.workspace.layout.find((info) => info.session === opened.session)?.name).toBe(offer?.name);
    await program.whole(session);
    expect(allRows(session.store)).toEqual(allRows(live.store));
    await reply(program, 'view.setFilter', { view: opened.view, filter: { ...SHOW_ALL, hiddenCpus: [0] } });
    await program.until(() => program.service.workspace.openViews.every(({ log }) => log.scan === null));
    const started = await program.calls.answer('session.start', { session: opened.session, source: 'sim:demo' });
    expect(started).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    const deleted = await program.calls.answer('library.delete', { id: offer?.id as string });
    expect(deleted).toMatchObject({ ok: false, failure: { code: 'source-busy' } });
    // Clearing the tab clears what is looked at, not what was recorded.
    await reply(program, 'session.clear', { session: opened.session });
    await reply(program, 'workspace.closeSession', { session: opened.session });
    expect((await listed(program)).find(({ id }) => id === offer?.id)).toMatchObject({ rows: 2000 });
  });
});

describe('the list of recorded sessions', () => {
  async function two(options: Partial<ProgramOptions> = {}): Promise<TestProgram> {
    const program = start(options);
    await rowsThere(program, 2000);
    await reply(program, 'session.clear', { session: 1 });
    await program.recordings.ended();
    return program;
  }
  const ended = async (program: TestProgram): Promise<RecordedSession> =>
    (await listed(program)).find((each) => each.ended !== null) as RecordedSession;

  it('renames and pins, and refuses a name that is taken or none', async () => {
    const program = await two();
    const { id } = await ended(program);
    await reply(program, 'library.rename', { id, name: 'Boot 7' });
    await reply(program, 'library.pin', { id, pinned: true });
    expect(await ended(program)).toMatchObject({ id, name: 'Boot 7', pinned: true });
    for (const name of [' ', '\u202e'])
      expect((await program.calls.answer('library.rename', { id, name })).ok).toBe(false);
  });

  it('deletes only what the person agrees to, whatever the page says', async () => {
    const refusing = await two({ deletes: false });
    const kept = await ended(refusing);
    expect(await reply(refusing, 'library.delete', { id: kept.id })).toBe(false);
    expect(refusing.told.deletions).toEqual([[kept.name]]);
    expect(await ended(refusing)).toBeDefined();
    const agreeing = await two({ deletes: true });
    expect(await reply(agreeing, 'library.delete', { id: (await ended(agreeing)).id })).toBe(true);
    expect(await ended(agreeing)).toBeUndefined();
  });

  it('takes no path for an id, and finds nothing outside of the library', async () => {
    const program = await two();
    for (const id of ['..', '../x', '/etc', 'a\\b', '', 'C:', '.', 'a\0b'])
      expect(await program.calls.answer('library.open', { id })).toMatchObject({
        ok: false,
        failure: { code: 'bad-argument' },
      });
    expect((await program.calls.answer('library.open', { id: 'none' })).ok).toBe(false);
    // What is recorded is looked at where it is captured.
    const live = (await listed(program)).find((each) => each.ended === null);
    for (const channel of ['library.open', 'library.pack', 'library.delete'] as const)
      expect((await program.calls.answer(channel, { id: live?.id as string })).ok).toBe(false);
  });

  it('makes one file of a session, which opens as it is', async () => {
    const program = await two({
      choose: (folder) => join(folder, 'sent.ringview.tar'),
      files: (folder) => [join(folder, 'sent.ringview.tar')],
    });
    const { id } = await ended(program);
    const packed = await reply(program, 'library.pack', { id });
    expect(packed?.path).toContain('sent.ringview.tar');
    await program.until(() => program.exports.count === 0);
    const opened = await reply(program, 'workspace.openFiles', null);
    const session = sessionOf(program, opened?.session as number);
    await program.whole(session);
    expect(session.store.rowCount).toBe(2000);
  });

  it('is left alone once the program ends, which would cut a deletion off', async () => {
    const asked: string[] = [];
    const library = new Library({
      library: new SessionLibrary('/nowhere'),
      port: {
        ask: async (question) => {
          asked.push(question.do);
          return ok({ sessions: [], troubles: [] });
        },
      },
      settings: () => DEFAULT_LIBRARY,
      setSettings: () => {},
      askToDelete: async () => false,
      report: () => {},
      tell: () => {},
      now: () => 0,
    });
    library.forget();
    library.end();
    library.forget();
    expect(asked).toEqual(['forget']);
  });

  it('asks before other limits delete something, and deletes nothing that is named, pinned or of today', async () => {
    const program = await two({ deletes: false });
    const { settings } = await reply(program, 'library.list', null);
    const wanted = { ...settings, mostBytes: 1024 ** 3, mostDays: 1 };
    expect(await reply(program, 'library.setSettings', { settings: wanted })).toBe(true);
    expect(program.told.deletions).toEqual([]);
    expect(await ended(program)).toBeDefined();
  });
});
