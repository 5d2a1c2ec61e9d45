/** Bookmarks over the real service: set, found and noted by calls, told to the page, and kept with what is recorded. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Bookmark, MAX_NOTE, MOST_BOOKMARKS, withNews } from '../contract/bookmarks.ts';
import { unpack } from '../contract/packed.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import type { Session } from '../session/ingest/session.ts';
import { ensureBuild } from '../setup/build.mjs';
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

const startOne = endedPrograms({ scanner: builtThreads(1, ensureBuild) });

async function start(options: Partial<ProgramOptions> = {}): Promise<TestProgram> {
  const program = startOne(options);
  await program.until(() => program.session.store.rowCount === 2000);
  return program;
}

/** Toggles the rows at positions of the first view, or of another. */
const toggle = (program: TestProgram, first: number, last = first, view = 1) => {
  const open = program.service.workspace.view(view);
  const generation = open.ok ? open.value.log.generation : 0;
  return program.calls.answer('view.toggleBookmarks', { view, range: { generation, first, last } });
};
const set = (count: number) => ({ ok: true, value: { set: count, removed: 0, notesRemoved: 0 } });

const rowsOf = ({ bookmarks }: Session): readonly number[] => bookmarks.rows;
const notesOf = ({ bookmarks }: Session): [number, string][] => bookmarks.all.map(({ row, note }) => [row, note]);

/** A recording opened in the program, as a session. */
async function opened(program: TestProgram, path: string): Promise<{ id: number; session: Session }> {
  const id = path.slice(program.sessions.folder.length + 1).replace(/\.ringview$/, '');
  const { session: number } = await reply(program, 'library.open', { id });
  const session = sessionOf(program, number);
  await program.whole(session);
  return { id: number, session };
}

