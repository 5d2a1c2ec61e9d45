import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf } from '../session/test-support.ts';
import { defaultLibraryFolder, SessionLibrary } from './library.ts';
import { answerOf } from './library-host.ts';
import { findSession, freeName, type SessionEntry, sessionsBeyond, sessionsToForget } from './library-rules.ts';
import type { Ending } from './manifest.ts';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import { DirectWriter, newFolder, removeFolders, someRows, TINY } from './test-support.ts';

const made: string[] = [];
afterEach(() => removeFolders(made));

const DAY = 86_400_000;
let nowMs = 1_700_000_000_000;

/** Records a session of some rows; ended if it is said how. */
async function record(library: SessionLibrary, name: string | null, rows: number, how: 'stopped' | 'gone' | null) {
  const begun = library.begin(name);
  if (!begun.ok) throw new Error(begun.failure.message);
  const { folder } = begun.value;
  let asked = 0;
  const unixMs = (): number => nowMs + (asked++ === 0 ? 0 : 5000);
  const recorder = new SessionRecorder(new DirectWriter({ folder }), { folder, unixMs });
  const store = new SessionStore({ ...TINY, archive: recorder.archive });
  recorder.attach(store);
  store.append(batchOf(someRows(rows)));
  for (const at of [0, TAIL_MS]) recorder.tick(at);
  if (how !== null) {
    expect(await recorder.finish(how)).toBeNull();
    begun.value.release();
  }
  return begun.value;
}

function listed(library: SessionLibrary): readonly SessionEntry[] {
  const found = library.list();
  if (!found.ok) throw new Error(found.failure.message);
  expect(found.value.troubles).toEqual([]);
  return found.value.sessions;
}

