/**
 * A DebugView log of many gigabytes, opened as the app opens it but without a window: a workspace with its threads, its
 * history on disk, a view of all rows and one with a filter. Outside of the usual run, for what it writes and how long it
 * takes: `npm run bench -- --large-file 20`.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEEP_ALL, largestMemoryCap } from '../../electron/contract/retention.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { ArrowArchive } from '../../electron/files/arrow-archive.ts';
import { createScanThreads } from '../../electron/scan/threads.ts';
import type { OpenView } from '../../electron/session/workspace/open-view.ts';
import { Workspace } from '../../electron/session/workspace/workspace.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import { messages, NEEDLE, TEXT_BYTES } from './bench-log.ts';
import { progress } from './environment.ts';

const GB = 1024 ** 3;
/** The memory of the machine that it is opened on; its cap is what the app allows there. */
const MACHINE_BYTES = 2 * GB;
const SCREEN = 40;
const JUMPS = 50;
/** How often it is looked how far the file was read, as the status bar does; milliseconds. */
const LOOK_MS = 1000;
const LINES_A_BLOCK = 8192;
const NUMBER_DIGITS = 9;
const CLOCK_AT = NUMBER_DIGITS + 1;
/** What the file and the history take on disk for each byte of the file, and some more. */
const DISK_SHARE = 2.4;

/** A word by which the log is filtered once it is there. */
const LATER_NEEDLE = 'lun 0';
const QUERY = { pattern: NEEDLE, regex: false, caseSensitive: false };

export interface LargeFileReport {
  readonly bytes: number;
  readonly rows: number;
  readonly firstMs: number;
  /** Until all of it was read, and filtered meanwhile. */
  readonly wholeMs: number;
  readonly matches: number;
  /** The longest that the thread of the sessions did nothing else than one tick. */
  readonly longestTickMs: number;
  /** A search for the next match from the middle of the log, while it is read and once it is there. */
  readonly findMeanwhileMs: number;
  readonly findMs: number;
  /** Until another filter was applied to all of it, most of which is on disk. */
  readonly againMs: number;
  /** The longest of some screens of rows at any place of the log. */
  readonly longestJumpMs: number;
  /** Until a capture that is reading is stopped, and its session closed. */
  readonly cancelMs: number;
  readonly capBytes: number;
  readonly peakBytes: number;
  readonly historyBytes: number;
  readonly holds: boolean;
}