describe('bookmarks', () => {
  it('are set on selected rows, and removed once each of them has one', async () => {
    const program = await start();
    expect(await toggle(program, 10, 12)).toEqual(set(3));
    expect(await toggle(program, 11, 14)).toEqual(set(2));
    expect(rowsOf(program.session)).toEqual([10, 11, 12, 13, 14]);
    expect(program.session.bookmarks.all[0]).toMatchObject({
      row: 10,
      index: 11,
      text: 'IRP 11 of a device',
      note: '',
    });
    await reply(program, 'session.setNote', { session: 1, row: 12, note: ' why\nthis? ' });
    expect(await toggle(program, 11, 13)).toEqual({ ok: true, value: { set: 0, removed: 3, notesRemoved: 1 } });
    expect(rowsOf(program.session)).toEqual([10, 14]);
    await reply(program, 'session.restoreBookmarks', { session: 1 });
    expect(notesOf(program.session)).toEqual([
      [10, ''],
      [11, ''],
      [12, 'why this?'],
      [13, ''],
      [14, ''],
    ]);
  });

  it('are set on each of the parts that are selected', async () => {
    const program = await start();
    const { generation } = program.view.log;
    const parts = [
      { first: 10, last: 11 },
      { first: 40, last: 40 },
    ];
    const range = { generation, first: 10, last: 40, parts };
    expect(await program.calls.answer('view.toggleBookmarks', { view: 1, range })).toEqual(set(3));
    expect(rowsOf(program.session)).toEqual([10, 11, 40]);
  });

  it('are of the rows that the view shows at the selected positions, and of none if those mean others now', async () => {
    const program = await start();
    const { generation } = await reply(program, 'view.setFilter', {
      view: 1,
      filter: { ...SHOW_ALL, hiddenCpus: [0, 1, 2] },
    });
    await program.until(() => program.view.log.scan === null);
    expect(await toggle(program, 0, 2)).toEqual(set(3));
    expect(rowsOf(program.session)).toEqual([2, 6, 10]);
    const range = { generation: generation - 1, first: 0, last: 2 };
    expect(await program.calls.answer('view.toggleBookmarks', { view: 1, range })).toMatchObject({ ok: false });
    expect(await toggle(program, 5000, 5002)).toMatchObject({ ok: false });
    expect(rowsOf(program.session)).toEqual([2, 6, 10]);
  });

  it('are no more than a session may have, however many rows are selected', async () => {
    const program = await start();
    program.feed(MOST_BOOKMARKS);
    await program.until(() => program.session.store.rowCount === 2000 + MOST_BOOKMARKS);
    const many = await toggle(program, 0, MOST_BOOKMARKS);
    expect(many).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(many.ok ? '' : many.failure.message).toContain('10,000');
    expect(await toggle(program, 0, MOST_BOOKMARKS - 1)).toEqual(set(MOST_BOOKMARKS));
    expect(await toggle(program, MOST_BOOKMARKS)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    const note = { session: 1, row: MOST_BOOKMARKS, note: 'one more' };
    expect(await program.calls.answer('session.setNote', note)).toMatchObject({ ok: false });
    expect(program.session.bookmarks.count).toBe(MOST_BOOKMARKS);
  });

  it('take a note of bounded length, and set themselves where a note is written', async () => {
    const program = await start();
    const note = (text: string) => program.calls.answer('session.setNote', { session: 1, row: 7, note: text });
    expect(await note('x'.repeat(MAX_NOTE))).toEqual({ ok: true, value: null });
    expect(await note('x'.repeat(MAX_NOTE + 1))).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(notesOf(program.session)).toEqual([[7, 'x'.repeat(MAX_NOTE)]]);
    expect((await program.calls.answer('session.setNote', { session: 1, row: 2000, note: '' })).ok).toBe(false);
    await reply(program, 'session.removeBookmark', { session: 1, row: 7 });
    expect(rowsOf(program.session)).toEqual([]);
  });

  it('belong to the session: every view of it finds them among the rows that it shows', async () => {
    const program = await start();
    await toggle(program, 4, 7);
    const { view } = await reply(program, 'workspace.openView', { like: 1 });
    const { generation } = await reply(program, 'view.setFilter', { view, filter: { ...SHOW_ALL, hiddenCpus: [0] } });
    await program.until(() => program.service.workspace.openViews.every(({ log }) => log.scan === null));
    const places = async (of: number) =>
      unpack((await reply(program, 'view.bookmarkPlaces', { view: of })) as never) as {
        places: { row: number; position: number | null }[];
      };
    expect((await places(1)).places.map(({ position }) => position)).toEqual([4, 5, 6, 7]);
    expect((await places(view)).places.map(({ row, position }) => [row, position === null])).toEqual([
      [4, false],
      [5, false],
      [6, false],
      [7, true],
    ]);
    const find = { view, generation, direction: 'next' as const };
    const first = await reply(program, 'view.findBookmark', { ...find, from: 0 });
    expect(first).toMatchObject({ row: 4, wrapped: false });
    expect(await reply(program, 'view.findBookmark', { ...find, from: 1000 })).toMatchObject({ row: 4, wrapped: true });
  });

  it('are told to the page by parts, all of them to a page that comes back, and go with the rows', async () => {
    const program = await start();
    const wire = program.wire();
    let known: ReadonlyMap<number, Bookmark> = new Map();
    let told = 0;
    wire.wire.on.session.bookmarks((payload) => {
      const { news } = unpack(payload);
      known = withNews(known, news);
      told += news.set.length;
    });
    await reply(program, 'view.setTail', { view: 1, rows: 10 });
    await toggle(program, 0, 99);
    await program.until(() => known.size === 100);
    await toggle(program, 200);
    await program.until(() => known.size === 101);
    expect(told).toBe(101);
    known = new Map();
    await reply(program, 'app.bootstrap', null);
    await reply(program, 'view.setTail', { view: 1, rows: 10 });
    await program.until(() => known.size === 101);
    await reply(program, 'session.clear', { session: 1 });
    await program.until(() => known.size === 0);
    program.feed(50);
    await program.until(() => program.session.store.rowCount === 50);
    expect(rowsOf(program.session)).toEqual([]);
    await reply(program, 'session.restoreBookmarks', { session: 1 });
    expect(rowsOf(program.session)).toEqual([]);
  });

  it('are written behind their rows in a report and a Markdown table, as far as these are of it', async () => {
    const program = await start({ choose: (folder, question) => join(folder, `report-${question}`) });
    await toggle(program, 5);
    await reply(program, 'session.setNote', { session: 1, row: 6, note: 'why | this?' });
    await reply(program, 'session.setNote', { session: 1, row: 1500, note: 'far away' });
    const { generation } = program.view.log;
    const range = { generation, first: 4, last: 7 };
    const options = { losses: true, spreadsheetSafe: true };
    const written = async (format: 'html' | 'markdown'): Promise<string> => {
      const exported = await reply(program, 'view.export', { view: 1, scope: 'selection', range, format, options });
      await program.until(() => program.exports.count === 0);
      return readFileSync(exported?.path as string, 'utf8');
    };
    const [head, , ...lines] = (await written('markdown')).trimEnd().split('\n');
    expect(head).toMatch(/\| note \|$/);
    expect(lines.map((line) => line.slice(line.lastIndexOf(' | ') + 3))).toEqual([
      ' |',
      '\u2691 |',
      '\u2691 why \\| this? |',
      ' |',
    ]);
    const html = await written('html');
    expect(html).toContain('why | this?');
    expect(html).not.toContain('far away');
    await reply(program, 'view.copy', { view: 1, range: { ...range, last: 4 }, format: 'markdown', options });
    expect(program.told.clipboard).not.toContain('note');
  });
});

describe('bookmarks of a session that is recorded', () => {
  it('are in the recording once the program has ended, and once a person has cleared the log', async () => {
    const program = await start({ record: true });
    await toggle(program, 10);
    await reply(program, 'session.setNote', { session: 1, row: 20, note: 'first' });
    await reply(program, 'session.clear', { session: 1 });
    program.feed(100);
    await program.until(() => program.session.store.rowCount === 100);
    await reply(program, 'session.setNote', { session: 1, row: 30, note: 'second' });
    await program.quit();
    const found: [number, string][][] = [];
    for (const path of recordingsOf(program)) found.push(notesOf((await opened(program, path)).session));
    expect(found.sort((a, b) => b.length - a.length)).toEqual([
      [
        [10, ''],
        [20, 'first'],
      ],
      [[30, 'second']],
    ]);
  });

  it('are there after a kill', async () => {
    const program = await start({ record: true });
    await reply(program, 'session.setNote', { session: 1, row: 42, note: 'look here' });
    const killed = await killedCopy(program, (recording) => {
      const part = recording.part('bookmarks', (value) => value);
      return recording.endRow === 2000 && part.ok && part.value !== null;
    });
    const { session } = await opened(program, killed);
    expect(session.bookmarks.all).toMatchObject([{ row: 42, text: 'IRP 43 of a device', note: 'look here' }]);
    expect(session.bookmarkRemark).toBe('');
  });

  it('are forgotten with rows that a program that logs asks to be forgotten', async () => {
    const program = await start({ record: true });
    await toggle(program, 10);
    program.session.clear('source');
    program.feed(100);
    await program.until(() => program.session.store.rowCount === 100);
    await program.quit();
    const [path] = recordingsOf(program) as [string];
    expect(rowsOf((await opened(program, path)).session)).toEqual([]);
  });

  it('say that they end with the tab where nothing is recorded', async () => {
    const program = await start();
    expect(program.session.bookmarkRemark).toContain('not recorded');
    const recorded = await start({ record: true });
    expect(recorded.session.bookmarkRemark).toBe('');
  });
});

describe('bookmarks of a recorded session that was opened', () => {
  /** A program with a recording that has bookmarks on the rows 10 and 20. */
  async function recorded(options: Partial<ProgramOptions> = {}) {
    const program = await start({ record: true, ...options });
    await toggle(program, 10);
    await reply(program, 'session.setNote', { session: 1, row: 20, note: 'noted' });
    await reply(program, 'session.clear', { session: 1 });
    await program.recordings.ended();
    const path = recordingsOf(program).find((each) => existsSync(join(each, 'part-bookmarks.json'))) as string;
    return { program, path };
  }

  it('are changed in it, for whoever opens it next', async () => {
    const { program, path } = await recorded();
    const { id, session } = await opened(program, path);
    await reply(program, 'session.removeBookmark', { session: id, row: 10 });
    await reply(program, 'session.setNote', { session: id, row: 30, note: 'later' });
    // The last change is not waited for by the person who closes the tab.
    await reply(program, 'workspace.closeSession', { session: id });
    await program.library.written();
    const again = await opened(program, path);
    expect(notesOf(again.session)).toEqual([
      [20, 'noted'],
      [30, 'later'],
    ]);
    expect(again.session.bookmarkRemark).toBe('');
    expect(session).not.toBe(again.session);
  });

  it('stay in it when a person clears the tab, as its rows do', async () => {
    const { program, path } = await recorded();
    const { id, session } = await opened(program, path);
    await reply(program, 'session.clear', { session: id });
    expect(rowsOf(session)).toEqual([]);
    await reply(program, 'workspace.closeSession', { session: id });
    await program.library.written();
    expect(notesOf((await opened(program, path)).session)).toEqual([
      [10, ''],
      [20, 'noted'],
    ]);
  });

  it('travel in one packed file, which keeps them as they were, and says so', async () => {
    const sent = (folder: string) => join(folder, 'sent.ringview.tar');
    const { program, path } = await recorded({ choose: sent, files: (folder) => [sent(folder)] });
    const id = path.slice(program.sessions.folder.length + 1).replace(/\.ringview$/, '');
    await reply(program, 'library.pack', { id });
    await program.until(() => program.exports.count === 0);
    const bytes = readFileSync(sent(program.folder));
    const file = await reply(program, 'workspace.openFiles', null);
    const session = sessionOf(program, file?.session as number);
    await program.whole(session);
    expect(notesOf(session)).toEqual([
      [10, ''],
      [20, 'noted'],
    ]);
    expect(session.bookmarkRemark).toContain('packed file');
    await reply(program, 'session.setNote', { session: file?.session as number, row: 5, note: 'for now' });
    expect(rowsOf(session)).toEqual([5, 10, 20]);
    await reply(program, 'workspace.closeSession', { session: file?.session as number });
    await program.library.written();
    expect(readFileSync(sent(program.folder)).equals(bytes)).toBe(true);
  });

  it.each([
    ['no JSON', '{"epoch":0,'],
    ['something else', '[1,2,3]'],
    ['a damaged one among them', '{"epoch":0,"bookmarks":[{"row":1},7]}'],
  ])('are none, and one sentence says so, where they are damaged: %s', async (_, text) => {
    const { program, path } = await recorded();
    writeFileSync(join(path, 'part-bookmarks.json'), text);
    const { id, session } = await opened(program, path);
    expect(rowsOf(session)).toEqual([]);
    expect(session.bookmarkRemark).toMatch(/^The bookmarks could not be read: part-bookmarks\.json .*\.$/);
    expect(program.lines.filter((line) => line.includes('part-bookmarks.json'))).toHaveLength(1);
    expect(session.store.rowCount).toBe(2000);
    // What is marked from here on takes the place of what could not be read.
    await reply(program, 'session.setNote', { session: id, row: 1, note: 'anew' });
    await reply(program, 'workspace.closeSession', { session: id });
    await program.library.written();
    expect(notesOf((await opened(program, path)).session)).toEqual([[1, 'anew']]);
  });

  it('are kept for as long as it is open, and say so, where nothing can be written', async () => {
    const { program, path } = await recorded();
    const { id, session } = await opened(program, path);
    rmSync(join(path, 'part-bookmarks.json'));
    mkdirSync(join(path, 'part-bookmarks.json'));
    await reply(program, 'session.setNote', { session: id, row: 7, note: 'nowhere to go' });
    await program.until(() => session.bookmarkRemark !== '');
    expect(session.bookmarkRemark).toContain('could not be written');
    expect(rowsOf(session)).toEqual([7, 10, 20]);
  });
});
