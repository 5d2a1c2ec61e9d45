/**
 * Sessions that are opened: in place and at once, also packed, also damaged. Whatever was done to the files, what is shown is
 * what was recorded, and what is missing is named.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, type PlainRow } from '../session/test-support.ts';
import { decodeUtf8 } from '../session/text/text.ts';
import { formatLine, parseLine } from './batch-line.ts';
import { partFileName } from './layout.ts';
import { openSession } from './opened-session.ts';
import { packSession, writePart } from './pack.ts';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import { allRows, DirectWriter, newFolder, removeFolders, someRows, TINY } from './test-support.ts';

const made: string[] = [];
afterAll(() => removeFolders(made));

const ROWS = 330;
let ended = '';
let killed = '';

/** Records rows into a folder; gives how it looked just before its end, too. */
beforeAll(async () => {
  ended = newFolder(made);
  const writer = new DirectWriter({ folder: ended, fileBytes: 20_000 });
  const recorder = new SessionRecorder(writer, { folder: ended, unixMs: () => 1_700_000_000_000 });
  const store = new SessionStore({ ...TINY, archive: recorder.archive });
  recorder.attach(store);
  for (let given = 0; given < ROWS; given += 10) {
    store.append(batchOf(someRows(10, given)));
    recorder.tick(given * TAIL_MS);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  writer.syncNow();
  while (!existsSync(join(ended, 'session.json'))) await new Promise((resolve) => setTimeout(resolve, 5));
  killed = newFolder(made);
  cpSync(ended, killed, { recursive: true });
  expect(await recorder.finish('stopped')).toBeNull();
});

function copyOf(session: string): string {
  const copy = newFolder(made);
  cpSync(session, copy, { recursive: true });
  return copy;
}

interface Read {
  readonly rows: readonly PlainRow[];
  readonly firstRow: number;
  readonly damages: readonly string[];
}

function read(path: string): Read | string {
  const opened = openSession(path);
  if (!opened.ok) return opened.failure.message;
  const store = new SessionStore({ ...TINY, archive: opened.value.archive });
  opened.value.fill(store);
  const rows = allRows(store);
  const { firstRow, damages } = opened.value;
  opened.value.close();
  return { rows, firstRow, damages };
}

function readable(path: string): Read {
  const found = read(path);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const WHOLE = someRows(ROWS);

/** Rows that say that they cannot be read. Throws for one that is neither that nor what was recorded. */
function unreadable({ rows, firstRow }: Read): number {
  let count = 0;
  for (const [at, row] of rows.entries()) {
    if (isDeepStrictEqual(row, WHOLE[firstRow + at])) continue;
    expect(decodeUtf8(row.payload)).toContain('cannot be read back');
    count++;
  }
  return count;
}

describe('a session that was recorded', () => {
  it('opens where it lies, whether it was ended or not', () => {
    expect(readable(ended)).toEqual({ rows: WHOLE, firstRow: 0, damages: [] });
    expect(readable(killed)).toEqual({ rows: WHOLE, firstRow: 0, damages: [] });
  });

  it('opens packed as one file, without being unpacked', async () => {
    for (const session of [ended, killed]) {
      const out = join(newFolder(made), 'sent.tar');
      expect(await packSession(session, out, 0)).toEqual({ ok: true, value: undefined });
      expect(readable(out)).toEqual({ rows: WHOLE, firstRow: 0, damages: [] });
    }
  });

  it('has what the app keeps beside its rows', () => {
    const copy = copyOf(ended);
    const notes = [{ row: 17, text: 'here it stopped' }];
    expect(writePart(copy, 'notes', notes).ok).toBe(true);
    const opened = openSession(copy);
    if (!opened.ok) throw new Error(opened.failure.message);
    expect(opened.value.part('notes', (value) => (Array.isArray(value) ? value : null))).toEqual({
      ok: true,
      value: notes,
    });
    expect(opened.value.part('bookmarks', () => null)).toEqual({ ok: true, value: null });
    expect(opened.value.part('notes', () => null)).toMatchObject({ ok: false, failure: { code: 'io-error' } });
    opened.value.close();
    expect(() => writePart(copy, '../up', notes)).toThrow('no name of a part');
  });

  it('keeps nothing beside its rows through a link that came with it', () => {
    const copy = copyOf(ended);
    const away = join(newFolder(made), 'mine.json');
    writeFileSync(away, 'of somebody else');
    symlinkSync(away, join(copy, partFileName('notes')));
    expect(writePart(copy, 'notes', []).ok).toBe(true);
    expect(readFileSync(away, 'utf8')).toBe('of somebody else');
    expect(readFileSync(join(copy, partFileName('notes')), 'utf8')).toBe('[]\n');
  });
});

describe('a session whose files were cut', () => {
  it('keeps every row before the cut, wherever it is', () => {
    const cases = countCases('all rows', 'some rows', 'none');
    fc.assert(
      fc.property(
        fc.constantFrom('ended', 'killed'),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (which, pick, share) => {
          const copy = copyOf(which === 'ended' ? ended : killed);
          const files = readdirSync(copy).filter((name) => name.includes('.arrows'));
          const name = files[pick % files.length] as string;
          truncateSync(join(copy, name), Math.floor(statSync(join(copy, name)).size * share));
          const found = readable(copy);
          unreadable(found);
          cases.note('all rows', found.rows.length === ROWS);
          cases.note('some rows', found.rows.length < ROWS && found.rows.length > 0);
          cases.note('none', found.rows.length === 0);
          rmSync(copy, { recursive: true });
        },
      ),
      { numRuns: 100 },
    );
    const packed = copyOf(ended);
    for (const name of readdirSync(packed)) if (!name.includes('.json')) truncateSync(join(packed, name), 0);
    cases.note('none', readable(packed).rows.length === 0);
    cases.expectEach();
  });

  it('of a packed one, keeps every row before the cut', async () => {
    const folder = newFolder(made);
    const whole = join(folder, 'whole.tar');
    await packSession(ended, whole, 0);
    const bytes = readFileSync(whole);
    let most = 0;
    for (let at = 0; at < bytes.length; at += 1777) {
      const cut = join(folder, 'cut.tar');
      writeFileSync(cut, bytes.subarray(0, at));
      const found = read(cut);
      if (typeof found === 'string') continue;
      expect(unreadable(found)).toBe(0);
      if (at < bytes.length - 2048) expect(found.damages.length).toBeGreaterThan(0);
      most = Math.max(most, found.rows.length);
    }
    expect(most).toBeGreaterThan(ROWS / 2);
  });

  it('says where the rows are that are in none of its files', () => {
    const copy = copyOf(ended);
    const files = readdirSync(copy).filter((name) => name.endsWith('.arrows'));
    expect(files.length).toBeGreaterThan(2);
    rmSync(join(copy, files[1] as string));
    const found = readable(copy);
    expect(found.rows.length).toBe(ROWS);
    expect(unreadable(found)).toBeGreaterThan(0);
    expect(found.damages.join()).toMatch(/the rows \d+ to \d+ are in none of its files/);
  });

  it('is read from the rows themselves where the lists of them are gone', () => {
    const copy = copyOf(ended);
    for (const name of readdirSync(copy)) if (name.endsWith('.index')) rmSync(join(copy, name));
    const found = readable(copy);
    expect(found.rows).toEqual(WHOLE);
    expect(found.damages.every((each) => each.includes('its list of batches could not be read'))).toBe(true);
  });

  it('is read without its manifest, which is said', () => {
    const copy = copyOf(ended);
    for (const text of ['', '{}', '{"format":"ringview-session","version":1}', '[]']) {
      writeFileSync(join(copy, 'session.json'), text);
      const found = readable(copy);
      expect(found.rows).toEqual(WHOLE);
      expect(found.damages.join()).toContain('session.json could not be used');
    }
    rmSync(join(copy, 'session.json'));
    expect(readable(copy).rows).toEqual(WHOLE);
  });
});

describe('a session whose bytes were changed', () => {
  it('shows what was recorded or says that it cannot be read, whatever byte was changed', () => {
    const cases = countCases('rows that cannot be read', 'nothing noticed');
    fc.assert(
      fc.property(
        fc.constantFrom('ended', 'killed'),
        fc.array(
          fc.tuple(fc.nat(), fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 255 })),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        (which, changes) => {
          const copy = copyOf(which === 'ended' ? ended : killed);
          const files = readdirSync(copy).filter((name) => name.includes('.arrows'));
          for (const [pick, share, bits] of changes) {
            const path = join(copy, files[pick % files.length] as string);
            const bytes = readFileSync(path);
            if (bytes.length === 0) continue;
            const at = Math.floor(bytes.length * share);
            bytes[at] = (bytes[at] as number) ^ bits;
            writeFileSync(path, bytes);
          }
          const found = readable(copy);
          const bad = unreadable(found);
          cases.note('rows that cannot be read', bad > 0);
          cases.note('nothing noticed', bad === 0 && found.rows.length === ROWS);
          rmSync(copy, { recursive: true });
        },
      ),
      {
        numRuns: 100,
        // Most bytes are columns that take any value: these places make sure that some are not.
        examples: Array.from({ length: 40 }, (_, at): ['ended', [number, number, number][]] => [
          'ended',
          [[at % 5, at / 40, 0xff]],
        ]),
      },
    );
    cases.expectEach();
  });
});

describe('a folder that is no session, or a hostile one', () => {
  it('is refused by name', () => {
    const folder = newFolder(made);
    expect(read(folder)).toContain('is no session of RingView: it has no session.json');
    const file = join(folder, 'x.tar');
    writeFileSync(file, 'short');
    expect(read(file)).toContain('is no session of RingView');
    writeFileSync(file, Buffer.alloc(4096, 7));
    expect(read(file)).toContain('no header of a tar archive');
    expect(read(join(folder, 'nothing'))).toContain('could not be opened');
  });

  it('of a later version is not guessed at', () => {
    const copy = copyOf(ended);
    const manifest = JSON.parse(readFileSync(join(copy, 'session.json'), 'utf8'));
    writeFileSync(join(copy, 'session.json'), JSON.stringify({ ...manifest, version: 2 }));
    expect(openSession(copy)).toMatchObject({ ok: false, failure: { code: 'bad-version' } });
  });

  it('is not followed through links, nor waited for at pipes and folders', () => {
    const copy = copyOf(ended);
    const [name] = readdirSync(copy).filter((each) => each.endsWith('.arrows'));
    const away = join(newFolder(made), 'away.arrows');
    renameSync(join(copy, name as string), away);
    symlinkSync(away, join(copy, name as string));
    const found = readable(copy);
    expect(unreadable(found)).toBe(0);
    expect(found.rows.length).toBeLessThan(ROWS);
    expect(found.damages.join()).toContain('is no plain file and was not opened');
    rmSync(join(copy, name as string));
    mkdirSync(join(copy, name as string));
    expect(readable(copy).damages.join()).toContain('is no plain file');
    // Another name of the same file is the file.
    rmSync(join(copy, name as string), { recursive: true });
    linkSync(away, join(copy, name as string));
    expect(readable(copy).rows).toEqual(WHOLE);
  });

  it('cannot make anything of huge counts, even with a checksum that fits', () => {
    const copy = copyOf(ended);
    const [name] = readdirSync(copy).filter((each) => each.endsWith('.index'));
    const path = join(copy, name as string);
    const [first] = readFileSync(path, 'utf8').split('\n');
    const line = parseLine(first as string);
    if (line === null || 'gone' in line) throw new Error('a line of a batch');
    const { summary } = line;
    const hostile = [
      { ...line, rows: 2 ** 40 },
      { ...line, rows: 1 << 19, summary: { ...summary, entries: 1 << 19, gaps: 0 } },
      { ...line, length: 2 ** 45 },
      { ...line, at: 2 ** 50 },
      { ...line, at: -8 },
      { ...line, row: 4_000_000_000 },
      { ...line, summary: { ...summary, strips: Array(100_000).fill([0, 1, 1, 1]) } },
      { ...line, summary: { ...summary, cpus: [[70_000, summary.entries]] } },
      { ...line, summary: null },
    ];
    for (const each of hostile) {
      writeFileSync(path, formatLine(each as never));
      const found = readable(copy);
      unreadable(found);
      expect([each, found.damages.length > 0]).toEqual([each, true]);
    }
    appendFileSync(path, 'x'.repeat(100_000));
    unreadable(readable(copy));
  });
});
