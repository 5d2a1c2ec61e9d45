/**
 * A capture can be stopped whatever its outputs do: real processes, FIFOs nobody reads, pipes nobody empties, terminals
 * that close. Nothing here waits by the clock; a program that does not end ends the test by its time limit.
 */
import { type ChildProcess, execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild } from '../setup/build.mjs';
import { findProgram } from '../setup/provide/find-tools.mjs';
import type { CaptureSummary } from './summary.ts';
import { Programs, program, until } from './test-support.ts';

const programs = new Programs('stopping');
const dir = mkdtempSync(join(tmpdir(), 'ringview-stopping-'));
/** Of a whole machine under load, not of a capture. */
const LIMIT_MS = 90_000;
let paths = 0;

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterEach(() => programs.endAll());
afterAll(() => {
  programs.clean();
  rmSync(dir, { recursive: true, force: true });
});

const newPath = (): string => join(dir, String(++paths));
function fifo(): string {
  const path = newPath();
  execFileSync('mkfifo', [path]);
  return path;
}
const OLD = '{"old":true}\n';
const summaryOf = (path: string): CaptureSummary => JSON.parse(readFileSync(path, 'utf8'));
const quote = (text: string): string => `'${text}'`;
const commandLine = (...args: string[]): string => [process.execPath, program, ...args].map(quote).join(' ');

/** A session that starts once it is read, and logs far more than any pipe holds. */
function plenty() {
  const name = programs.newName();
  const size = ['--rate', 'max', '--count', '400000', '--linger', '0'];
  const simulator = programs.start('simulate', '--name', name, ...size, '--wait-reader');
  return { source: ['--source', `sim:${name}`, '--wait', '30'], simulator };
}

/** A session that logs until it is told to stop. */
function steady() {
  const name = programs.newName();
  programs.start('simulate', '--name', name, '--rate', '2000');
  return ['--source', `sim:${name}`, '--wait', '30'];
}

/** The writing end of a FIFO that somebody reads; null while nobody does. */
function openIfRead(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // ENXIO: nobody has opened the other end yet.
    return null;
  }
}

/** A FIFO with both ends open and not a byte of room. */
function fullFifo(): number {
  const fd = openSync(fifo(), constants.O_RDWR | constants.O_NONBLOCK);
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(fd, block);
  } catch {
    // EAGAIN: it is full.
  }
  return fd;
}

describe.runIf(process.platform === 'linux')('a stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s ends a capture into a FIFO without a reader',
    async (signal) => {
      const { source, simulator } = plenty();
      const summary = newPath();
      const capture = programs.start('capture', ...source, '--out', fifo(), '--summary', summary);
      // Its end says that the capture holds the source: what is left is to open the output.
      await simulator.ended;
      capture.child.kill(signal);
      const { code, stderr } = await capture.ended;
      expect(code).toBe(1);
      expect(stderr).toContain('Nobody reads');
      expect(summaryOf(summary)).toMatchObject({ rows: 0, failure: { code: 'cancelled' } });
    },
    LIMIT_MS,
  );

  it(
    'by --duration ends a capture into a FIFO without a reader',
    async () => {
      const capture = programs.start('capture', ...steady(), '--out', fifo(), '--duration', '0.1');
      const { code, stderr } = await capture.ended;
      expect([code, stderr.includes('Nobody reads')]).toEqual([1, true]);
    },
    LIMIT_MS,
  );

  it(
    'ends a capture into a pipe that nobody empties, and says what was not written',
    async () => {
      const { source, simulator } = plenty();
      const summary = newPath();
      const path = fifo();
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const capture = programs.start('capture', ...source, '--out', path, '--summary', summary);
      await simulator.ended;
      capture.child.kill('SIGTERM');
      const { code, stderr } = await capture.ended;
      closeSync(reader);
      expect(code).toBe(1);
      expect(stderr).toContain('was given up after');
      const { rows, read, notWritten, failure } = summaryOf(summary);
      expect(failure?.code).toBe('cancelled');
      expect(notWritten).toBeGreaterThan(0);
      expect(rows + notWritten).toBeGreaterThanOrEqual(read);
    },
    LIMIT_MS,
  );

  it(
    'ends a capture to a standard output that nobody empties',
    async () => {
      const { source, simulator } = plenty();
      const summary = newPath();
      const stdout = fullFifo();
      const args = [program, 'capture', ...source, '--summary', summary];
      const capture = programs.spawn(process.execPath, args, ['ignore', stdout, 'pipe']);
      await simulator.ended;
      capture.child.kill('SIGINT');
      expect((await capture.ended).code).toBe(1);
      closeSync(stdout);
      expect(summaryOf(summary)).toMatchObject({ rows: 0, failure: { code: 'cancelled' } });
    },
    LIMIT_MS,
  );

  it(
    'ends a capture whose standard error nobody empties',
    async () => {
      const summary = newPath();
      const stderr = fullFifo();
      const args = [program, 'capture', ...steady(), '--out', newPath(), '--summary', summary, '--max', '5'];
      const capture = programs.spawn(process.execPath, args, ['ignore', 'ignore', stderr]);
      await until(() => statSync(summary, { throwIfNoEntry: false }));
      capture.child.kill('SIGTERM');
      expect((await capture.ended).code).toBe(0);
      closeSync(stderr);
    },
    LIMIT_MS,
  );

  it(
    'ends a capture whose summary is a FIFO without a reader',
    async () => {
      const { source, simulator } = plenty();
      const out = newPath();
      const capture = programs.start('capture', ...source, '--out', out, '--summary', fifo());
      await simulator.ended;
      capture.child.kill('SIGTERM');
      const { code, stderr } = await capture.ended;
      expect(code).toBe(1);
      expect(stderr).toContain('The summary was to be: {');
    },
    LIMIT_MS,
  );

  it(
    'ends a simulator that reads its lines from a FIFO nobody writes',
    async () => {
      const path = fifo();
      const simulator = programs.start('simulate', '--name', programs.newName(), '--replay', path);
      // It opens once the other end is open, which holds from then on: what it waits for is the end of the text.
      const writer = await until(() => openIfRead(path));
      simulator.child.kill('SIGTERM');
      const { code, stderr } = await simulator.ended;
      closeSync(writer);
      expect(code).toBe(1);
      expect(stderr).toContain('Stopped while');
    },
    LIMIT_MS,
  );

  it(
    'ends a simulator whose standard output nobody empties',
    async () => {
      const name = programs.newName();
      const stdout = fullFifo();
      const args = [program, 'simulate', '--name', name, '--rate', '100', '--linger', '0'];
      const simulator = programs.spawn(process.execPath, args, ['ignore', stdout, 'pipe']);
      await until(() => statSync(`/dev/shm/ringview.${name}`, { throwIfNoEntry: false }));
      simulator.child.kill('SIGHUP');
      expect((await simulator.ended).code).toBe(0);
      closeSync(stdout);
      expect(statSync(`/dev/shm/ringview.${name}`, { throwIfNoEntry: false })).toBeUndefined();
    },
    LIMIT_MS,
  );
});

