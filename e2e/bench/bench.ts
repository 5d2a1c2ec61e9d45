/**
 * The measuring program, started by electron/setup/bench.mjs: chooses what to measure, in the order in which one leaves
 * something for the next, and prints one JSON document. A measurement that fails is reported as failed; the rest goes on.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAnswers } from './answers.ts';
import { captureLossless } from './capture.ts';
import { type Environment, progress, readEnvironment } from './environment.ts';
import { loggedCapture } from './file-log.ts';
import { fileChild, measureFiles } from './files.ts';
import { largeFileChild, measureLargeFile } from './large-file.ts';
import { logging } from './logging.ts';
import { memoryChild, memoryPerRow } from './memory.ts';
import { mergeRings } from './merge.ts';
import { recordedCapture } from './recording.ts';
import { type BenchResult, type BenchRun, markdown, skipped } from './results.ts';
import { ringWrite } from './ring-write.ts';
import { scanHistory } from './scans.ts';
import { scroll10M, scroll100M } from './scroll.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { readTicks, stolenPercent, withStolen } from './stolen.ts';
import { templatesWhileCapturing } from './templates-capture.ts';
import { measureTraces } from './traces.ts';
import { AppWindow } from './window.ts';

/** One function for several names: what they share is made once. */
interface Group {
  readonly names: readonly string[];
  /** Tools without which none of it can be measured. */
  readonly needs: readonly string[];
  readonly run: (wanted: (name: string) => boolean) => Promise<BenchResult[]> | BenchResult[];
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    record: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    'memory-child': { type: 'boolean', default: false },
    'file-child': { type: 'boolean', default: false },
    'large-file': { type: 'string' },
    'large-file-child': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const { positionals } = parseArgs({ strict: false, allowPositionals: true });

if (values['memory-child']) {
  memoryChild(Number(positionals.at(-2)), Number(positionals.at(-1)));
} else if (values['file-child']) {
  await fileChild(positionals.at(-2) ?? '', Number(positionals.at(-1)));
} else if (values['large-file-child']) {
  await largeFileChild(positionals.at(-2) ?? '', Number(positionals.at(-1)));
} else if (values['large-file'] !== undefined) {
  runLargeFile(Number(values['large-file']));
} else if (values.soak) {
  await runSoak(readEnvironment(), Number(values.minutes));
} else {
  await runAll(readEnvironment(), values.quick, values.only?.split(',') ?? [], values.record);
}

async function runSoak(environment: Environment, minutes: number): Promise<void> {
  const why = environment.lacking.window;
  if (why !== undefined || !(minutes > 0)) {
    progress(why ?? '--minutes needs a number above 0');
    process.exitCode = 1;
    return;
  }
  const report = await soak(environment, minutes);
  process.stdout.write(
    `${JSON.stringify({ machine: machine(), date: new Date().toISOString(), soak: report }, null, 2)}\n`,
  );
  process.exitCode = report.holds ? 0 : 1;
}

function runLargeFile(gigabytes: number): void {
  if (!(gigabytes > 0)) {
    progress('--large-file needs a number of GB above 0');
    process.exitCode = 1;
    return;
  }
  const report = measureLargeFile(gigabytes);
  const whole = { machine: machine(), date: new Date().toISOString(), largeFile: report };
  process.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
  process.exitCode = report.holds ? 0 : 1;
}

async function runAll(
  environment: Environment,
  quick: boolean,
  only: readonly string[],
  record: boolean,
): Promise<void> {
  let window: AppWindow | null = null;
  const theWindow = async () => {
    window ??= await AppWindow.open(environment);
    return window;
  };
  const groups: readonly Group[] = [
    { names: ['ring.write.64B'], needs: ['gcc'], run: () => ringWrite(environment, quick) },
    { names: ['log.masked', 'log.user.64B', 'log.stack'], needs: ['gcc'], run: () => logging(environment, quick) },
    { names: ['drain.merge.store'], needs: ['gcc'], run: () => mergeRings(environment, quick) },
    {
      names: [
        ...['filter.cpuLevel.10M', 'search.substring.10M', 'search.regex.10M'],
        ...['search.workers', 'search.terms', 'search.templates'],
      ],
      needs: [],
      run: (wanted) => scanHistory(environment, quick, wanted),
    },
    {
      names: ['etl.open', 'etl.rows', 'wpp.format', 'etl.first'],
      needs: ['gcc'],
      run: () => measureTraces(environment, quick),
    },
    {
      names: ['file.first', 'file.filtered', 'file.memory'],
      needs: [],
      run: () => measureFiles(environment, quick),
    },
    { names: ['memory.perRow'], needs: [], run: () => memoryPerRow(quick) },
    { names: ['startup.firstRow', 'startup.usable'], needs: ['window'], run: () => startup(environment, quick) },
    {
      names: ['capture.lossless', 'ui.follow.1M'],
      needs: ['window'],
      run: async () => captureLossless(environment, await theWindow(), quick),
    },
    {
      names: ['templates.capture', 'templates.memory'],
      needs: [],
      run: () => templatesWhileCapturing(environment, quick),
    },
    { names: ['ui.answer'], needs: ['window'], run: () => measureAnswers(environment, quick) },
    {
      names: ['capture.recorded', 'drain.longestStop'],
      needs: [],
      run: () => recordedCapture(environment, quick),
    },
    { names: ['file.log'], needs: [], run: () => loggedCapture(environment, quick) },
    {
      names: ['ui.scroll.10M'],
      needs: ['window'],
      run: async () => scroll10M(environment, await theWindow(), quick),
    },
    {
      names: ['ui.scroll.100M'],
      needs: ['window'],
      run: () => scroll100M(environment, quick),
    },
  ];

  const known = groups.flatMap((group) => group.names);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    progress(`nothing is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
    process.exitCode = 1;
    return;
  }
  const wanted = (name: string) => only.length === 0 || only.includes(name);
  const results: BenchResult[] = [];
  for (const group of groups) {
    const names = group.names.filter(wanted);
    if (names.length === 0) continue;
    const lack = group.needs.find((tool) => environment.lacking[tool] !== undefined);
    if (lack !== undefined) {
      results.push(...names.map((name) => skipped(name, environment.lacking[lack] ?? '')));
      continue;
    }
    progress(names.join(', '));
    const start = performance.now();
    const ticks = readTicks();
    try {
      const measured = await group.run(wanted);
      results.push(...withStolen(measured, stolenPercent(ticks, readTicks())));
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      progress(`${names.join(', ')} failed: ${why}`);
      results.push(...names.map((name) => ({ ...skipped(name, ''), holds: false, note: `failed: ${why}` })));
    }
    progress(`  took ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  await (window as AppWindow | null)?.close();

  const run: BenchRun = { machine: machine(), date: new Date().toISOString(), quick, results };
  process.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
  if (record) keep(environment, run);
}

function machine(): Record<string, string | number> {
  const all = cpus();
  const line = (program: string, ...args: string[]) => {
    try {
      return execFileSync(program, args, { encoding: 'utf8' }).split('\n')[0] ?? '';
    } catch {
      return 'none';
    }
  };
  return {
    cpu: all[0]?.model ?? process.arch,
    cpus: all.length,
    memoryGB: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${release()}`,
    node: process.version,
    gcc: line('gcc', '-dumpfullversion'),
    load: loadAverage(),
  };
}

/** Programs that wanted a CPU in the last minute: what the figures must be read with on a machine that is shared. */
function loadAverage(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

/** Newest first, so that a reader finds what holds now. */
function keep(environment: Environment, run: BenchRun): void {
  const file = join(environment.root, 'e2e', 'bench', 'RESULTS.md');
  const head = '# Results of `npm run bench`\n\nKept by `npm run bench -- --record`, newest first.\n';
  const old = existsSync(file) ? readFileSync(file, 'utf8').slice(head.length) : '';
  writeFileSync(file, `${head}\n${markdown(run)}${old}`);
  progress(`recorded in ${file}`);
}
