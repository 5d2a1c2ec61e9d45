/**
 * The main jobs end to end: the built command line as processes of its own, over real shared memory. What the simulator
 * says it attempted must be what the reader says it read and lost, and what stands in the file.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CSV_HEADER } from '../session/output/formats/csv.ts';
import { ensureBuild } from '../setup/build.mjs';
import type { CaptureSummary } from './summary.ts';
import { Programs } from './test-support.ts';

const programs = new Programs('main-job');
const dir = mkdtempSync(join(tmpdir(), 'ringview-main-job-'));

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);

afterEach(() => programs.endAll());

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
  programs.clean();
});

const start = (...args: string[]) => programs.start(...args);
const newName = (): string => programs.newName();
let disks = 0;
const path = (name: string): string => join(dir, name);
const summaryOf = (file: string): CaptureSummary => JSON.parse(readFileSync(file, 'utf8'));

interface Simulated {
  readonly cpus: readonly { readonly cpu: number; readonly attempted: number; readonly written: number }[];
}

interface Row {
  readonly lost?: number;
  readonly index: number;
  readonly time_us: number;
  readonly cpu: number;
  readonly type: number;
  readonly message: string;
}

const rowsOf = (file: string): Row[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** FNV-1a, 32 bits, over UTF-8. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Every text carries its own hash: none is torn or mixed. */
function expectWhole(rows: readonly Row[]): void {
  const torn = rows.filter((row) => {
    if (row.lost !== undefined || row.type !== 0) return false;
    const at = row.message.lastIndexOf(' #');
    return at < 0 || row.message.slice(at + 2) !== fnv1a(row.message.slice(0, at));
  });
  expect(torn).toEqual([]);
}

/**
 * Strictly growing indices, or times, in total and so on each CPU. Only rows counted as late may be out of order, which a
 * machine under load can make of a writer that is held up.
 */
function expectOrdered(rows: readonly Row[], key: 'index' | 'time_us', { late }: CaptureSummary): void {
  let last = -1;
  let disorder = 0;
  for (const row of rows) {
    if (row.lost !== undefined) continue;
    if (key === 'index' ? row.index <= last : row.time_us < last) disorder++;
    last = row[key];
  }
  expect(disorder).toBeLessThanOrEqual(late);
}

/** What each CPU attempted is what was read of it, in the accounts and in the file, and what was lost. */
function expectAccounted(simulated: Simulated, summaries: readonly CaptureSummary[], rows: readonly Row[]): void {
  const inFile = simulated.cpus.map(() => ({ read: 0, lost: 0 }));
  for (const row of rows) {
    const account = inFile[row.cpu] as { read: number; lost: number };
    if (row.lost === undefined) account.read++;
    else account.lost += row.lost;
  }
  const sum = (cpu: number, of: 'read' | 'lost') =>
    summaries.reduce((total, summary) => total + (summary.cpus[cpu]?.[of] ?? 0), 0);
  const accounts = simulated.cpus.map(({ cpu, attempted }) => ({
    cpu,
    attempted,
    read: sum(cpu, 'read'),
    lost: sum(cpu, 'lost'),
  }));
  expect(accounts.map(({ read, lost }) => read + lost)).toEqual(accounts.map(({ attempted }) => attempted));
  expect(inFile).toEqual(accounts.map(({ read, lost }) => ({ read, lost })));
}

