/** Files of one session are merged anew by what each is moved by: the order is that of a plain sort, whatever their lengths. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowFlag } from '../../../native/core/entry.ts';
import { fail, ok } from '../../../native/core/result.ts';
import { FakeSource, FileInPieces, type Pieces, storedRow } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { Session } from './session.ts';

const START_MS = 1_700_000_000_000;
interface LogFile {
  readonly pieces: Pieces;
  readonly beginMs: number;
}

/** A session over some files. Its clock stands still, so that a tick reads all there is of several, and a piece of one. */
function sessionOf(files: Readonly<Record<string, LogFile>>) {
  const opened: FakeSource[] = [];
  const session = new Session({
    open: (spec) => {
      const file = files[spec];
      if (spec === 'sim:live') return ok(new FakeSource({ name: spec }));
      if (file === undefined) return fail('source-not-found', `${spec} is not there`, 'Look for it');
      const source = new FileInPieces(spec, file.pieces, START_MS + file.beginMs);
      opened.push(source);
      return ok(source);
    },
    now: () => 0,
    store: { memoryCapBytes: 1 << 26 },
  });
  const readAll = (): void => {
    for (let turn = 0; turn < 8; turn++) session.tick(turn);
  };
  const rows = () =>
    Array.from({ length: session.store.rowCount }, (_, at) => {
      const { timeNs, flags, index, payload } = storedRow(session.store, at);
      return { name: `${decodeUtf8(payload)} ${index}`, timeNs, late: (flags & RowFlag.Late) !== 0 };
    });
  return { session, opened, readAll, rows };
}

const logFile: fc.Arbitrary<LogFile> = fc.record({
  // Times step back within a file now and then.
  pieces: fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 6 }), { minLength: 1, maxLength: 5 }),
  beginMs: fc.constantFrom(0, 0, -3, 5),
});
const offset = fc.integer({ min: -2_000_000, max: 2_000_000 });

/** All rows as a plain sort has them: by the largest time of their file so far. */
function sorted(files: readonly LogFile[], offsets: readonly number[]) {
  const all = files.flatMap(({ pieces, beginMs }, source) => {
    let key = Number.NEGATIVE_INFINITY;
    return pieces.flat().map((ownNs, at) => {
      const unixNs = ownNs + beginMs * 1e6 + (offsets[source] ?? 0);
      key = Math.max(key, unixNs);
      return { key, source, unixNs, name: `file:${source} ${at + 1}` };
    });
  });
  return all.sort((a, b) => a.key - b.key || a.source - b.source);
}

/** The same names, those of one time by file: which file comes first then depends on where a piece ended. */
function byFileWithinTimes(names: readonly string[], keyOf: ReadonlyMap<string, number>): readonly string[] {
  const file = (name: string): string => name.slice(0, name.indexOf(' '));
  return names
    .map((name, at) => ({ name, at, key: keyOf.get(name) ?? Number.NaN }))
    .sort((a, b) =>
      a.key === b.key
        ? file(a.name) < file(b.name)
          ? -1
          : file(a.name) > file(b.name)
            ? 1
            : a.at - b.at
        : a.at - b.at,
    )
    .map(({ name }) => name);
}

