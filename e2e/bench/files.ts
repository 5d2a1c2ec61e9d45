/**
 * A DebugView log of ten million lines: `file.first`, until its first rows are there; `file.filtered`, until all of it is read
 * and filtered by a word, beside lnav; `file.memory`, what that takes under a cap that is half of its rows, so that the rest
 * goes to disk. The product's part is in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_MEMORY_CAP } from '../../electron/contract/retention.ts';
import { type FilterSpec, SHOW_ALL } from '../../electron/contract/rows.ts';
import { ArrowArchive } from '../../electron/files/arrow-archive.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import { messages, NEEDLE } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { type BenchResult, measured, skipped } from './results.ts';
import { BenchSession } from './session.ts';
import { median, spread } from './statistics.ts';

const MB = 1024 ** 2;
const CAP = 512 * MB;
const CAP_SLACK = 400 * MB;
const WORKERS = 2;
/** A word by which the log is filtered once it is there. */
const LATER_NEEDLE = 'lun 0';
/** lnav is a whole program that shows a screen's worth of progress; it is given the time it takes. */
const LONGEST_MS = 600_000;

interface FileReport {
  readonly firstMs: number;
  readonly readMs: number;
  /** Until all of it is read and filtered by a word that was there from the begin. */
  readonly wholeMs: number;
  /** What another word takes then, over all of it. */
  readonly againMs: number;
  readonly rows: number;
  readonly matches: number;
  readonly peakBytes: number;
}

const wordFilter = (pattern: string): FilterSpec => ({
  ...SHOW_ALL,
  text: { pattern, regex: false, caseSensitive: false },
});

