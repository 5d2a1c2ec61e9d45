/** The process that runs SQL ends with whoever started it, also while its own thread is kept busy. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuild } from '../setup/build.mjs';

const PROGRAM = join(import.meta.dirname, '../../dist/cli/query-process.js');
let folder = '';
let asker: ChildProcess | null = null;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-parent-'));
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 300_000);
afterAll(() => {
  asker?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Whether a process runs; one that nobody has asked for its end yet does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

it.skipIf(process.platform !== 'linux')(
  'a query whose asker was killed goes on nowhere, however busy it is',
  async () => {
    // Stands for a database that does not let go of the thread: its channel is not looked at any more.
    const busy = join(folder, 'busy.cjs');
    writeFileSync(
      busy,
      `process.on('worker', (watch) => watch.once('message', () => {
      process.send('busy');
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    }));`,
    );
    const asking = `
    const { fork } = require('node:child_process');
    const child = fork(${JSON.stringify(PROGRAM)}, [String(process.pid)], { execArgv: ['--require', ${JSON.stringify(busy)}] });
    child.on('message', (said) => said === 'busy' && process.stdout.write(child.pid + '\\n'));
  `;
    const started = spawn(process.execPath, ['-e', asking], { stdio: ['ignore', 'pipe', 'inherit'] });
    asker = started;
    const pid = await new Promise<number>((resolve) => {
      started.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
    });
    expect(runs(pid)).toBe(true);
    started.kill('SIGKILL');
    while (runs(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  },
);
