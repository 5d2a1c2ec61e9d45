/** What is highlighted while a session is recorded comes back with it, in its views alone, until somebody wants it no longer. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COLOUR_NAMES, type ColourRule, type RowColours } from '../contract/colour-rules.ts';
import { unpack } from '../contract/packed.ts';
import { FakeThreads } from '../session/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import {
  endedPrograms,
  type ProgramOptions,
  recordingsOf,
  reply,
  sessionOf,
  type TestProgram,
} from './test-support.ts';

const rule = (text: string, colour: ColourRule['colour']): ColourRule => ({
  ...{ of: 'rows', text, caseSensitive: false, colour, on: true },
});
const code = (colour: ColourRule['colour']): number => COLOUR_NAMES.indexOf(colour) + 1;

const start = endedPrograms({ scanner: new FakeThreads().pool, record: true });

/** A program with a recording that was made while `highlights` changed from none to these. */
async function recorded(highlights: readonly ColourRule[], options: Partial<ProgramOptions> = {}) {
  expect(await ensureBuild(['main'])).toMatchObject({ ok: true });
  const program = start(options);
  await program.until(() => program.session.store.rowCount === 2000);
  await reply(program, 'colours.set', { rules: highlights });
  await reply(program, 'session.clear', { session: 1 });
  await program.recordings.ended();
  const path = recordingsOf(program).find((each) => existsSync(join(each, 'part-highlights.json')));
  // Of another person, who highlights something else.
  program.told.highlights = [rule('cpu:0', 'red')];
  return { program, path: path as string };
}

async function open(program: TestProgram, path: string) {
  const id = path.slice(program.sessions.folder.length + 1).replace(/\.ringview$/, '');
  const opened = await reply(program, 'library.open', { id });
  await program.whole(sessionOf(program, opened.session));
  return opened;
}

/** The colours of the first rows of a view. */
async function coloursOf(program: TestProgram, view: number): Promise<readonly number[]> {
  const open = program.service.workspace.view(view);
  if (!open.ok) throw new Error(open.failure.message);
  const { generation } = open.value.log;
  const packed = await reply(program, 'view.colours', { view, generation, first: 0, count: 8 });
  return (unpack(packed as never) as RowColours).colours;
}

it('behind the person’s own, and in no other session', async () => {
  const { program, path } = await recorded([rule('cpu:0-1', 'green'), rule('cpu:0', 'red')]);
  const { session, view } = await open(program, path);
  expect(await reply(program, 'session.highlights', { session })).toMatchObject([
    { text: 'cpu:0-1' },
    { text: 'cpu:0' },
  ]);
  // Rows are of CPU 1, 2, 3, 0, 1, ...; those of CPU 0 have the person's own colour.
  const [green, red] = [code('green'), code('red')];
  expect(await coloursOf(program, view)).toEqual([green, 0, 0, red, green, 0, 0, red]);
  program.feed(8);
  await program.until(() => program.session.store.rowCount === 8);
  expect(await reply(program, 'session.highlights', { session: 1 })).toEqual([]);
  expect((await coloursOf(program, 1)).filter((colour) => colour === green)).toEqual([]);
  // Nobody's settings were changed.
  expect(program.told.highlights).toEqual([rule('cpu:0', 'red')]);
  await reply(program, 'session.dropHighlights', { session });
  expect(await coloursOf(program, view)).toEqual([0, 0, 0, red, 0, 0, 0, red]);
});

it('in one packed file too', async () => {
  const sent = (folder: string) => join(folder, 'sent.ringview.tar');
  const { program, path } = await recorded([rule('cpu:0-1', 'green')], {
    choose: sent,
    files: (folder) => [sent(folder)],
  });
  const id = path.slice(program.sessions.folder.length + 1).replace(/\.ringview$/, '');
  await reply(program, 'library.pack', { id });
  await program.until(() => program.exports.count === 0);
  const file = await reply(program, 'workspace.openFiles', null);
  expect(await reply(program, 'session.highlights', { session: file?.session ?? 0 })).toEqual([
    rule('cpu:0-1', 'green'),
  ]);
});

it('as far as they make sense, and what makes none is told and does no harm', async () => {
  const { program, path } = await recorded([rule('cpu:0-1', 'green')]);
  const part = join(path, 'part-highlights.json');
  const good = JSON.parse(readFileSync(part, 'utf8'));
  writeFileSync(
    part,
    JSON.stringify({ rules: [{ of: 'rows', text: 7 }, ...good.rules, { ...good.rules[0], text: '/(/' }] }),
  );
  const some = await open(program, path);
  expect(await reply(program, 'session.highlights', { session: some.session })).toEqual(good.rules);
  await reply(program, 'workspace.closeSession', { session: some.session });
  writeFileSync(part, '[]');
  const none = await open(program, path);
  expect(await reply(program, 'session.highlights', { session: none.session })).toEqual([]);
  expect(JSON.stringify(program.notices)).toContain('What was highlighted could not be read');
});
