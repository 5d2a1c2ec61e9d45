/** `ringview ci` and the exit codes of `ringview capture`, as processes. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild } from '../setup/build.mjs';
import { Programs, program } from './test-support.ts';

const programs = new Programs('ci');
const LIMIT_MS = 120_000;

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(() => programs.clean());

const folder = () => mkdtempSync(join(tmpdir(), 'ringview-ci-test-'));

/** A driver of so many records, which waits for a reader, and ends once that has read all of them. */
function startDriver(...more: string[]) {
  const name = programs.newName();
  const size = ['--count', '200', '--rate', 'max', '--linger', '100'];
  return { name, ...programs.start('simulate', '--name', name, ...size, '--wait-reader', ...more) };
}

const driver = (...more: string[]): string => startDriver(...more).name;

/** A command that runs until a file is there, and what makes that file. */
function untilTold(first = '') {
  const path = join(folder(), 'told');
  const wait = `(function wait() { if (!require('fs').existsSync(${JSON.stringify(path)})) setTimeout(wait, 20); })()`;
  return { command: `${first}${wait}`, tell: () => writeFileSync(path, '') };
}

function ci(args: readonly string[], command: string, annotate = false) {
  const env = { ...process.env, GITHUB_ACTIONS: annotate ? 'true' : '' };
  const whole = [program, 'ci', ...args, '--', process.execPath, '-e', command];
  return programs.spawn(process.execPath, whole, ['ignore', 'pipe', 'pipe'], env).ended;
}

describe.runIf(process.platform === 'linux')('ringview ci', () => {
  it(
    'captures while a command runs, and writes the log as one HTML file',
    async () => {
      const report = join(folder(), 'report.html');
      const { name, ended } = startDriver();
      const { command, tell } = untilTold("console.log('tested'); ");
      const captured = ci(['--source', `sim:${name}`, '--wait', '30', '--report', report, '--strict'], command);
      await ended;
      tell();
      const { code, stdout, stderr } = await captured;
      expect([code, stdout]).toEqual([0, 'tested\n']);
      expect(stderr).toContain(`${report}: 200 rows`);
      expect(readFileSync(report, 'utf8')).toContain('<!doctype html>');
    },
    LIMIT_MS,
  );

  it(
    'fails with a message that must not be there, as an annotation where those are read',
    async () => {
      const report = join(folder(), 'report.html');
      const { name, ended } = startDriver();
      const { command, tell } = untilTold();
      const args = ['--source', `sim:${name}`, '--wait', '30', '--report', report, '--fail-on', '.'];
      const captured = ci(args, command, true);
      await ended;
      tell();
      const { code, stdout } = await captured;
      expect(code).toBe(5);
      expect(stdout.match(/^::error title=RingView::/gm)).toHaveLength(11);
      expect(stdout).toMatch(/^::error title=RingView::190 more messages/m);
    },
    LIMIT_MS,
  );

  it(
    'ends with the code of a command that fails, and starts none where the source is not there',
    async () => {
      const failed = await ci(
        ['--source', `sim:${driver()}`, '--wait', '30', '--report', join(folder(), 'r.html')],
        'process.exit(7)',
      );
      expect(failed.code).toBe(7);
      const report = join(folder(), 'report.html');
      const nothing = await ci(['--source', `sim:${programs.newName()}`, '--report', report], "console.log('ran')");
      expect([nothing.code, nothing.stdout, existsSync(report)]).toEqual([1, '', false]);
    },
    LIMIT_MS,
  );
});

describe.runIf(process.platform === 'linux')('ringview capture', () => {
  it(
    'ends once a message came that is waited for, and says by its code what is missing',
    async () => {
      const out = join(folder(), 'log.txt');
      const endless = programs.newName();
      programs.start('simulate', '--name', endless, '--rate', '2000', '--wait-reader');
      const capture = (name: string, ...more: string[]) =>
        programs.start('capture', '--source', `sim:${name}`, '--wait', '30', '--out', out, ...more).ended;
      expect((await capture(endless, '--wait-for', '\\w')).code).toBe(0);
      expect((await capture(driver(), '--wait-for', 'nothing says this')).code).toBe(6);
      expect((await capture(driver('--ring-bytes', '4096', '--cpus', '1', '--count', '200000'), '--strict')).code).toBe(
        4,
      );
    },
    LIMIT_MS,
  );

  it(
    'goes on in another file at the limit, with every row in one of them',
    async () => {
      const dir = folder();
      const args = ['--out', join(dir, 'log-{n}.jsonl'), '--log-limit', '8K', '--summary', join(dir, 'summary.json')];
      const ended = await programs.start(
        'capture',
        '--source',
        `sim:${driver('--count', '2000')}`,
        '--wait',
        '30',
        ...args,
      ).ended;
      expect(ended.code).toBe(0);
      const { rows } = JSON.parse(readFileSync(join(dir, 'summary.json'), 'utf8'));
      let found = 0;
      let files = 0;
      for (let number = 1; existsSync(join(dir, `log-${String(number).padStart(3, '0')}.jsonl`)); number++) {
        const content = readFileSync(join(dir, `log-${String(number).padStart(3, '0')}.jsonl`), 'utf8');
        found += content.trimEnd().split('\n').length;
        files++;
      }
      expect([found, files > 1]).toEqual([rows, true]);
    },
    LIMIT_MS,
  );
});
