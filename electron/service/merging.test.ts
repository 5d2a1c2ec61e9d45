/** Log files beside each other in one session, and moved in time: over the real service and real files. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RowFlag } from '../../native/core/entry.ts';
import { BOOKMARKS_PART } from '../recording/bookmarks-part.ts';
import { NO_FACTS } from '../recording/manifest.ts';
import { writePart } from '../recording/pack.ts';
import { recordedFolder, someRows } from '../recording/test-support.ts';
import type { Session } from '../session/ingest/session.ts';
import { FakeThreads, type PlainRow, storedRow } from '../session/test-support.ts';
import { startProgram, type TestProgram } from './test-support.ts';

let program: TestProgram | null = null;
afterEach(() => program?.end());

const START = Date.UTC(2026, 10, 28, 12);
/** Two logs of the same machine, the clock of one of which is two seconds ahead; and one with letters of another page. */
const TIMES = { 'guest.csv': [0, 1000, 2000], 'host.csv': [2500, 3500], 'third.csv': [100] } as const;

function write(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, times] of Object.entries(TIMES)) {
    const lines = times.map((ms) => `${new Date(START + ms).toISOString()},${name[0]}${ms} \xb5s\r\n`);
    writeFileSync(join(folder, name), `time,message\r\n${lines.join('')}`, 'latin1');
  }
}

/** A program whose person chooses these files, in turn; the first of them is open by itself. */
async function opened(...choices: (readonly string[])[]) {
  program = startProgram({
    scanner: new FakeThreads().pool,
    choose: (folder) => join(folder, 'out.txt'),
    files: (folder, question) => {
      write(folder);
      return (choices[question] ?? []).map((name) => join(folder, name));
    },
  });
  const { calls, service, until } = program;
  const answer = await calls.answer('workspace.openFiles', null);
  if (!answer.ok || answer.value === null) throw new Error('nothing was opened');
  const { session: id, view: number } = answer.value;
  const found = service.workspace.session(id);
  const view = service.workspace.view(number);
  if (!found.ok || !view.ok) throw new Error('it is not there');
  const session = found.value;
  const { log } = view.value;
  const texts = () => log.rows(0, 99).rows.map(({ text }) => text.replace(/ .*/, ''));
  const seconds = () => log.rows(0, 99).rows.map(({ timeNs }) => timeNs / 1e9);
  const whole = () => until(() => session.status(0).sources.every(({ file }) => file?.ended === true));
  await whole();
  const beside = async (...stands: readonly number[]) => {
    const added = await calls.answer('session.openBeside', { session: id, recorded: null, stands });
    await whole();
    return added;
  };
  const moving = (source: number, seconds: number, ...stands: readonly number[]) =>
    calls.answer('session.setOffset', { session: id, id: source, ns: seconds * 1e9, stands });
  const move = async (...how: Parameters<typeof moving>) => {
    const moved = await moving(...how);
    await whole();
    return moved;
  };
  const bookmark = (position: number) => {
    const { generation } = log;
    return calls.answer('view.toggleBookmarks', {
      view: number,
      range: { generation, first: position, last: position },
    });
  };
  return { program, calls, id, session, log, texts, seconds, beside, moving, move, bookmark };
}