describe('files of one session', () => {
  it('are merged in the order of a plain sort, after any of them was moved', () => {
    fc.assert(
      fc.property(
        fc.array(logFile, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat({ max: 3 }), offset), { maxLength: 4 }),
        (files, moves) => {
          const specs = files.map((_, at) => `file:${at}`);
          const { session, readAll, rows } = sessionOf(
            Object.fromEntries(files.map((file, at) => [`file:${at}`, file])),
          );
          const offsets = files.map(() => 0);
          expect(session.files.add(specs)).toEqual({ ok: true, value: null });
          readAll();
          for (const [which, ns] of [[0, 0] as const, ...moves]) {
            const source = which % files.length;
            offsets[source] = ns;
            expect(session.files.setOffset(source, ns).ok).toBe(true);
            readAll();
            const wanted = sorted(files, offsets);
            const have = rows();
            const keyOf = new Map(wanted.map(({ name, key }) => [name, key]));
            const names = have.map(({ name }) => name);
            expect(names.map((name) => keyOf.get(name))).toEqual(wanted.map(({ key }) => key));
            expect(byFileWithinTimes(names, keyOf)).toEqual(wanted.map(({ name }) => name));
            expect(have.some(({ late }) => late)).toBe(false);
            // Time 0 is the begin of the first of them.
            const zero = Math.min(...files.map(({ beginMs }, at) => beginMs * 1e6 + (offsets[at] as number)));
            const timeOf = new Map(wanted.map(({ name, unixNs }) => [name, unixNs]));
            expect(have.map(({ timeNs }) => timeNs + zero)).toEqual(names.map((name) => timeOf.get(name)));
            expect(Math.round((session.startUnixMs - START_MS) * 1e3)).toBeCloseTo(zero / 1e3, -1);
            expect(session.status(0).sources.map(({ statedNs = 0 }) => statedNs)).toEqual(offsets);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it('are read piece by piece, the one furthest behind first, so that hardly a row waits', () => {
    const long = { pieces: Array.from({ length: 200 }, (_, at) => [at * 10]), beginMs: 0 };
    const { session } = sessionOf({ 'file:0': long, 'file:1': long, 'file:2': { pieces: [[5000]], beginMs: 0 } });
    session.files.add(['file:0', 'file:1', 'file:2']);
    session.tick(0);
    // The rows of the first two are out, though the third is ahead of both.
    expect(session.store.rowCount).toBe(401);
  });

  it('keep their rows where one of them cannot be opened', () => {
    const files: Record<string, LogFile> = { 'file:0': { pieces: [[1, 2]], beginMs: 0 } };
    const { session, opened, readAll, rows } = sessionOf(files);
    session.files.add(['file:0']);
    readAll();
    const { epoch } = session.store;
    expect(session.files.add(['file:9'])).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
    expect(session.files.add(['file:0'])).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(session.files.setOffset(7, 1)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    delete files['file:0'];
    expect(session.files.setOffset(0, 1)).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
    expect([session.store.epoch, rows().length]).toEqual([epoch, 2]);
    // What was opened in vain is closed.
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  it('are not merged with what was captured live, and nothing changes', () => {
    const { session, readAll, rows } = sessionOf({ 'file:0': { pieces: [[1, 2]], beginMs: 0 } });
    session.start('sim:live');
    const refused = { ok: false, failure: { code: 'bad-argument', message: expect.stringContaining('sim:live') } };
    expect(session.files.add(['file:0'])).toMatchObject(refused);
    expect(session.files.setOffset(0, 5)).toMatchObject(refused);
    session.stop();
    session.clear();
    expect(session.files.add(['file:0'])).toMatchObject(refused);
    expect(session.status(0).sources.map(({ name }) => name)).toEqual(['sim:live']);
    const other = sessionOf({ 'file:0': { pieces: [[1, 2]], beginMs: 0 } });
    other.session.files.add(['file:0']);
    other.readAll();
    other.session.add('sim:live');
    expect(other.session.files.setOffset(0, 5)).toMatchObject(refused);
    readAll();
    expect([rows().length, other.rows().length]).toEqual([0, 2]);
  });

  it('say their offset beside their rows, and forget nothing of it when the log is cleared', () => {
    const { session, readAll } = sessionOf({ 'file:0': { pieces: [[1, 2]], beginMs: 0 } });
    session.files.add(['file:0']);
    session.files.setOffset(0, 1500);
    readAll();
    expect(session.facts().sources).toMatchObject([{ id: 0, statedNs: 1500 }]);
    expect(session.origin).toMatchObject({ bootNs: null });
    session.clear();
    expect(session.facts().sources).toMatchObject([{ id: 0, statedNs: 1500 }]);
    session.files.setOffset(0, 0);
    readAll();
    expect(session.facts().sources.map(({ statedNs }) => statedNs)).toEqual([undefined]);
  });
});
