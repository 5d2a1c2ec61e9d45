import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openRunFolder } from './run-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = `${root}build/test/files/test-child.mjs`;
let parent: string;
let reports: string[];
let children: ChildProcess[];
const open = () => openRunFolder(parent, (message) => reports.push(message));

beforeAll(async () => {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: true,
      outDir: `${root}build/test/files`,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: {
        input: `${root}electron/files/test-child.ts`,
        external: ['koffi', /^node:/],
        output: { format: 'es', entryFileNames: 'test-child.mjs' },
      },
    },
  });
}, 60_000);

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ringview-sessions-'));
  reports = [];
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

/** Another program with a folder of its own. */
async function other(): Promise<{ readonly child: ChildProcess; readonly path: string }> {
  const child = spawn(process.execPath, [program, parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [path] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  writeFileSync(join(path, 'history-0001.arrow'), 'x');
  return { child, path };
}

it('removes the history a crash left, and never that of a program that lives', async () => {
  const living = await other();
  const dead = await other();
  dead.child.kill('SIGKILL');
  await once(dead.child, 'exit');
  expect(existsSync(dead.path)).toBe(true);
  const own = open();
  expect(existsSync(dead.path)).toBe(false);
  expect(existsSync(join(living.path, 'history-0001.arrow'))).toBe(true);
  const locked = (path: string) => [basename(path), `${basename(path)}.lock`];
  expect(readdirSync(parent).sort()).toEqual([...locked(own.path), ...locked(living.path)].sort());
  own.remove();
  expect(readdirSync(parent).sort()).toEqual(locked(living.path));
  expect(reports).toEqual([]);
});

it('removes the history of a crashed program whose number is another program by now', () => {
  for (const name of [`session-${process.pid}`, `session-${process.ppid}-0123456789ab`, 'session-x', 'other']) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'history-0001.arrow'), 'x');
  }
  const own = open();
  own.remove();
  expect(readdirSync(parent).sort()).toEqual(['other', 'session-x']);
});

it('gives two folders to one program that asks twice, and keeps both', () => {
  const first = open();
  const second = open();
  expect(existsSync(first.path)).toBe(true);
  expect(second.path).not.toBe(first.path);
  first.remove();
  second.remove();
  expect(readdirSync(parent)).toEqual([]);
});

it('reports a place it cannot use, and goes on', () => {
  const file = join(parent, 'file');
  writeFileSync(file, '');
  const folder = openRunFolder(file, (message) => reports.push(message));
  expect(folder.path.startsWith(file)).toBe(true);
  expect(reports).toHaveLength(3);
  folder.remove();
});

it.skipIf(process.getuid?.() !== 0)(
  'removes what a crash left also where the disk has no room for anything new',
  () => {
    // As many files as fit: the folder itself, and what a dead program left in it.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=4', 'tmpfs', parent]);
    try {
      mkdirSync(join(parent, 'session-7-0123456789ab'));
      writeFileSync(join(parent, 'session-7-0123456789ab', 'history-0001.arrow'), 'x');
      writeFileSync(join(parent, 'session-7-0123456789ab.lock'), '');
      expect(() => mkdirSync(join(parent, 'more'))).toThrow(/ENOSPC/);
      const own = open();
      expect(readdirSync(parent).sort()).toEqual([basename(own.path), `${basename(own.path)}.lock`]);
      own.remove();
      expect(reports).toEqual([]);
    } finally {
      execFileSync('umount', [parent]);
    }
  },
);