/** A command whose standard output is a pipe that somebody has open and nobody empties: its writes block. */
function intoUnread(...args: string[]) {
  const path = fifo();
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const line = `exec ${commandLine(...args)} > ${quote(path)}`;
  return { ...programs.spawn('sh', ['-c', line], ['pipe', 'ignore', 'pipe']), reader };
}

/** Whether something was written to what `reader` reads; takes one byte of it. */
function hasBegun(reader: number): boolean {
  try {
    return readSync(reader, Buffer.alloc(1)) > 0;
  } catch {
    // EAGAIN: nothing yet.
    return false;
  }
}

/** Text for as long as the command reads it; resolves once it has read more than a pipe holds. */
function feed(child: ChildProcess): Promise<void> {
  const stdin = child.stdin as Writable;
  // It ends while there is more for it.
  stdin.on('error', () => {});
  return new Promise((resolve) => {
    let taken = 0;
    const more = (): void => {
      stdin.write('one of many lines\n'.repeat(4096), (error) => {
        if (error) return;
        if (++taken === 4) resolve();
        more();
      });
    };
    more();
  });
}

describe.runIf(process.platform === 'linux')('a stop while nobody empties standard output', () => {
  it(
    'ends tail',
    async () => {
      const { source, simulator } = plenty();
      const [, name, ...wait] = source as [string, string, ...string[]];
      const tail = intoUnread('tail', name, ...wait);
      await simulator.ended;
      tail.child.kill('SIGTERM');
      const { code, stderr } = await tail.ended;
      closeSync(tail.reader);
      expect([code, stderr]).toEqual([1, expect.stringContaining('was given up after')]);
    },
    LIMIT_MS,
  );

  it.each<[string, readonly string[]]>([
    ['convert', ['convert', '-', '--out', '-', '--format', 'jsonl']],
    ['query', ['query', '-', 'select * from log', '--format', 'json']],
    ['stats', ['stats', '-']],
  ])(
    'ends %s while it reads',
    async (_, args) => {
      const command = intoUnread(...args);
      await feed(command.child);
      command.child.kill('SIGTERM');
      const { code, stderr } = await command.ended;
      closeSync(command.reader);
      expect([code, stderr]).toEqual([1, expect.stringContaining('Stopped before')]);
    },
    LIMIT_MS,
  );

  // The output is more than a pipe holds; the last, more than is kept for a slow reader as well.
  it.each<[string, number, (log: string) => string[]]>([
    ['convert', 20_000, (log) => ['convert', log, '--out', '-', '--format', 'jsonl']],
    ['query', 20_000, (log) => ['query', log, 'select * from log', '--format', 'json']],
    ['convert', 200_000, (log) => ['convert', log, '--out', '-', '--format', 'jsonl']],
  ])(
    'ends %s of %d rows while it waits for the reader',
    async (_, rows, args) => {
      const log = newPath();
      writeFileSync(log, 'one of many lines\n'.repeat(rows));
      const command = intoUnread(...args(log));
      await until(() => hasBegun(command.reader));
      command.child.kill('SIGTERM');
      const { code, stderr } = await command.ended;
      closeSync(command.reader);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/was given up: it did not take more|Stopped before/)]);
    },
    LIMIT_MS,
  );
});

