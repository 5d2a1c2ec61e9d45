/** Standard input and files as sources of the command line, as programs: what is piped in comes out, and ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ensureBuild } from '../setup/build.mjs';
import { type Program, Programs, program, until } from './test-support.ts';

const LIMIT_MS = 90_000;
const programs = new Programs('stdin');
const dir = mkdtempSync(join(tmpdir(), 'ringview-stdin-'));

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterEach(() => programs.endAll());
afterAll(() => {
  programs.clean();
  rmSync(dir, { recursive: true, force: true });
});

const start = (...args: string[]): Program =>
  programs.spawn(process.execPath, [program, ...args], ['pipe', 'pipe', 'pipe']);
const log = '2020-01-02T03:04:05Z first\n2020-01-02T03:04:06Z error: second\n';

it.each([
  ['as it is', Buffer.from(log)],
  ['packed by gzip', gzipSync(log)],
])(
  'captures standard input %s, from the time it states',
  async (_how, bytes) => {
    const summary = join(dir, 'summary.json');
    const run = start('capture', '--source', '-', '--format', 'text', '--summary', summary);
    run.child.stdin?.end(bytes);
    const { code, stdout, stderr } = await run.ended;
    expect([code, stderr.includes('bytes read as plain text')]).toEqual([0, true]);
    expect(stdout).toMatch(/^# RingView log of standard input, time 0 is 2020-01-02T03:04:05\.000Z\n/);
    expect(
      stdout
        .split('\n')
        .slice(1, 3)
        .map((line) =>
          line
            .split('\t')
            .map((cell) => cell.trim())
            .slice(1, 4),
        ),
    ).toEqual([
      ['0.000000000', '', 'info'],
      ['1.000000000', '', 'error'],
    ]);
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
      source: '-',
      sessionId: null,
      state: 'ended',
      read: 2,
      file: { path: null, totalBytes: null, ended: true, broken: { count: 0 } },
    });
  },
  LIMIT_MS,
);

it(
  'shows what is piped in while the pipe is open, and ends with it',
  async () => {
    const run = start('tail', '-');
    let shown = '';
    run.child.stdout?.on('data', (text: string) => {
      shown += text;
    });
    run.child.stdin?.write('one\n');
    await until(() => shown.includes('one'));
    run.child.stdin?.write('two\n');
    await until(() => shown.includes('two'));
    run.child.stdin?.end();
    expect((await run.ended).code).toBe(0);
  },
  LIMIT_MS,
);

it(
  'stops at its limit though the pipe goes on, and at a signal though nothing more is said',
  async () => {
    const limited = start('capture', '--source', '-', '--max', '3', '--format', 'csv');
    limited.child.stdin?.on('error', () => {});
    limited.child.stdin?.write('line\n'.repeat(50));
    const { code, stdout } = await limited.ended;
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 4]);
    const silent = start('tail', '-');
    let shown = '';
    silent.child.stdout?.on('data', (text: string) => {
      shown += text;
    });
    silent.child.stdin?.write('one\n');
    await until(() => shown.includes('one'));
    silent.child.kill('SIGINT');
    expect((await silent.ended).code).toBe(0);
  },
  LIMIT_MS,
);

it(
  'follows a file that grows until it is stopped',
  async () => {
    const path = join(dir, 'grows.log');
    writeFileSync(path, 'one\n');
    const run = start('tail', `file:${path}`, '--follow');
    let shown = '';
    run.child.stdout?.on('data', (text: string) => {
      shown += text;
    });
    await until(() => shown.includes('one'));
    writeFileSync(path, 'two\n', { flag: 'a' });
    await until(() => shown.includes('two'));
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(0);
  },
  LIMIT_MS,
);
