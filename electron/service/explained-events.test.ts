/** A trace that was opened is read again by files that explain its events, which the person is asked for. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { at, PROVIDER, traceFile, wppMessage } from '../../native/sources/etl/test-support.ts';
import { isExplained, type SymbolPlace } from '../contract/merging.ts';
import { FakeThreads } from '../session/test-support.ts';
import { startProgram, type TestProgram } from './test-support.ts';

let program: TestProgram | null = null;
afterEach(() => program?.end());

const message = (number: number): Buffer => wppMessage(PROVIDER, number, Buffer.from([7, 0, 0, 0]), { ticks: at(1) });
const tmf = (number: number, words: string): string =>
  `${PROVIDER} probe // SRC=x.c MJ= MN=\n#typev x_c${number} ${number} "${words} %10!d!" //  FUNC=F\n{\nn, ItemLong -- 10\n}\n`;

/** Opens a trace of two messages. `symbols`: what the person chooses, one question after the other. */
async function opened(...symbols: (readonly string[])[]) {
  const remembered: (readonly string[])[] = [];
  const askedFor: SymbolPlace[] = [];
  program = startProgram({
    scanner: new FakeThreads().pool,
    files: (folder) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'x.etl'), traceFile([{ events: [message(10), message(11)] }]));
      writeFileSync(join(folder, 'a.tmf'), tmf(10, 'ten'));
      writeFileSync(join(folder, 'b.tmf'), tmf(11, 'eleven'));
      mkdirSync(join(folder, 'words'));
      writeFileSync(join(folder, 'words', 'b.tmf'), tmf(11, 'eleven'));
      return [join(folder, 'x.etl')];
    },
    symbols: (folder, from) => {
      askedFor.push(from);
      return (symbols.shift() ?? []).map((name) => join(folder, name));
    },
    rememberSymbols: (paths) => remembered.push(paths.map((path) => basename(path))),
  });
  const { calls, service } = program;
  expect(await calls.answer('workspace.openFiles', null)).toMatchObject({ ok: true });
  const view = service.workspace.openViews.at(-1);
  const found = service.workspace.session(view?.session ?? -1);
  if (!found.ok || view === undefined) throw new Error('nothing was opened');
  const session = found.value;
  const file = () => session.status(0).source?.file;
  const whole = () => program?.until(() => session.store.rowCount === 2 && file()?.ended === true);
  await whole();
  const texts = () => view.log.rows(0, 9).rows.map(({ text }) => text);
  const explain = (id = 0, from: SymbolPlace = 'files') =>
    calls.answer('session.explainEvents', { session: view.session, id, from, stands: [] });
  return { session, whole, texts, explain, file, remembered, askedFor };
}

const UNKNOWN = (number: number) => expect.stringContaining(`no format for message ${number}`);

describe('the events of an opened trace', () => {
  it('have the words of the files that the person chooses, and keep them when more are chosen', async () => {
    const { texts, explain, whole, file } = await opened(['a.tmf'], ['b.tmf']);
    expect(isExplained(file()?.format ?? null)).toBe(true);
    expect(texts()).toEqual([UNKNOWN(10), UNKNOWN(11)]);
    expect(await explain()).toMatchObject({ ok: true, value: { files: 1, bookmarksLost: 0 } });
    await whole();
    expect(texts()).toEqual(['ten 7', UNKNOWN(11)]);
    expect(await explain()).toMatchObject({ ok: true, value: { files: 1 } });
    await whole();
    expect(texts()).toEqual(['ten 7', 'eleven 7']);
  });

  it('have the words that a folder has, which is remembered for other traces', async () => {
    const { texts, explain, whole, remembered, askedFor } = await opened(['words'], ['a.tmf']);
    expect(await explain(0, 'folder')).toMatchObject({ ok: true, value: { files: 1 } });
    await whole();
    expect(texts()).toEqual([UNKNOWN(10), 'eleven 7']);
    await explain();
    await whole();
    expect(texts()).toEqual(['ten 7', 'eleven 7']);
    expect([askedFor, remembered]).toEqual([
      ['folder', 'files'],
      [['words'], ['a.tmf']],
    ]);
  });

  it('stay as they are where nothing is chosen, or nothing that can be read', async () => {
    const { session, texts, explain, whole, remembered } = await opened([], ['missing.pdb'], ['a.tmf']);
    expect(await explain()).toEqual({ ok: true, value: null });
    expect(await explain()).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
    expect(await explain(9)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    await whole();
    expect(texts()).toEqual([UNKNOWN(10), UNKNOWN(11)]);
    expect(remembered).toEqual([]);
    // With rows that were captured live nothing is read again, so nobody is asked.
    expect(session.add('sim:demo').ok).toBe(true);
    expect(await explain()).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  });
});