describe.runIf(process.platform === 'linux')('the summary', () => {
  it(
    'is replaced whole after SIGHUP, with the mode and the link it had',
    async () => {
      const target = newPath();
      const link = newPath();
      writeFileSync(target, OLD);
      chmodSync(target, 0o600);
      symlinkSync(target, link);
      const capture = programs.start('capture', ...steady(), '--summary', link);
      await new Promise<void>((resolve) => capture.child.stdout?.once('data', () => resolve()));
      expect(readFileSync(target, 'utf8')).toBe(OLD);
      capture.child.kill('SIGHUP');
      const { code, stdout } = await capture.ended;
      expect(code).toBe(0);
      expect(summaryOf(target)).toMatchObject({ state: 'stopped', failure: null, rows: stdout.split('\n').length - 2 });
      expect(statSync(target).mode & 0o777).toBe(0o600);
      expect(readFileSync(link, 'utf8')).toBe(readFileSync(target, 'utf8'));
    },
    LIMIT_MS,
  );

  it(
    'is the old one after the capture was killed, and nothing lies beside it',
    async () => {
      const inner = mkdtempSync(join(dir, 'killed-'));
      const summary = join(inner, 'summary.json');
      writeFileSync(summary, OLD);
      const capture = programs.start('capture', ...steady(), '--summary', summary);
      await new Promise<void>((resolve) => capture.child.stdout?.once('data', () => resolve()));
      capture.child.kill('SIGKILL');
      await capture.ended;
      expect([readFileSync(summary, 'utf8'), readdirSync(inner)]).toEqual([OLD, ['summary.json']]);
    },
    LIMIT_MS,
  );

  it.runIf(findProgram('script') !== null)(
    'is written when the terminal is closed',
    async () => {
      const summary = newPath();
      const out = newPath();
      const command = commandLine('capture', ...steady(), '--out', out, '--summary', summary);
      writeFileSync(summary, OLD);
      // A terminal of its own, whose other end is gone with the program that made it.
      const terminal = programs.spawn('script', ['-q', '-c', command, '/dev/null'], ['pipe', 'ignore', 'ignore']);
      await until(() => (statSync(out, { throwIfNoEntry: false })?.size ?? 0) > 2000);
      expect(readFileSync(summary, 'utf8')).toBe(OLD);
      terminal.child.kill('SIGKILL');
      await until(() => readFileSync(summary, 'utf8') !== OLD);
      const { state, rows } = summaryOf(summary);
      expect([state, rows]).toEqual(['stopped', readFileSync(out, 'utf8').split('\n').length - 2]);
    },
    LIMIT_MS,
  );
});

describe.runIf(process.platform === 'linux')('a reader that has seen enough', () => {
  it.each([
    ['capture', () => commandLine('capture', ...steady())],
    ['help', () => commandLine('capture', '--help')],
  ])(
    'makes no error of %s | head',
    async (_, command) => {
      const code = newPath();
      const line = `(${command()}; echo $? > ${quote(code)}) | head -n 3`;
      const { stdout, stderr } = await programs.spawn('sh', ['-c', line], ['ignore', 'pipe', 'pipe']).ended;
      expect(stdout.split('\n').length).toBe(4);
      await until(() => statSync(code, { throwIfNoEntry: false })?.size);
      expect(readFileSync(code, 'utf8')).toBe('0\n');
      expect(stderr).not.toMatch(/EPIPE|Error/);
    },
    LIMIT_MS,
  );

  it(
    'leaves an account of what it did not take',
    async () => {
      const summary = newPath();
      const line = `${commandLine('capture', ...steady(), '--summary', summary)} | head -n 3`;
      await programs.spawn('sh', ['-c', line], ['ignore', 'ignore', 'pipe']).ended;
      await until(() => statSync(summary, { throwIfNoEntry: false }));
      const { state, failure, rows, notWritten, read } = summaryOf(summary);
      expect({ state, failure }).toEqual({ state: 'stopped', failure: null });
      expect(rows + notWritten).toBe(read);
      expect(notWritten).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

describe('one file for rows and summary', () => {
  it(
    'is refused before anything is written',
    async () => {
      const file = newPath();
      writeFileSync(file, OLD);
      const link = newPath();
      symlinkSync(file, link);
      for (const summary of [file, link, `${dir}/./${paths - 1}`]) {
        const { code, stderr } = await programs.start(
          'capture',
          '--source',
          'sim:x',
          '--out',
          file,
          '--summary',
          summary,
        ).ended;
        expect(code).toBe(2);
        expect(stderr).toContain('are one file');
      }
      const output = openSync(file, 'a');
      const args = [program, 'capture', '--source', 'sim:x', '--summary', file];
      expect((await programs.spawn(process.execPath, args, ['ignore', output, 'pipe']).ended).code).toBe(2);
      closeSync(output);
      expect(readFileSync(file, 'utf8')).toBe(OLD);
    },
    LIMIT_MS,
  );
});
