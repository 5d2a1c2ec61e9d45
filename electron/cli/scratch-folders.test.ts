/** What commands put into the temporary folder is gone after them, also after one that was killed. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { chunkOf, EVENT, event, eventLog } from '../../native/sources/evtx/test-support.ts';
import { zipOf } from '../../native/sources/zip/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { type Program, Programs, program, until } from './test-support.ts';

const programs = new Programs('scratch');
const temporary = mkdtempSync(join(tmpdir(), 'ringview-scratch-test-'));
const LIMIT_MS = 120_000;

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
  writeFileSync(
    join(temporary, 'sent.zip'),
    zipOf([{ name: 'System.evtx', data: eventLog([chunkOf(EVENT, [event(1)])]) }]),
  );
}, 60_000);
afterEach(() => programs.endAll());
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function start(...args: string[]): Program {
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return programs.spawn(process.execPath, [program, ...args], ['pipe', 'pipe', 'pipe'], env);
}

/** Folders of commands, wherever in the temporary folder; not the one of the user that they lie in. */
function folders(): string[] {
  return readdirSync(temporary, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('ringview-scratch-'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Each of them runs for as long as its standard input is open. */
const COMMANDS: Record<string, readonly string[]> = {
  query: ['query', '-', 'select count(*) from log'],
  ci: [
    'ci',
    '--source',
    `sim:${programs.newName()}`,
    '--wait',
    '600',
    '--report',
    join(temporary, 'r.html'),
    '--',
    'cat',
  ],
  // What is unpacked waits for the standard input, which is in one order with it.
  convert: ['convert', join(temporary, 'sent.zip'), '-', '--out', join(temporary, 'both.jsonl')],
};

it.runIf(process.platform === 'linux').each(Object.keys(COMMANDS))(
  'the folder of a killed %s is removed by the next command, and that of one that runs is kept',
  async (name) => {
    const command = COMMANDS[name] as readonly string[];
    const living = start(...command);
    const [kept] = await until(() => folders().length === 1 && folders());
    const dead = start(...command);
    const left = (await until(() => folders().length === 2 && folders())).find((folder) => folder !== kept);
    dead.child.kill('SIGKILL');
    dead.child.stdin?.end();
    await dead.ended;
    expect(folders()).toContain(left);

    const log = join(temporary, 'log.txt');
    writeFileSync(log, 'one\ntwo\n');
    const next = await start('query', log, 'select count(*) as n from log', '--format', 'json').ended;
    expect([next.code, next.stderr]).toEqual([0, '']);
    expect(folders()).toEqual([kept]);

    living.child.stdin?.end();
    await living.ended;
    expect(folders()).toEqual([]);
  },
  LIMIT_MS,
);