describe('files beside each other', () => {
  it('are one session in the order of their times, and none is asked for by a page', async () => {
    const { program, calls, id, texts, seconds, beside, session } = await opened(
      ['host.csv'],
      ['guest.csv', 'third.csv'],
      [],
    );
    expect(await beside()).toEqual({ ok: true, value: { rows: [], bookmarksLost: 0, files: 2, opened: null } });
    expect(texts()).toEqual(['g0', 't100', 'g1000', 'g2000', 'h2500', 'h3500']);
    expect(seconds()).toEqual([0, 0.1, 1, 2, 2.5, 3.5]);
    expect(session.startUnixMs).toBe(START);
    expect(program.service.workspace.layout.map(({ name }) => name).at(-1)).toMatch(/host\.csv, .*guest\.csv, .*third/);
    expect(await beside()).toEqual({ ok: true, value: null });
    const hostile = { session: id, recorded: null, stands: [], path: '/etc/passwd', paths: ['/etc/passwd'] };
    expect(await calls.answer('session.openBeside', hostile)).toEqual({ ok: true, value: null });
    expect(session.sourceNames).toHaveLength(3);
    expect(await calls.answer('recent.list', null)).toMatchObject({ value: [{}, {}, {}] });
  });

  it('are refused where one of them is not to be opened, or there already, and nothing changes', async () => {
    const { texts, beside } = await opened(['host.csv'], ['guest.csv', 'a.ringview'], ['host.csv'], ['nowhere.csv']);
    for (const words of ['a.ringview', 'that file already', 'nowhere.csv'])
      expect(await beside()).toMatchObject({ ok: false, failure: { message: expect.stringContaining(words) } });
    expect(texts()).toEqual(['h2500', 'h3500']);
  });

  it('are refused beside what was captured live, which cannot be read again', async () => {
    const { program, calls } = await opened(['host.csv'], ['guest.csv']);
    const live = { session: 1, recorded: null, stands: [] };
    const message = expect.stringContaining('sim:demo were captured live');
    expect(await calls.answer('session.openBeside', live)).toMatchObject({ ok: false, failure: { message } });
    const moved = await calls.answer('session.setOffset', { ...live, id: 0, ns: 5 });
    expect(moved).toMatchObject({ ok: false, failure: { message } });
    await program.until(() => program.session.store.rowCount === 2000);
  });
});

