/** Bookmarks beside the rows of a session: what was written comes back, and what anybody else wrote does no harm. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bookmark, MAX_BOOKMARK_TEXT, MAX_NOTE, MOST_BOOKMARKS } from '../contract/bookmarks.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf } from '../session/test-support.ts';
import { BOOKMARKS_PART, formatBookmarks, MOST_BOOKMARK_BYTES, parseBookmarks } from './bookmarks-part.ts';
import { partFileName } from './layout.ts';
import { openSession } from './opened-session.ts';
import { writePart } from './pack.ts';
import { PartFile } from './part-file.ts';
import { SessionRecorder } from './recorder.ts';
import { DirectWriter, newFolder, removeFolders, someRows, TINY } from './test-support.ts';

const made: string[] = [];
afterEach(() => removeFolders(made));

const FILE = partFileName(BOOKMARKS_PART);
const mark = (row: number, note = ''): Bookmark => ({ row, index: row, timeNs: row, text: `row ${row}`, note });

const bookmark = fc.record({
  row: fc.nat({ max: 2 ** 32 - 2 }),
  index: fc.maxSafeNat(),
  timeNs: fc.maxSafeInteger(),
  text: fc.string({ unit: 'grapheme', maxLength: 20 }),
  note: fc.constantFrom('', 'why?', '\ud800', 'für „Gerät“', 'x'.repeat(MAX_NOTE)),
});

describe('the bookmarks beside the rows of a session', () => {
  it('come back as they were, in the order of rows, for the epoch they were of and for no other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(bookmark, { selector: ({ row }) => row }), fc.nat({ max: 9 }), (marks, epoch) => {
        const value: unknown = JSON.parse(formatBookmarks(epoch, marks));
        expect(parseBookmarks(value, epoch)).toEqual([...marks].sort((a, b) => a.row - b.row));
        expect(parseBookmarks(value, epoch + 1)).toEqual([]);
      }),
    );
  });

  it('fit into what is read of them, as many and as long as they may be', () => {
    const longest = { text: '\u{10000}'.repeat(MAX_BOOKMARK_TEXT / 2), note: '\ud800'.repeat(MAX_NOTE) };
    const last = 2 ** 32 - 2;
    const marks = Array.from({ length: MOST_BOOKMARKS }, (_, at) => ({
      ...{ row: last - at, index: Number.MAX_SAFE_INTEGER, timeNs: Number.MIN_SAFE_INTEGER },
      ...longest,
    }));
    expect(Buffer.byteLength(formatBookmarks(999_999_999, marks))).toBeLessThan(MOST_BOOKMARK_BYTES);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['no epoch', { bookmarks: [] }],
    ['an epoch that is none', { epoch: -1, bookmarks: [] }],
    ['no list', { epoch: 0, bookmarks: { length: 2 } }],
    ['too many', { epoch: 0, bookmarks: Array.from({ length: MOST_BOOKMARKS + 1 }, (_, at) => mark(at)) }],
    ['a row twice', { epoch: 0, bookmarks: [mark(3), mark(3)] }],
    ['a row that can be none', { epoch: 0, bookmarks: [{ ...mark(0), row: 2 ** 32 }] }],
    ['half a row', { epoch: 0, bookmarks: [{ ...mark(0), row: 0.5 }] }],
    ['a time that is none', { epoch: 0, bookmarks: [{ ...mark(0), timeNs: '5' }] }],
    ['a text too long', { epoch: 0, bookmarks: [{ ...mark(0), text: 'x'.repeat(MAX_BOOKMARK_TEXT + 1) }] }],
    ['a note too long', { epoch: 0, bookmarks: [mark(0, 'x'.repeat(MAX_NOTE + 1))] }],
    ['a note that is no text', { epoch: 0, bookmarks: [{ ...mark(0), note: { toString: 'x' } }] }],
    ['one that is damaged among others', { epoch: 0, bookmarks: [mark(1), null] }],
  ])('are none at all where they are damaged: %s', (_, value) => {
    expect(parseBookmarks(value, 0)).toBeNull();
  });

  it('take nothing over but what a bookmark has, and a note on one line', () => {
    const value = JSON.parse(
      '{"epoch":0,"more":1,"bookmarks":[{"row":1,"index":2,"timeNs":3,"text":"t","note":" a\\nb ","__proto__":{"x":1}}]}',
    );
    expect(parseBookmarks(value, 0)).toEqual([{ row: 1, index: 2, timeNs: 3, text: 't', note: 'a b' }]);
  });
});

describe('a part of a session that is open', () => {
  it('is on the disk as it was last, whatever was asked for meanwhile', async () => {
    const folder = newFolder(made);
    const file = new PartFile(folder, BOOKMARKS_PART);
    for (let n = 0; n < 20; n++) void file.write(`${n}`);
    await file.write('the last');
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe('the last');
    expect(readdirSync(folder)).toEqual([FILE]);
    expect(file.failure).toBeNull();
  });

  it('replaces a link that lies there, and leaves alone what it leads to', async () => {
    const folder = newFolder(made);
    const elsewhere = join(newFolder(made), 'precious');
    writeFileSync(elsewhere, 'mine');
    symlinkSync(elsewhere, join(folder, FILE));
    await new PartFile(folder, BOOKMARKS_PART).write('text');
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(lstatSync(join(folder, FILE)).isFile()).toBe(true);
    rmSync(join(folder, FILE));
    symlinkSync(elsewhere, join(folder, FILE));
    expect(writePart(folder, BOOKMARKS_PART, []).ok).toBe(true);
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(lstatSync(join(folder, FILE)).isFile()).toBe(true);
  });

  it('says why it cannot be written, leaves nothing behind, and is written once it can be', async () => {
    const folder = newFolder(made);
    mkdirSync(join(folder, FILE));
    const file = new PartFile(folder, BOOKMARKS_PART);
    await file.write('text');
    expect(file.failure?.system?.code).toMatch(/EISDIR|EPERM|EACCES/);
    expect(readdirSync(folder)).toEqual([FILE]);
    rmSync(join(folder, FILE), { recursive: true });
    await file.write('text');
    expect([file.failure, readFileSync(join(folder, FILE), 'utf8')]).toEqual([null, 'text']);
  });
});

describe('a part of a session that is recorded', () => {
  function recorded() {
    const folder = newFolder(made);
    const writer = new DirectWriter({ folder });
    const recorder = new SessionRecorder(writer, { folder, unixMs: () => 1_700_000_000_000 });
    const store = new SessionStore({ ...TINY, archive: recorder.archive });
    recorder.attach(store);
    store.append(batchOf(someRows(40)));
    recorder.tick(0);
    return { folder, writer, recorder, store };
  }
  const partIn = (folder: string) => {
    const opened = openSession(folder);
    if (!opened.ok) throw new Error(opened.failure.message);
    const { epoch } = opened.value.manifest;
    const part = opened.value.part(BOOKMARKS_PART, (value) => parseBookmarks(value, epoch));
    const rows = opened.value.endRow;
    opened.value.close();
    return part.ok ? { rows, marks: part.value } : part.failure;
  };

  it('is on the disk with the next time that rows are made safe, and at the end, in its newest form', async () => {
    const { folder, writer, recorder } = recorded();
    recorder.keepPart(BOOKMARKS_PART, formatBookmarks(0, [mark(1)]));
    recorder.keepPart(BOOKMARKS_PART, formatBookmarks(0, [mark(1), mark(2, 'why?')]));
    writer.syncNow();
    await expect.poll(() => partIn(folder)).toMatchObject({ marks: [mark(1), mark(2, 'why?')] });
    recorder.keepPart(BOOKMARKS_PART, formatBookmarks(0, [mark(5)]));
    expect(await recorder.finish('stopped')).toBeNull();
    expect(partIn(folder)).toEqual({ rows: 40, marks: [mark(5)] });
  });

  it('keeps no rows from being safe where it cannot be written, and is tried again', async () => {
    const { folder, writer, recorder } = recorded();
    mkdirSync(join(folder, FILE));
    recorder.keepPart(BOOKMARKS_PART, formatBookmarks(0, [mark(1)]));
    writer.syncNow();
    await expect.poll(() => recorder.status.failure?.system?.code).toMatch(/EISDIR|EPERM|EACCES/);
    expect(readFileSync(join(folder, 'session.json'), 'utf8')).toContain('"ended": null');
    rmSync(join(folder, FILE), { recursive: true });
    expect(await recorder.finish('stopped')).toBeNull();
    expect(partIn(folder)).toEqual({ rows: 40, marks: [mark(1)] });
  });

  it('is of no use to the rows that follow a clear of the program that logs', async () => {
    const { folder, recorder, store } = recorded();
    recorder.keepPart(BOOKMARKS_PART, formatBookmarks(recorder.rowsEpoch, [mark(1)]));
    store.clear();
    store.append(batchOf(someRows(3)));
    expect(await recorder.finish('stopped')).toBeNull();
    expect(partIn(folder)).toEqual({ rows: 3, marks: [] });
  });
});