describe('the library of sessions', () => {
  it('lists what there is: when, how long, rows, lost, how it ended', async () => {
    const library = new SessionLibrary(join(newFolder(made), 'sessions'), () => nowMs);
    expect(listed(library)).toEqual([]);
    await record(library, 'first', 100, 'gone');
    nowMs += DAY;
    const second = await record(library, null, 40, 'stopped');
    const [newest, oldest] = listed(library);
    expect(oldest).toMatchObject({
      name: 'first',
      rows: 100,
      ended: 'gone',
      pinned: false,
      durationMs: 5000,
      damages: [],
    });
    expect(oldest?.lost).toBe(someRows(100).reduce((sum, row) => sum + (row.kind === 0 ? 0 : row.remarks), 0));
    expect(newest).toMatchObject({
      name: second.name,
      path: second.folder,
      rows: 40,
      ended: 'stopped',
      startedUnixMs: nowMs,
    });
    expect(newest?.bytes).toBeGreaterThan(1000);
  });

  it('tells one that is recorded from one that a crash left', async () => {
    const library = new SessionLibrary(newFolder(made), () => nowMs);
    const begun = await record(library, 'running', 30, null);
    expect(listed(library)).toMatchObject([{ name: 'running', rows: 30, ended: null }]);
    expect(library.delete(begun.folder)).toMatchObject({ ok: false, failure: { code: 'source-busy' } });
    expect(library.keepWithin({ mostBytes: 0 })).toMatchObject({ ok: true, value: { deleted: [] } });
    // As when its program is gone.
    begun.release();
    expect(listed(library)).toMatchObject([{ name: 'running', rows: 30, ended: 'crashed' }]);
  });

  it('names a session and notes of it what it must without writing through a link that lies in its folder', async () => {
    const folder = newFolder(made);
    const library = new SessionLibrary(folder, () => nowMs);
    const { folder: path } = await record(library, 'one', 10, 'stopped');
    const elsewhere = join(newFolder(made), 'precious');
    writeFileSync(elsewhere, 'mine');
    for (const name of ['label.json', 'part-offered.json']) {
      rmSync(join(path, name), { force: true });
      symlinkSync(elsewhere, join(path, name));
    }
    expect(library.rename(path, 'two').ok).toBe(true);
    expect(library.noteOffered(path).ok).toBe(true);
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(listed(library)).toMatchObject([{ name: 'two', offered: true }]);
  });

  it('renames, pins and deletes, and nothing else than its own', async () => {
    const folder = newFolder(made);
    const library = new SessionLibrary(folder, () => nowMs);
    const one = await record(library, 'one', 10, 'stopped');
    const two = await record(library, 'two', 10, 'stopped');
    expect(library.rename(one.folder, 'TWO')).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(library.rename(one.folder, 'One')).toMatchObject({ ok: true });
    expect(library.rename(one.folder, '\u202e \n')).toMatchObject({ ok: false });
    expect(library.pin(two.folder, true)).toMatchObject({ ok: true });
    expect(library.begin('one')).toMatchObject({ ok: false });
    expect(
      listed(library)
        .map(({ name, pinned }) => [name, pinned])
        .sort(),
    ).toEqual([
      ['One', false],
      ['two', true],
    ]);
    expect(library.keepWithin({ mostBytes: 0 })).toMatchObject({ ok: true, value: { deleted: [{ name: 'One' }] } });
    expect(existsSync(one.folder)).toBe(false);
    const away = newFolder(made);
    mkdirSync(join(away, 'x.ringview'));
    symlinkSync(join(away, 'x.ringview'), join(folder, 'link.ringview'));
    for (const path of [
      folder,
      away,
      join(folder, 'link.ringview'),
      join(folder, '..', 'x.ringview'),
      `${two.folder}/..`,
    ])
      expect([path, library.delete(path)]).toMatchObject([path, { ok: false }]);
    expect(existsSync(join(away, 'x.ringview'))).toBe(true);
    expect(library.delete(two.folder)).toMatchObject({ ok: true });
  });

  it('names what looks like a session and is none, and lists the others', async () => {
    const folder = newFolder(made);
    const library = new SessionLibrary(folder, () => nowMs);
    await record(library, 'good', 10, 'stopped');
    mkdirSync(join(folder, 'empty.ringview'));
    writeFileSync(join(folder, 'notes.txt'), 'not a session');
    const found = library.list();
    if (!found.ok) throw new Error(found.failure.message);
    expect(found.value.sessions.map(({ name }) => name)).toEqual(['good']);
    expect(found.value.troubles).toHaveLength(1);
    expect(found.value.troubles[0]).toContain('empty.ringview is no session');
  });

  it('calls one that nobody named by the time, another of the same second otherwise, and looks at none for that', () => {
    const folder = newFolder(made);
    const library = new SessionLibrary(folder, () => nowMs);
    // It would be named as what is none, if it were looked at.
    mkdirSync(join(folder, 'broken.ringview'));
    const begun = [library.begin(null), library.begin(null)];
    for (const each of begun) if (each.ok) each.value.release();
    rmSync(join(folder, 'broken.ringview'), { recursive: true });
    const names = begun.map((each) => (each.ok ? each.value.name : ''));
    expect(names[1]).toBe(`${names[0]} (2)`);
    expect(listed(library).map(({ name, named }) => [name, named])).toEqual(
      expect.arrayContaining(names.map((name) => [name, false])),
    );
    const [first] = listed(library);
    library.rename(first?.path as string, 'mine');
    expect(listed(library).find(({ path }) => path === first?.path)).toMatchObject({ name: 'mine', named: true });
  });

  it('offers what a crash left once', async () => {
    const library = new SessionLibrary(newFolder(made), () => nowMs);
    const left = await record(library, 'left', 30, null);
    left.release();
    await record(library, 'ended', 30, 'stopped');
    const offered = () => answerOf(library, { do: 'offer' }, () => nowMs);
    expect(offered()).toMatchObject({ ok: true, value: { sessions: [{ name: 'left', ended: 'crashed' }] } });
    expect(offered()).toMatchObject({ ok: true, value: { sessions: [] } });
    expect(listed(library).find(({ name }) => name === 'left')).toMatchObject({
      ended: 'crashed',
      offered: true,
      damages: [],
    });
  });

  it('lies where the system has the data of a user, or where it is told', () => {
    expect(defaultLibraryFolder({ RINGVIEW_SESSIONS: '/there' }, 'linux', '/of-u')).toBe('/there');
    expect(defaultLibraryFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/of-u')).toBe('/data/ringview/sessions');
    expect(defaultLibraryFolder({}, 'linux', '/of-u')).toBe('/of-u/.local/share/ringview/sessions');
    expect(defaultLibraryFolder({}, 'darwin', '/of-u')).toContain('Application Support');
    expect(defaultLibraryFolder({ LOCALAPPDATA: '/local' }, 'win32', '/u')).toContain('RingView');
  });
});

describe('what is kept within limits', () => {
  const some = (at: number, more: Partial<SessionEntry> = {}): SessionEntry => ({
    ...{
      name: `s${at}`,
      path: `/s${at}`,
      pinned: false,
      named: false,
      offered: false,
      startedUnixMs: at,
      durationMs: 0,
      rows: 0,
      lost: 0,
    },
    ...{ bytes: 10, sources: [], ended: 'stopped' as Ending, damages: [], ...more },
  });

  it('goes oldest first, and never what is pinned or recorded', () => {
    const cases = countCases('went', 'stayed', 'stayed because it is pinned or recorded', 'some went, some stayed');
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            pinned: fc.boolean(),
            ended: fc.constantFrom<Ending | null>('stopped', 'crashed', null),
            bytes: fc.nat(50),
            startedUnixMs: fc.integer({ min: 1, max: 1000 }),
          }),
        ),
        fc.option(fc.nat(300), { nil: undefined }),
        fc.option(fc.nat(1000), { nil: undefined }),
        (parts, mostBytes, mostAgeMs) => {
          const entries = parts.map((part, at) => some(at, part));
          const limits = {
            ...(mostBytes === undefined ? {} : { mostBytes }),
            ...(mostAgeMs === undefined ? {} : { mostAgeMs }),
          };
          const gone = sessionsBeyond(entries, limits, 1000);
          for (const each of gone) expect([each.pinned, each.ended === null]).toEqual([false, false]);
          const left = entries.filter((each) => !gone.includes(each));
          const free = left.filter((each) => !each.pinned && each.ended !== null);
          for (const each of free) expect(1000 - each.startedUnixMs).toBeLessThanOrEqual(mostAgeMs ?? 1000);
          const bytes = left.reduce((sum, each) => sum + each.bytes, 0);
          if (free.some((each) => each.bytes > 0))
            expect(bytes).toBeLessThanOrEqual(mostBytes ?? Number.POSITIVE_INFINITY);
          if (mostAgeMs === undefined)
            for (const each of gone)
              for (const kept of free) expect(each.startedUnixMs).toBeLessThanOrEqual(kept.startedUnixMs);
          cases.note('went', gone.length);
          cases.note('stayed', free.length);
          cases.note('stayed because it is pinned or recorded', gone.length > 0 ? left.length - free.length : 0);
          cases.note('some went, some stayed', gone.length > 0 && free.length > 0);
        },
      ),
      { numRuns: 400 },
    );
    cases.expectEach(5);
  });

  it('goes by itself only where nobody named it, it is a day old, nobody has to hear of it, and it is not open', () => {
    const day = 86_400_000;
    const old = { startedUnixMs: 1, durationMs: 0, rows: 5 };
    const entries = [
      some(1, { ...old, name: 'goes' }),
      some(2, { ...old, name: 'named', named: true }),
      some(3, { ...old, name: 'pinned', pinned: true }),
      some(4, { ...old, name: 'of today', durationMs: 9 * day + day / 2 }),
      some(5, { ...old, name: 'waits', ended: 'crashed' }),
      some(6, { ...old, name: 'heard of', ended: 'crashed', offered: true }),
      some(7, { ...old, name: 'open' }),
      some(8, { ...old, name: 'empty', rows: 0, startedUnixMs: 9.9 * day }),
      some(9, { ...old, name: 'recorded', ended: null, rows: 0 }),
    ];
    const gone = sessionsToForget(entries, { mostBytes: 0, mostAgeMs: day }, 10 * day, ({ name }) => name === 'open');
    expect(gone.map(({ name }) => name).sort()).toEqual(['empty', 'goes', 'heard of']);
  });

  it('is not decided by an age that is not known', () => {
    expect(sessionsBeyond([some(0)], { mostAgeMs: 1 }, 1e12)).toEqual([]);
  });

  it('finds a session by its name or its path, and asks where two have one name', () => {
    const entries = [some(1, { name: 'Boot' }), some(2, { name: 'twice' }), some(3, { name: 'Twice' })];
    expect(findSession(entries, 'boot')).toMatchObject({ ok: true, value: { path: '/s1' } });
    expect(findSession(entries, '/s3')).toMatchObject({ ok: true, value: { name: 'Twice' } });
    expect(findSession(entries, 'twice')).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(findSession(entries, 'other')).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
    expect(freeName(entries, '  new\u0007 one ')).toEqual({ ok: true, value: 'new  one' });
    expect(freeName(entries, 'x'.repeat(201))).toMatchObject({ ok: false });
  });
});