describe('the main jobs', () => {
  it.each([
    ['drop', 'index'],
    ['overwrite', 'index'],
    ['drop', 'clock'],
  ] as const)(
    'two million attempts on eight CPUs add up (%s, %s)',
    async (mode, order) => {
      const name = newName();
      const out = path(`${name}.jsonl`);
      const summaryPath = path(`${name}.json`);
      const size = ['--cpus', '8', '--rate', 'max', '--count', '2000000', '--ring-bytes', '65536', '--seed', '5'];
      const simulator = start('simulate', '--name', name, ...size, '--checksum', '--mode', mode, '--order', order);
      const capture = start(
        ...['capture', '--source', `sim:${name}`, '--wait', '20', '--out', out, '--summary', summaryPath],
      );
      const [simulatorEnd, captureEnd] = await Promise.all([simulator.ended, capture.ended]);
      expect([simulatorEnd.code, captureEnd.code]).toEqual([0, 0]);
      const simulated: Simulated = JSON.parse(simulatorEnd.stdout);
      const summary = summaryOf(summaryPath);
      expect(simulated.cpus.reduce((total, cpu) => total + cpu.attempted, 0)).toBe(2_000_000);
      expect(summary).toMatchObject({ state: 'ended', failure: null, notWritten: 0 });
      const rows = rowsOf(out);
      expect(rows.length).toBe(summary.rows);
      expect(summary.read).toBeGreaterThan(1000);
      expectAccounted(simulated, [summary], rows);
      expectOrdered(rows, order === 'index' ? 'index' : 'time_us', summary);
      expectWhole(rows);
    },
    120_000,
  );

  it('a paced source is read without a loss or a disorder', async () => {
    const name = newName();
    const out = path(`${name}.jsonl`);
    const summaryPath = path(`${name}.json`);
    const pace = ['--cpus', '8', '--rate', '40000', '--count', '60000', '--binary', '7', '--checksum'];
    const simulator = start('simulate', '--name', name, ...pace, '--wait-reader');
    const capture = start(
      ...['capture', '--source', `sim:${name}`, '--wait', '20', '--out', out, '--summary', summaryPath],
    );
    const [simulatorEnd, captureEnd] = await Promise.all([simulator.ended, capture.ended]);
    expect([simulatorEnd.code, captureEnd.code]).toEqual([0, 0]);
    const rows = rowsOf(out);
    expectAccounted(JSON.parse(simulatorEnd.stdout), [summaryOf(summaryPath)], rows);
    expect(summaryOf(summaryPath)).toMatchObject({ read: 60_000, lost: 0, rows: 60_000 });
    expect(rows.filter((row) => row.type !== 0 && /^0x[0-9a-f]+$/.test(row.message)).length).toBeGreaterThan(5000);
    expectOrdered(rows, 'index', summaryOf(summaryPath));
    expectWhole(rows);
  }, 120_000);

  it('a reader that is killed is followed by one that accounts for the rest', async () => {
    const name = newName();
    const out = path(`${name}.jsonl`);
    const summaryPath = path(`${name}.json`);
    const pace = ['--cpus', '4', '--rate', '50000', '--count', '100000', '--ring-bytes', '65536', '--checksum'];
    const simulator = start('simulate', '--name', name, ...pace, '--wait-reader');
    const killed = start('capture', '--source', `sim:${name}`, '--wait', '20', '--format', 'jsonl');
    // It reads, and is killed in the middle of it.
    await new Promise<void>((resolve) => {
      let seen = 0;
      killed.child.stdout?.on('data', (text: string) => {
        seen += text.length;
        if (seen > 200_000) resolve();
      });
    });
    killed.child.kill('SIGKILL');
    await killed.ended;
    const capture = start('capture', '--source', `sim:${name}`, '--out', out, '--summary', summaryPath);
    const [simulatorEnd, captureEnd] = await Promise.all([simulator.ended, capture.ended]);
    expect([simulatorEnd.code, captureEnd.code]).toEqual([0, 0]);
    const simulated: Simulated = JSON.parse(simulatorEnd.stdout);
    const summary = summaryOf(summaryPath);
    const rows = rowsOf(out);
    for (const cpu of summary.cpus) {
      expect(cpu.attempted).toBe(simulated.cpus[cpu.cpu]?.attempted);
      expect(cpu.attemptedBefore).toBeGreaterThan(0);
      expect((cpu.attemptedBefore ?? Number.NaN) + cpu.read + cpu.lost).toBe(cpu.attempted);
    }
    expect(rows.filter((row) => row.lost === undefined).length).toBe(summary.read);
    expectOrdered(rows, 'index', summary);
    expectWhole(rows);
  }, 120_000);

  it('a producer that is killed leaves what it wrote, and the capture ends', async () => {
    const name = newName();
    const out = path(`${name}.jsonl`);
    const summaryPath = path(`${name}.json`);
    const simulator = start('simulate', '--name', name, '--cpus', '4', '--rate', '20000', '--checksum');
    const capture = start(
      ...['capture', '--source', `sim:${name}`, '--wait', '20', '--out', out, '--summary', summaryPath],
    );
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        if (safeLength(out) < 300_000) return;
        clearInterval(timer);
        resolve(null);
      }, 10);
    });
    simulator.child.kill('SIGKILL');
    const captureEnd = await capture.ended;
    expect(captureEnd.code).toBe(0);
    expect(captureEnd.stderr).toContain(`sim:${name} gone`);
    const summary = summaryOf(summaryPath);
    expect(summary).toMatchObject({ state: 'gone', failure: null });
    const rows = rowsOf(out);
    expect(rows.filter((row) => row.lost === undefined).length).toBe(summary.read);
    expectOrdered(rows, 'index', summary);
    expectWhole(rows);
  }, 120_000);

  it.runIf(process.platform !== 'win32')(
    'a signal ends a capture with whole accounts',
    async () => {
      const name = newName();
      const summaryPath = path(`${name}.json`);
      const simulator = start('simulate', '--name', name, '--rate', '2000');
      const capture = start(
        ...['capture', '--source', `sim:${name}`, '--wait', '20', '--format', 'csv', '--summary', summaryPath],
      );
      await new Promise<void>((resolve) => capture.child.stdout?.once('data', () => resolve()));
      capture.child.kill('SIGINT');
      const captureEnd = await capture.ended;
      expect(captureEnd.code).toBe(0);
      const lines = captureEnd.stdout.split('\r\n');
      expect([lines[0], lines.at(-1)]).toEqual([CSV_HEADER, '']);
      expect(summaryOf(summaryPath)).toMatchObject({ state: 'stopped', rows: lines.length - 2 });
      simulator.child.kill('SIGTERM');
      const simulatorEnd = await simulator.ended;
      expect(simulatorEnd.code).toBe(0);
      expect(JSON.parse(simulatorEnd.stdout).cpus.length).toBe(4);
    },
    120_000,
  );

  it('the smallest simulation is one attempt on one CPU, with a seed of nothing', async () => {
    const least = ['--cpus', '1', '--seed', '0', '--count', '1', '--linger', '0'];
    const { code, stdout } = await start('simulate', '--name', newName(), ...least).ended;
    expect([code, JSON.parse(stdout).cpus]).toMatchObject([0, [{ cpu: 0, attempted: 1 }]]);
  }, 120_000);

  it('an unknown source and wrong arguments are told apart', async () => {
    const unknown = await start('capture', '--source', 'sim:nobody-has-this-name').ended;
    expect([unknown.code, unknown.stdout]).toEqual([1, '']);
    expect(unknown.stderr).toContain('nobody-has-this-name');
    const kind = await start('capture', '--source', 'disk:x').ended;
    expect([kind.code, kind.stdout]).toEqual([2, '']);
    const wrong = await start('capture', '--sauce', 'x').ended;
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain("'--sauce'");
  });

  it('a path that cannot be written is told with the words of the system', async () => {
    const name = newName();
    const simulator = start('simulate', '--name', name, '--rate', '100');
    const capture = start('capture', '--source', `sim:${name}`, '--wait', '20', '--out', path('missing/x.csv'));
    const { code, stderr } = await capture.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('missing/x.csv cannot be written (ENOENT: no such file or directory)');
    simulator.child.kill('SIGKILL');
  });

  it.runIf(process.platform === 'linux')(
    'a full disk ends the capture with what fits',
    async () => {
      const name = newName();
      const summaryPath = path(`${name}.json`);
      const disk = smallDisk();
      try {
        const simulator = start('simulate', '--name', name, '--rate', '100000', '--checksum');
        const capture = start(
          ...['capture', '--source', `sim:${name}`, '--wait', '20', '--format', 'jsonl'],
          ...['--out', disk.out, '--summary', summaryPath],
        );
        const { code, stderr } = await capture.ended;
        expect(code).toBe(1);
        expect(stderr).toContain('ENOSPC');
        const summary = summaryOf(summaryPath);
        expect(summary).toMatchObject({ state: 'stopped', failure: { code: 'disk-full', system: { code: 'ENOSPC' } } });
        expect(summary.notWritten).toBeGreaterThan(0);
        if (disk.keeps) {
          const rows = rowsOf(disk.out);
          expect(rows.length).toBe(summary.rows);
          expect(rows.length).toBeGreaterThan(1000);
          expectWhole(rows);
        }
        const rowsRead = summary.rows + summary.notWritten;
        expect(rowsRead).toBeGreaterThanOrEqual(summary.read);
        simulator.child.kill('SIGKILL');
      } finally {
        disk.remove();
      }
    },
    120_000,
  );

  it('a file is replayed line for line', async () => {
    const name = newName();
    const text = path('replay.txt');
    const lines = ['first line', 'zweite Zeile: Größe 3 µs', 'ERROR: device "x", failed', '\ttabbed', '日本語'];
    writeFileSync(text, `${lines.join('\r\n')}\r\n`);
    const simulator = start(
      ...['simulate', '--name', name, '--cpus', '2', '--rate', 'max', '--replay', text, '--wait-reader'],
    );
    const capture = start('capture', '--source', `sim:${name}`, '--wait', '20', '--format', 'jsonl');
    const [simulatorEnd, captureEnd] = await Promise.all([simulator.ended, capture.ended]);
    expect([simulatorEnd.code, captureEnd.code]).toEqual([0, 0]);
    const rows: Row[] = captureEnd.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => row.message)).toEqual(lines);
    const missing = await start('simulate', '--name', name, '--replay', path('none.txt')).ended;
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('none.txt cannot be read (ENOENT');
  }, 120_000);
});

function safeLength(file: string): number {
  try {
    return readFileSync(file).length;
  } catch {
    // Not created yet.
    return 0;
  }
}

/** A disk of one megabyte where this process may mount one, else the device that is always full. */
function smallDisk(): { readonly out: string; readonly keeps: boolean; readonly remove: () => void } {
  const mount = path(`disk-${++disks}`);
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    return { out: '/dev/full', keeps: false, remove: () => {} };
  }
  return {
    out: join(mount, 'out.jsonl'),
    keeps: true,
    remove: () => execFileSync('umount', ['-l', mount], { stdio: 'ignore' }),
  };
}