describe('a recorded session', () => {
  const LAB = { producer: 'driver', cpuCount: 4, identity: '1', startUnixMs: START };
  const facts = () => ({
    ...NO_FACTS,
    startUnixMs: START + 2600,
    sources: ['sim:lab', 'dbwin:'].map((name, id) => ({ id, name, info: { ...LAB, name }, read: 0, lost: 0 })),
  });

  /** A program with a recording of 40 rows in its folder; the person chooses a log, and then what is said. */
  async function recorded(first: string, second: string) {
    const all = await opened(['host.csv'], [first], [second]);
    const path = join(all.program.folder, 'lab.ringview');
    mkdirSync(path);
    await recordedFolder(path, 40, facts);
    return { ...all, path };
  }

  it('is opened beside a log as the sources that it was captured from, each to be moved by itself', async () => {
    const { session, texts, beside, move } = await recorded('lab.ringview', '');
    expect(await beside()).toMatchObject({ ok: true, value: { files: 1, opened: null } });
    expect(session.sourceNames.map(({ name }) => name).slice(1)).toEqual(['sim:lab in lab', 'dbwin: in lab']);
    expect(texts().length).toBe(42);
    // As many are late as were when it was recorded.
    const late = someRows(40).filter(({ flags }) => (flags & RowFlag.Late) !== 0).length;
    expect([texts()[0], texts().at(-1), session.status(0).late]).toEqual(['h2500', 'h3500', late]);
    await move(2, -1);
    expect(texts().indexOf('h2500')).toBe(session.status(0).sources[2]?.rows);
    await move(2, 0);
    expect(texts()[0]).toBe('h2500');
  });

  it('of the library is opened by its id, where there is one of that id', async () => {
    const { program, calls, id, session } = await recorded('', '');
    const path = join(program.sessions.folder, 'lab.ringview');
    mkdirSync(path, { recursive: true });
    await recordedFolder(path, 40, facts);
    const ask = (recorded: string) => calls.answer('session.openBeside', { session: id, recorded, stands: [] });
    for (const id of ['nowhere', '../lab']) expect([id, (await ask(id)).ok]).toEqual([id, false]);
    expect(await ask('lab')).toMatchObject({ ok: true, value: { files: 1, opened: null } });
    expect(session.sourceNames).toHaveLength(3);
    // It is no file that a person opened by its path.
    expect(await calls.answer('recent.list', null)).toMatchObject({ value: [{}] });
  });

  it('that is looked at is merged with logs in a session of its own, and stays as it is', async () => {
    const { program, calls, path } = await recorded('lab.ringview', 'host.csv');
    const first = await calls.answer('workspace.openFiles', null);
    if (!first.ok || first.value === null) throw new Error('the recording was not opened');
    const base = program.service.workspace.session(first.value.session);
    if (!base.ok) throw new Error('it is not there');
    await program.whole(base.value);
    expect([base.value.recordedAt, base.value.store.rowCount]).toEqual([path, 40]);
    const asked = { session: first.value.session, recorded: null, stands: [3] };
    const added = await calls.answer('session.openBeside', asked);
    if (!added.ok || added.value?.opened == null) throw new Error('nothing was opened');
    expect(added.value).toMatchObject({ rows: [null], bookmarksLost: 0, files: 1 });
    const merged = program.service.workspace.session(added.value.opened.session);
    if (!merged.ok) throw new Error('it is not there');
    await program.until(() => merged.value.store.rowCount === 42);
    expect(merged.value.sourceNames).toHaveLength(3);
    expect(base.value.store.rowCount).toBe(40);
  });

  /** Rows of the recording that have a bookmark. */
  const noted = Array.from({ length: 40 }, (_, row) => row).filter((row) => row % 3 === 1 || row === 39);

  function bookmarked(path: string): void {
    const bookmarks = noted.map((row) => {
      return { row, index: 0, timeNs: 0, text: '', note: `note ${row}` };
    });
    expect(writePart(path, BOOKMARKS_PART, { epoch: 0, bookmarks })).toMatchObject({ ok: true });
  }

  /** What stands in the rows that have a bookmark, and their notes. */
  const marksOf = ({ store, bookmarks }: Session) =>
    bookmarks.all.map(({ row, note }) => {
      const { payload, index, kind } = storedRow(store, row);
      return [note, kind, index, new TextDecoder().decode(payload)];
    });

  it('brings its bookmarks with its rows, once: those that are removed do not come back', async () => {
    const { path, program, session, beside, move } = await recorded('lab.ringview', '');
    bookmarked(path);
    expect(await beside()).toMatchObject({ ok: true, value: { bookmarksLost: 0 } });
    await program.until(() => session.bookmarks.count === noted.length);
    const rows = someRows(40);
    const there = noted.map((row) => {
      const { kind, index, payload } = rows[row] as PlainRow;
      return [`note ${row}`, kind, index, new TextDecoder().decode(payload)];
    });
    const inOrder = (marks: readonly (readonly unknown[])[]) => marks.map((mark) => mark.join()).sort();
    expect(inOrder(marksOf(session))).toEqual(inOrder(there));
    expect(new Set(noted.map((row) => rows[row]?.source)).size).toBe(2);
    session.bookmarks.remove([session.bookmarks.rows[0] as number]);
    const left = inOrder(marksOf(session));
    expect(await move(1, -1)).toMatchObject({ ok: true, value: { bookmarksLost: 0 } });
    await program.until(() => session.bookmarks.count === left.length);
    expect(inOrder(marksOf(session))).toEqual(left);
  });

  it('that is looked at brings the bookmarks that it has there', async () => {
    const { program, calls, path } = await recorded('lab.ringview', 'host.csv');
    bookmarked(path);
    const first = await calls.answer('workspace.openFiles', null);
    if (!first.ok || first.value === null) throw new Error('the recording was not opened');
    const asked = { session: first.value.session, recorded: null, stands: [] };
    const added = await calls.answer('session.openBeside', asked);
    if (!added.ok || added.value?.opened == null) throw new Error('nothing was opened');
    const merged = program.service.workspace.session(added.value.opened.session);
    if (!merged.ok) throw new Error('it is not there');
    await program.until(() => merged.value.bookmarks.count === noted.length);
    expect(new Set(merged.value.bookmarks.all.map(({ note }) => note))).toEqual(
      new Set(noted.map((row) => `note ${row}`)),
    );
    // A bookmark says what its row says.
    expect(merged.value.bookmarks.all.some(({ text }) => text !== '')).toBe(true);
  });
});

