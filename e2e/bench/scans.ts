/** `filter.*` and `search.*`: scans of the history, beside the same scans in C and by ripgrep. Matches must agree. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FilterSpec, SHOW_ALL } from '../../electron/contract/rows.ts';
import { BenchLog, EXPRESSION, NEEDLE } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { compile, output, rounds } from './programs.ts';
import { type BenchResult, measured, skipped } from './results.ts';
import { BenchSession, type FilterTiming } from './session.ts';
import { median, spread } from './statistics.ts';
import { measureTemplates } from './templates.ts';
import { measureTerms } from './terms.ts';

const HIDDEN_CPU = 3;
const HIDDEN_LEVEL = 3;
const MEMORY = 8 * 1024 ** 3;

interface Scan {
  readonly name: string;
  readonly spec: FilterSpec;
  readonly referenceName: string;
  readonly least: number;
  /** Milliseconds and matches of the reference, or why there is none. */
  readonly reference: (folder: string) => { ms: number; matches: number };
  readonly needs: string;
}

function scans(environment: Environment): Scan[] {
  const once = (folder: string, ...args: string[]) =>
    rounds<{ ms: number; matches: number }>(compile(environment, 'scan'), [
      args[0] ?? '',
      join(folder, args[0] ?? ''),
      1,
      ...args.slice(1),
    ])[0] ?? { ms: Number.NaN, matches: -1 };
  return [
    {
      name: 'filter.cpuLevel.10M',
      spec: { hiddenCpus: [HIDDEN_CPU], hiddenLevels: [HIDDEN_LEVEL], hiddenSources: [], text: null },
      referenceName: 'C loop',
      least: 0.2,
      needs: 'gcc',
      reference: (folder) => once(folder, 'columns', String(HIDDEN_CPU), String(HIDDEN_LEVEL)),
    },
    {
      name: 'search.substring.10M',
      spec: { ...SHOW_ALL, text: { pattern: NEEDLE, regex: false, caseSensitive: true } },
      referenceName: 'C memmem',
      least: 0.3,
      needs: 'gcc',
      reference: (folder) => once(folder, 'text', NEEDLE),
    },
    {
      name: 'search.regex.10M',
      spec: { ...SHOW_ALL, text: { pattern: EXPRESSION, regex: true, caseSensitive: true } },
      referenceName: 'ripgrep, one thread',
      least: 0.3,
      needs: 'rg',
      reference: (folder) => {
        const start = performance.now();
        const counted = output('rg', ['--count', '--threads', 1, EXPRESSION, join(folder, 'text')]);
        return { ms: performance.now() - start, matches: Number(counted) };
      },
    },
  ];
}

export async function scanHistory(
  environment: Environment,
  quick: boolean,
  wanted: (name: string) => boolean,
): Promise<BenchResult[]> {
  const chosen = scans(environment).filter((scan) => wanted(scan.name));
  const rows = quick ? 2_000_000 : 10_000_000;
  const log = new BenchLog(rows);
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-'));
  const session = BenchSession.open(MEMORY);
  const results: BenchResult[] = [];
  try {
    progress(`scans: filling ${rows.toLocaleString('en')} rows`);
    session.fill(log);
    log.writeColumns(join(folder, 'columns'));
    log.writeText(join(folder, 'text'));
    for (const scan of chosen) {
      progress(scan.name);
      const why = environment.lacking[scan.needs];
      if (why !== undefined) results.push(skipped(scan.name, why));
      else results.push(...(await measureScan(scan, session, folder, rows, quick)));
    }
    const searches = scans(environment).filter((scan) => scan.spec.text !== null);
    if (wanted('search.workers')) results.push(...(await measureWorkers(searches, session)));
    if (wanted('search.templates')) results.push(await measureTemplates(session, quick ? 2 : 5));
    if (wanted('search.terms')) results.push(await measureTerms(session, rows, quick ? 3 : 5));
  } finally {
    session.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

async function measureScan(
  scan: Scan,
  session: BenchSession,
  folder: string,
  rows: number,
  quick: boolean,
): Promise<BenchResult[]> {
  const timings: FilterTiming[] = [];
  const references: number[] = [];
  const repeats = quick ? 3 : 5;
  for (let round = 0; round <= repeats; round++) {
    // Text is searched by threads; to compare with a single-threaded reference, only one is used.
    const own = await session.filter(scan.spec, scan.spec.text === null ? 0 : 1);
    const other = scan.reference(folder);
    if (own.matches !== other.matches) {
      throw new Error(`${scan.name}: ${own.matches} matches, ${scan.referenceName} finds ${other.matches}`);
    }
    if (round === 0) continue;
    timings.push(own);
    references.push(other.ms);
  }
  const values = timings.map((timing) => timing.ms);
  const speed = median(references) / median(values);
  const note = `${rows.toLocaleString('en')} rows, ${timings[0]?.matches.toLocaleString('en')} matches; ${speed.toFixed(2)}x the speed of ${scan.referenceName}`;
  const whole = measured({
    name: scan.name,
    value: median(values),
    unit: 'ms',
    reference: median(references),
    referenceName: scan.referenceName,
    goal: `at least ${scan.least}x the speed${scan.name.startsWith('search.') ? ', per worker' : ''}`,
    holds: speed >= scan.least,
    spread: spread(values),
    note,
  });
  if (!scan.name.startsWith('search.')) return [whole];
  const first = timings.map((timing) => timing.firstScreenMs);
  return [
    whole,
    measured({
      name: `${scan.name}.first`,
      value: median(first),
      unit: 'ms',
      goal: 'first screen of matches in 50 ms',
      holds: median(first) <= 50,
      spread: spread(first),
      note: '40 matches found and made into rows',
    }),
  ];
}

/** Rounds with one worker and with two, after one that has the engines compile. */
const WORKER_ROUNDS = 15;

/**
 * What a second worker thread gains, for each search; each round measures both, so that both meet the same machine. The
 * fastest round counts, of many: two threads need both CPUs for themselves at once.
 */
async function measureWorkers(searches: readonly Scan[], session: BenchSession): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const cores = availableParallelism();
  for (const { name, spec } of searches) {
    const alone: number[] = [];
    const together: number[] = [];
    progress(`search.workers: ${name}`);
    for (let round = 0; round <= WORKER_ROUNDS; round++) {
      const one = await session.filter(spec, 1);
      const two = await session.filter(spec, 2);
      if (one.matches !== two.matches) throw new Error(`${name}: ${one.matches} and ${two.matches} matches`);
      if (round === 0) continue;
      alone.push(one.ms);
      together.push(two.ms);
    }
    const gain = Math.min(...alone) / Math.min(...together);
    results.push(
      measured({
        name: `search.workers.${name.split('.')[1]}`,
        value: Math.min(...together),
        unit: 'ms',
        reference: Math.min(...alone),
        referenceName: 'one worker',
        goal: 'two workers at least 1.7x one',
        holds: gain >= 1.7,
        spread: spread(together),
        note: `${gain.toFixed(2)}x the speed of one worker, on ${cores} cores`,
      }),
    );
  }
  return results;
}
