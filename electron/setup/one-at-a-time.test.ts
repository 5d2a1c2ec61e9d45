import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.mjs';

const LIMIT_MS = 120_000;
const module = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'one-at-a-time.mjs')).href);
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that does `body` when it has the turn. */
function worker(dir: string, body: string) {
  const script = join(dir, `worker-${running.size}.mjs`);
  const head = `import { oneAtATime } from ${module};\nimport { appendFileSync } from 'node:fs';\n`;
  writeFileSync(script, `${head}await oneAtATime(async () => { ${body} }, ${JSON.stringify(dir)});\n`);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.add(child);
  const said = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, said, ended };
}

it(
  'lets one process work at a time, and each in the end',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ringview-turns-'));
    const log = join(dir, 'log');
    writeFileSync(log, '');
    const path = JSON.stringify(log);
    const turn = `appendFileSync(${path}, 'in '); await new Promise((done) => setTimeout(done, 30)); appendFileSync(${path}, 'out ')`;
    const workers = Array.from({ length: 5 }, () => worker(dir, turn));
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(5));
  },
  LIMIT_MS,
);

it(
  'gives the turn on when the one who has it is killed, and when its work fails',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ringview-turns-'));
    const holder = worker(dir, "console.log('in'); await new Promise((done) => setTimeout(done, 1e9));");
    await holder.said;
    let mine = false;
    const turn = oneAtATime(async () => {
      mine = true;
      throw new Error('no');
    }, dir);
    const other = oneAtATime(async () => 'elsewhere', `${dir}/other`);
    expect([await other, mine]).toEqual(['elsewhere', false]);
    holder.child.kill('SIGKILL');
    await expect(turn).rejects.toThrow('no');
    expect(await oneAtATime(async () => 'again', dir)).toBe('again');
  },
  LIMIT_MS,
);