describe('a stated offset', () => {
  it('orders the rows anew, is told with the figures of its source, and is taken back with 0', async () => {
    const { session, texts, seconds, beside, move } = await opened(['host.csv'], ['guest.csv']);
    await beside();
    expect(await move(0, -2)).toEqual({ ok: true, value: { rows: [], bookmarksLost: 0 } });
    expect(texts()).toEqual(['g0', 'h2500', 'g1000', 'h3500', 'g2000']);
    expect(seconds()).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(session.status(0).sources.map(({ statedNs }) => statedNs)).toEqual([-2e9, undefined]);
    // Far enough back, it is the begin of the log.
    await move(0, -10);
    expect([texts(), seconds()[0], session.startUnixMs]).toEqual([
      ['h2500', 'h3500', 'g0', 'g1000', 'g2000'],
      0,
      START + 2500 - 10_000,
    ]);
    await move(0, 0);
    expect(texts()).toEqual(['g0', 'g1000', 'g2000', 'h2500', 'h3500']);
    expect(session.status(0).late).toBe(0);
  });

  it('takes bookmarks along, and says where the rows are that the person is about', async () => {
    const { session, texts, beside, move, bookmark, calls, id } = await opened(['host.csv'], ['guest.csv']);
    await beside();
    await bookmark(1);
    await bookmark(3);
    await calls.answer('session.setNote', { session: id, row: 3, note: 'here' });
    expect(await move(0, -2, 4, 3)).toEqual({ ok: true, value: { rows: [3, 1], bookmarksLost: 0 } });
    const marks = () => session.bookmarks.all.map(({ row, note, timeNs }) => [texts()[row], note, timeNs / 1e9]);
    expect(texts()[3]).toBe('h3500');
    expect(marks()).toEqual([
      ['h2500', 'here', 0.5],
      ['g1000', '', 1],
    ]);
    await move(0, 0);
    expect(marks()).toEqual([
      ['g1000', '', 1],
      ['h2500', 'here', 2.5],
    ]);
  });

  it('says how many bookmarks are gone whose records the file has no more', async () => {
    const { program, session, beside, move, bookmark } = await opened(['host.csv'], ['guest.csv']);
    await beside();
    await bookmark(4);
    await bookmark(0);
    const path = join(program.folder, 'host.csv');
    writeFileSync(path, `time,message\r\n${new Date(START + 2500).toISOString()},h2500\r\n`);
    expect(await move(1, 1, 4, 0)).toEqual({ ok: true, value: { rows: [null, 0], bookmarksLost: 1 } });
    expect(session.bookmarks.all.map(({ text }) => text.slice(0, 2))).toEqual(['g0']);
  });

  it('stays when an encoding is chosen for another file, whose bookmarks then have its letters', async () => {
    const { session, texts, beside, move, bookmark, calls, id } = await opened(['host.csv'], ['guest.csv']);
    await beside();
    await move(0, -2);
    await bookmark(2);
    const asked = { session: id, id: 1, encoding: 'windows-1251', stands: [] } as const;
    expect(await calls.answer('session.readAs', asked)).toMatchObject({ ok: true, value: { bookmarksLost: 0 } });
    expect(texts()).toEqual(['g0', 'h2500', 'g1000', 'h3500', 'g2000']);
    expect(session.status(0).sources).toMatchObject([
      { statedNs: -2e9, file: { encodingBy: 'assumed' } },
      { file: { encodingBy: 'chosen', encoding: 'windows-1251' } },
    ]);
    expect(session.bookmarks.all.map(({ text }) => text)).toEqual(['g1000 \u00b5s']);
  });

  it('is answered when the session is cleared or closed meanwhile', async () => {
    const { calls, id, session, beside, moving, move, bookmark } = await opened(['host.csv'], ['guest.csv']);
    await beside();
    await bookmark(1);
    const before = moving(0, 1, 1);
    session.clear();
    expect(await before).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    await move(0, 2);
    const during = new Promise((told) => {
      const marks = [{ row: { source: 0, index: 99, kind: 0, ownNs: 0 }, what: 0 }];
      session.files.setOffset(0, 3e9, { marks, renew: (mark) => mark, told });
    });
    await calls.answer('workspace.closeSession', { session: id });
    expect(await during).toEqual({ rows: new Map(), lost: 0 });
    expect(await moving(0, 3)).toMatchObject({ ok: false, failure: { code: 'closed' } });
  });

  it('is in the words of what is exported', async () => {
    const { program, calls, beside, move } = await opened(['host.csv'], ['guest.csv']);
    await beside();
    await move(0, -2);
    const view = program.service.workspace.openViews.at(-1)?.id ?? 0;
    const options = { losses: true, spreadsheetSafe: true };
    const asked = { view, scope: 'all', range: null, format: 'text', options } as const;
    const exported = await calls.answer('view.export', asked);
    if (!exported.ok || exported.value === null) throw new Error('nothing was exported');
    const { path } = exported.value;
    await program.until(() => existsSync(path));
    expect(readFileSync(path, 'utf8')).toMatch(/^# RingView log of .*host\.csv \(moved by -2 s\), .*guest\.csv,/);
  });
});