/** Writes lines as DebugView saves them, with clock times, of 100,000 lines a second. */
function writeLargeLog(path: string, lines: number): void {
  const pool = messages(LINES_A_BLOCK);
  const head = `${'0'.repeat(NUMBER_DIGITS)}\t00:00:00.000\t`;
  const block = Buffer.from(
    pool.map((text, at) => `${head}[${1004 + (at % 7) * 1000}] ${text}\r\n`).join(''),
    'latin1',
  );
  const length = block.length / LINES_A_BLOCK;
  const fd = openSync(path, 'w');
  const put = (value: number, at: number, digits: number): void => {
    let rest = value;
    for (let place = at + digits - 1; place >= at; place--) {
      block[place] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  };
  try {
    for (let line = 0; line < lines; line += LINES_A_BLOCK) {
      for (let at = 0; at < LINES_A_BLOCK; at++) {
        const begin = at * length;
        const ms = Math.floor((line + at) / 100);
        put(line + at + 1, begin, NUMBER_DIGITS);
        put(Math.floor(ms / 3_600_000) % 24, begin + CLOCK_AT, 2);
        put(Math.floor(ms / 60_000) % 60, begin + CLOCK_AT + 3, 2);
        put(Math.floor(ms / 1000) % 60, begin + CLOCK_AT + 6, 2);
        put(ms % 1000, begin + CLOCK_AT + 9, 3);
      }
      writeSync(fd, block, 0, Math.min(LINES_A_BLOCK, lines - line) * length);
    }
  } finally {
    closeSync(fd);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const now = (): number => performance.now();

/** The measured process. */
export async function largeFileChild(path: string, bytes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-history-'));
  const capBytes = largestMemoryCap(MACHINE_BYTES);
  const archives: ArrowArchive[] = [];
  const scanner = createScanThreads();
  const workspace = new Workspace({
    ...{ scanner, now, memoryCapBytes: capBytes, largestCapBytes: capBytes, policy: KEEP_ALL, changed: () => {} },
    sessionOptions: (id) => {
      const archive = new ArrowArchive(join(folder, `rows-${id}`));
      archives.push(archive);
      return { now, open: () => openFileSource(path), store: { memoryCapBytes: capBytes, archive } };
    },
  });
  const all = workspace.openViews[0] as OpenView;
  const { session } = workspace.openSessions[0] as (typeof workspace.openSessions)[number];
  const second = workspace.openView(all.id);
  if (!second.ok) throw new Error(second.failure.message);
  const filtered = second.value;
  workspace.setFilter(filtered.id, { ...SHOW_ALL, text: QUERY });

  let longestTickMs = 0;
  const tick = async (): Promise<void> => {
    const from = now();
    workspace.tick(from);
    longestTickMs = Math.max(longestTickMs, now() - from);
    await turn();
  };
  const find = async (): Promise<number> => {
    const from = now();
    const place = all.log.first + Math.floor((all.log.end - all.log.first) / 2);
    const found = all.finder.find({ generation: all.log.generation, query: QUERY, from: place, direction: 'next' });
    let result: Awaited<typeof found> | null = null;
    void found.then((each) => {
      result = each;
    });
    while (result === null) await tick();
    if (!(await found).ok) throw new Error('the search failed');
    return now() - from;
  };

  const start = now();
  const opened = session.start(`file:${path}`);
  if (!opened.ok) throw new Error(opened.failure.message);
  while (session.store.rowCount === 0) await tick();
  all.log.rows(all.log.first, SCREEN);
  const firstMs = now() - start;
  const state = () => session.status(now()).sources[0];
  let findMeanwhileMs = Number.NaN;
  let lookedMs = now();
  for (let done = false; !done; ) {
    await tick();
    if (now() - lookedMs < LOOK_MS) continue;
    lookedMs = now();
    const { file, state: how } = state() ?? {};
    done = how !== 'capturing' && filtered.log.scan === null;
    if (Number.isNaN(findMeanwhileMs) && (file?.readBytes ?? 0) > bytes / 2) findMeanwhileMs = await find();
    progress(
      `${(((file?.readBytes ?? 0) / bytes) * 100).toFixed(0)} % read, ${(process.memoryUsage().rss / GB).toFixed(2)} GB`,
    );
  }
  const wholeMs = now() - start;
  const failure = state()?.failure ?? session.store.retention.failure;
  if (failure) throw new Error(failure.message);
  const findMs = await find();
  const matches = filtered.log.matchedEntries;
  const filtering = now();
  workspace.setFilter(filtered.id, { ...SHOW_ALL, text: { ...QUERY, pattern: LATER_NEEDLE } });
  while (filtered.log.scan !== null) await tick();
  const againMs = now() - filtering;
  let longestJumpMs = 0;
  for (let jump = 0; jump < JUMPS; jump++) {
    const from = now();
    all.log.rows(Math.floor(((jump * 0.618) % 1) * (all.log.end - SCREEN)), SCREEN);
    longestJumpMs = Math.max(longestJumpMs, now() - from);
  }
  const rows = session.store.rowCount;
  const historyBytes = archives.reduce((sum, archive) => sum + archive.bytes, 0);

  const again = workspace.openSession();
  if (!again.ok) throw new Error(again.failure.message);
  const other = workspace.session(again.value.session);
  if (!other.ok || !other.value.start(`file:${path}`).ok) throw new Error('it could not be opened again');
  while (other.value.store.rowCount < 1_000_000 && other.value.isCapturing) await tick();
  const cancelled = now();
  other.value.stop();
  workspace.closeSession(again.value.session);
  const cancelMs = now() - cancelled;

  workspace.close();
  scanner.close();
  rmSync(folder, { recursive: true, force: true });
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const holds = firstMs <= 500 && peakBytes <= MACHINE_BYTES;
  const report: LargeFileReport = {
    ...{
      bytes,
      rows,
      firstMs,
      wholeMs,
      matches,
      longestTickMs,
      findMeanwhileMs,
      findMs,
      againMs,
      longestJumpMs,
      cancelMs,
    },
    ...{ capBytes, peakBytes, historyBytes, holds },
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** Writes a log of so many GB, and measures it in a process of its own. Throws, and says how much, if the disk has not the room. */
export function measureLargeFile(gigabytes: number): LargeFileReport {
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < gigabytes * GB * DISK_SHARE) {
    throw new Error(
      `${tmpdir()} has ${Math.floor((bavail * bsize) / GB)} GB left, and ${gigabytes * DISK_SHARE} GB are needed`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-file-'));
  try {
    const path = join(folder, 'debugview.log');
    const length = NUMBER_DIGITS + TEXT_BYTES + '\t00:00:00.000\t[1004] \r\n'.length;
    const lines = Math.floor((gigabytes * GB) / length);
    progress(`writing ${lines.toLocaleString('en')} lines`);
    writeLargeLog(path, lines);
    const args = [process.argv[1] ?? '', '--large-file-child', path, String(lines * length)];
    const child = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.status !== 0) throw new Error(`the measured process ended with code ${child.status}`);
    const report = JSON.parse(child.stdout) as LargeFileReport;
    if (report.rows !== lines) throw new Error(`${report.rows} rows came of ${lines} lines`);
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