/** The measured process: opens the log, reads it to its end while it is filtered, and prints how long that took. */
export async function fileChild(path: string, cap: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-history-'));
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 100);
  const start = performance.now();
  const opened = openFileSource(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const source = opened.value;
  const session = BenchSession.open(cap, new ArrowArchive(join(folder, 'rows')));
  const watched = session.watch(wordFilter(NEEDLE), WORKERS);
  let firstMs = Number.NaN;
  for (;;) {
    const outcome = source.poll(session.append, session.lease);
    if (Number.isNaN(firstMs) && session.store.rowCount > 0) firstMs = performance.now() - start;
    watched.advance();
    if (outcome.state !== 'capturing' && !outcome.more) break;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  source.close(session.append);
  const readMs = performance.now() - start;
  const matches = await watched.whole();
  const wholeMs = performance.now() - start;
  const { ms: againMs } = await session.filter(wordFilter(LATER_NEEDLE), WORKERS);
  const rows = session.store.rowCount;
  clearInterval(watch);
  const peakBytes = Math.max(peak, process.memoryUsage().rss);
  session.close();
  rmSync(folder, { recursive: true, force: true });
  const report: FileReport = { firstMs, readMs, wholeMs, againMs, rows, matches, peakBytes };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

function measure(path: string, cap: number): FileReport {
  const args = [process.argv[1] ?? '', '--file-child', path, String(cap)];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: LONGEST_MS });
  if (child.status !== 0) throw new Error(`the measured process ended with code ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout) as FileReport;
}

/** Writes a log as DebugView saves it, with clock times, of 1,000 lines a second. */
function writeLog(path: string, lines: number): void {
  const pool = messages(4096);
  const fd = openSync(path, 'w');
  for (let line = 0; line < lines; ) {
    let block = '';
    for (const end = Math.min(line + 8192, lines); line < end; line++) {
      const text = pool[(line * 2654435761) % pool.length];
      block += `${String(line + 1).padStart(8, '0')}\t${clock(line)}\t[${4 + (line % 7) * 1000}] ${text}\r\n`;
    }
    writeSync(fd, block);
  }
  closeSync(fd);
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

/** What such lines are, as lnav wants to be told: it then knows their times and processes, as the product does. */
const LNAV_FORMAT = {
  debugview_log: {
    ...{ title: 'DebugView', description: 'DebugView with clock times' },
    regex: {
      line: {
        pattern: '^(?<number>\\d{8})\\t(?<timestamp>\\d+:\\d+:\\d+\\.\\d{3})\\t\\[(?<pid>\\d+)\\] (?<body>.*)$',
      },
    },
    'timestamp-format': ['%H:%M:%S.%L'],
    value: { number: { kind: 'integer' }, pid: { kind: 'integer', identifier: true } },
    sample: [{ line: '00000001\t10:00:00.123\t[4] text' }],
  },
};

/** The same by lnav without its screen: it reads the file, keeps the lines that match, and prints them. */
function lnav(path: string, home: string): { readonly ms: number; readonly matches: number } {
  const start = performance.now();
  const args = ['-n', '-N', '-c', `:filter-in ${NEEDLE}`, path];
  const env = { ...process.env, HOME: home, TERM: 'dumb' };
  const { status, stdout, stderr } = spawnSync('lnav', args, {
    ...{ encoding: 'utf8', timeout: LONGEST_MS, maxBuffer: 1024 * MB, env },
  });
  if (status !== 0) throw new Error(`lnav ended with code ${status}: ${stderr}`);
  return { ms: performance.now() - start, matches: stdout.split('\n').filter((line) => line.includes(NEEDLE)).length };
}

export function measureFiles({ lacking }: Environment, quick: boolean): BenchResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-file-'));
  const lines = quick ? 1_000_000 : 10_000_000;
  try {
    const path = join(folder, 'debugview.log');
    writeLog(path, lines);
    const formats = join(folder, '.config', 'lnav', 'formats', 'debugview');
    mkdirSync(formats, { recursive: true });
    writeFileSync(join(formats, 'format.json'), JSON.stringify(LNAV_FORMAT));
    const reports: FileReport[] = [];
    const capped: FileReport[] = [];
    const reference: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const report = measure(path, DEFAULT_MEMORY_CAP);
      reports.push(report);
      capped.push(measure(path, CAP));
      for (const each of [report, capped.at(-1) as FileReport]) {
        const { firstMs, readMs, wholeMs, againMs, rows } = each;
        progress(
          `first rows ${firstMs.toFixed(0)} ms, read ${readMs.toFixed(0)} ms, filtered ${wholeMs.toFixed(0)} ms, again ${againMs.toFixed(0)} ms`,
        );
        if (rows !== lines) throw new Error(`${rows} rows came of ${lines} lines`);
      }
      if (lacking.lnav !== undefined) continue;
      const other = lnav(path, folder);
      progress(`lnav ${other.ms.toFixed(0)} ms`);
      if (other.matches !== report.matches) throw new Error(`${report.matches} matches, of lnav ${other.matches}`);
      reference.push(other.ms);
    }
    const first = reports.map(({ firstMs }) => firstMs);
    const whole = reports.map(({ wholeMs }) => wholeMs);
    const wholeCapped = median(capped.map(({ wholeMs }) => wholeMs));
    const again = median(reports.map(({ againMs }) => againMs));
    const peak = Math.max(...capped.map(({ peakBytes }) => peakBytes));
    const shape = `${lines.toLocaleString('en')} lines, ${Math.round(statSync(path).size / MB)} MB, cached by the system`;
    const ratio = median(whole) / median(reference);
    const speed = (ms: number) => `${(median(reference) / ms).toFixed(1)}x the speed of lnav`;
    return [
      measured({
        name: 'file.first',
        value: median(first),
        unit: 'ms',
        goal: 'first rows in 500 ms',
        holds: median(first) <= 500,
        spread: spread(first),
        note: `new process, its start not counted; ${shape}`,
      }),
      reference.length === 0
        ? skipped('file.filtered', lacking.lnav ?? '')
        : measured({
            name: 'file.filtered',
            value: median(whole),
            unit: 'ms',
            reference: median(reference),
            referenceName: 'lnav',
            goal: 'at least 3x the speed of lnav',
            holds: ratio <= 1 / 3,
            spread: spread(whole),
            note: `read to its end and filtered meanwhile by a word, whatever its case, with the cap of the product (all rows in memory); ${speed(median(whole))}; by another word then in ${again.toFixed(0)} ms; ${shape}`,
          }),
      measured({
        name: 'file.memory',
        value: peak / MB,
        unit: 'MB',
        reference: CAP / MB,
        referenceName: 'the cap',
        goal: 'process under cap + 400 MB',
        holds: peak <= CAP + CAP_SLACK,
        note: `highest resident size while it is read and filtered, the rest on disk; ${wholeCapped.toFixed(0)} ms then${reference.length === 0 ? '' : `, ${speed(wholeCapped)}`}; ${shape}`,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
