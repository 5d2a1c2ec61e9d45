/**
 * The soak under faults: producers, readers, the app, its page and its graphics process are killed, restarted and paused
 * at random, the disk is full or stalls, and every row that comes out is held against what the producers' memory says was made. Chance comes from a
 * seed; what the machine does with it does not.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppLane } from './app-lane.ts';
import { SmallDisk } from './disk.ts';
import { type DiskPace, runDiskLane } from './disk-lane.ts';
import { type LanePace, runReaderLane } from './reader-lane.ts';
import { Chance, type Tally, World } from './world.ts';

export interface SoakOptions {
  /** The project's top level; what is in dist runs. */
  readonly root: string;
  readonly electron: { readonly path: string; readonly switches: readonly string[] };
  readonly seed: number;
  readonly minutes: number;
  readonly tell: (line: string) => void;
}

export interface SoakReport {
  readonly seed: number;
  readonly minutes: number;
  readonly tally: Tally;
  /** What was wrong; empty if nothing was. */
  readonly findings: readonly string[];
  /** Why there were no disk episodes; null if there were. */
  readonly noDisk: string | null;
  /** What is left for whoever looks into a finding. */
  readonly folder: string;
}

const DISK_BYTES = 512 * 1024 ** 2;
/** The least that the settings allow, so that the app's history is on disk before a minute is over. */
const MEMORY_CAP = 64 * 1024 ** 2;

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { root, seed, minutes, tell } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ringview-soak-'));
  let disk: SmallDisk | null = null;
  let noDisk: string | null = null;
  try {
    disk = await SmallDisk.mount(join(folder, 'disk'), DISK_BYTES);
  } catch (error) {
    noDisk = `no small disk could be mounted, so none is full or stalls: ${error instanceof Error ? error.message : String(error)}`;
  }
  const world = new World(folder, join(root, 'dist', 'cli', 'ringview.js'), disk, minutes, tell);
  world.log(`seed ${seed}, ${minutes} minutes, in ${folder}`);
  if (noDisk !== null) world.log(noDisk);

  const short = minutes < 2;
  const pace: LanePace = short
    ? { mostRate: 20_000, longestPauseMs: 800, longestWaitMs: 700, appSeconds: [5, 9] }
    : { mostRate: 8000, longestPauseMs: 4000, longestWaitMs: 5000, appSeconds: [30, 240] };
  const diskPace: DiskPace = short
    ? { betweenMs: [500, 3000], fullMs: [1000, 3000], longestStallMs: 1500 }
    : { betweenMs: [2000, 30_000], fullMs: [2000, 30_000], longestStallMs: 6000 };
  const shell = {
    ...{ root, electron: options.electron.path, switches: options.electron.switches },
    ...{ profile: join(folder, 'profile'), history: join(world.target, 'history') },
  };
  mkdirSync(shell.profile);
  mkdirSync(shell.history);
  symlinkSync(shell.history, join(shell.profile, 'history'));
  // What is looked for here is the history that lives as long as its window.
  const retention = { memoryCapBytes: MEMORY_CAP, policy: { keep: 'all' } };
  writeFileSync(
    join(shell.profile, 'settings.json'),
    JSON.stringify({ retention, library: { record: false }, askBeforeClosing: false }),
  );

  const name = `soak-${process.pid}`;
  const app = new AppLane(world, new Chance(seed + 1), pace, shell, `${name}-app`);
  const findings: string[] = [];
  const lane = async (what: Promise<void>): Promise<void> => {
    try {
      await what;
    } catch (error) {
      world.aborted = true;
      const finding = error instanceof Error ? (error.name === 'SoakFinding' ? error.message : error.stack) : error;
      findings.push(String(finding));
      world.log(`FOUND: ${finding}`);
    }
  };
  process.on('exit', () => world.killAll());
  await Promise.all([
    lane(runReaderLane(world, new Chance(seed + 2), pace, `${name}-file`)),
    lane(app.run()),
    ...(disk === null ? [] : [lane(runDiskLane(world, new Chance(seed + 3), diskPace, disk, app))]),
  ]);
  world.killAll();
  for (const end of ['app', 'file']) rmSync(`/dev/shm/ringview.${name}-${end}`, { force: true });
  const { tally } = world;
  if (findings.length === 0) findings.push(...unbalanced(tally));
  if (findings.length === 0) {
    await disk?.unmount();
    rmSync(folder, { recursive: true, force: true });
  }
  return { seed, minutes, tally, findings, noDisk, folder };
}

/** The sum of everything, as a last check that no account was left out. */
function unbalanced(tally: Tally): string[] {
  const { attempted, delivered, lost, taken, evicted, unread } = tally;
  const found = delivered + lost + taken + evicted + unread;
  return attempted === found ? [] : [`${attempted} attempts were made, ${found} are accounted for`];
}

/** The finished line of the table in driver/ASSURANCE.md. */
export function markdownRow(report: SoakReport, date: string): string {
  const { tally } = report;
  const n = (value: number): string => value.toLocaleString('en');
  const cells = [
    ...[date, String(report.seed), String(report.minutes)],
    `${n(tally.producers)} (${n(tally.producersKilled)} killed)`,
    `${n(tally.readers)} (${n(tally.readersKilled)} killed)`,
    `${n(tally.apps)} (${n(tally.appsKilled)} killed; ${n(tally.pagesKilled)} pages, ${n(tally.graphicsKilled)} graphics)`,
    n(tally.pauses),
    `${n(tally.fullDisk)} full, ${n(tally.stalls)} stalled; told ${n(tally.fullDiskTold)} times`,
    `${n(tally.exports)} whole, ${n(tally.exportsRefused)} refused`,
    `${n(tally.attempted)} = ${n(tally.delivered)} + ${n(tally.lost)} lost + ${n(tally.taken)} taken + ${n(tally.evicted)} dropped + ${n(tally.unread)} unread`,
    `${n(tally.judged)}, ${n(tally.late)} late`,
    n(tally.onDisk),
    report.findings.length === 0 ? 'none' : `${report.findings.length}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

export const TABLE_HEAD = [
  '| date | seed | minutes | producers | readers | apps | pauses | disk | exports | attempts | rows judged | rows on disk | findings |',
  '|------|------|---------|-----------|---------|------|--------|------|---------|----------|-------------|--------------|----------|',
].join('\n');
