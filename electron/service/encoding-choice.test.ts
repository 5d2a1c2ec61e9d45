/** The encoding of a file that was opened is told, and the file is read again in another one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isKnownEncoding } from '../../native/sources/file/encoding.ts';
import { ENCODING_NAMES } from '../contract/encodings.ts';
import { FakeThreads } from '../session/test-support.ts';
import { startProgram, type TestProgram } from './test-support.ts';

let program: TestProgram | null = null;
afterEach(() => program?.end());

/** "Ошибка диска" as a Russian Windows writes it, behind the columns of DebugView; 0x88 is no letter of any Latin page. */
const CYRILLIC = Uint8Array.of(0xce, 0xf8, 0xe8, 0xe1, 0xea, 0xe0, 0x20, 0xe4, 0xe8, 0xf1, 0xea, 0xe0);
const RUSSIAN = 'Ошибка диска';

/** Opens a DebugView log of two lines in that code page. */
async function opened() {
  program = startProgram({
    scanner: new FakeThreads().pool,
    files: (folder) => {
      mkdirSync(folder, { recursive: true });
      const path = join(folder, 'DBWIN.LOG');
      const line = (n: number) => Buffer.concat([Buffer.from(`0000000${n}\t0.0000${n}000\t[42] `), CYRILLIC]);
      writeFileSync(path, Buffer.concat([line(1), Buffer.from('\r\n'), line(2), Buffer.from('\r\n')]));
      return [path];
    },
  });
  const { calls, service } = program;
  expect(await calls.answer('workspace.openFiles', null)).toMatchObject({ ok: true });
  const view = service.workspace.openViews.at(-1);
  const found = service.workspace.session(view?.session ?? -1);
  if (!found.ok || view === undefined) throw new Error('nothing was opened');
  const session = found.value;
  const whole = (rows: number) => program?.until(() => session.store.rowCount === rows && ended());
  const file = () => session.status(0).source?.file;
  const ended = () => file()?.ended === true;
  const texts = () => view.log.rows(0, 9).rows.map(({ text }) => text);
  await whole(2);
  return { program, calls, id: view.session, session, whole, texts, file };
}

describe('the encoding of an opened file', () => {
  it('is shown with whether it was guessed, and the file is read again in the one that was chosen', async () => {
    const { calls, id, whole, texts, file } = await opened();
    expect(file()?.encodingBy).toBe('assumed');
    const read = await calls.answer('session.readAs', { session: id, id: 0, encoding: 'windows-1251', stands: [] });
    expect(read).toMatchObject({ ok: true });
    await whole(2);
    expect(texts()).toEqual([RUSSIAN, RUSSIAN].map((text) => expect.stringContaining(text)));
    expect(file()).toMatchObject({ encoding: 'windows-1251', encodingBy: 'chosen', format: 'DebugView log' });
    // And back to the guess.
    expect(await calls.answer('session.readAs', { session: id, id: 0, encoding: 'auto', stands: [] })).toMatchObject({
      ok: true,
    });
    await whole(2);
    expect(file()?.encodingBy).toBe('assumed');
  });

  it('is not chosen for what is no file, nor where the rows are of other sources too', async () => {
    const { calls, id, session, whole } = await opened();
    const refused = { ok: false, failure: { code: 'bad-argument' } };
    expect(await calls.answer('session.readAs', { session: 1, id: 0, encoding: 'utf-8', stands: [] })).toMatchObject(
      refused,
    );
    expect(await calls.answer('session.readAs', { session: id, id: 9, encoding: 'utf-8', stands: [] })).toMatchObject(
      refused,
    );
    expect(session.add('sim:demo').ok).toBe(true);
    expect(await calls.answer('session.readAs', { session: id, id: 0, encoding: 'utf-8', stands: [] })).toMatchObject(
      refused,
    );
    await whole(2);
  });

  it('is one of those that this program can read', async () => {
    for (const name of ENCODING_NAMES) expect([name, name === 'auto' || isKnownEncoding(name)]).toEqual([name, true]);
    const { calls, id } = await opened();
    for (const encoding of ['klingon', '', 'UTF-8 ', '/etc/passwd', null])
      expect(await calls.answer('session.readAs', { session: id, id: 0, encoding, stands: [] } as never)).toMatchObject(
        {
          ok: false,
          failure: { code: 'bad-argument' },
        },
      );
  });
});
