/**
 * Runs every test suite there is a tool for, and says plainly what passed, failed and was skipped.
 *
 *   npm test -- [--only unit,c,asan,tsan,mingw,kernel,windows,assure,wine,e2e] [--require-all] [--no-install]
 *
 * As root on Debian a missing tool is installed, unless --no-install says otherwise; elsewhere its suites are skipped,
 * and the end of the run says which and how to get them. On a CI machine (CI=true) nothing may be skipped.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './build.mjs';
import { run } from './child.mjs';
import {
  add,
  countLine,
  none,
  playwrightCounts,
  playwrightFailures,
  printedCounts,
  settle,
  total,
  vitestCounts,
  vitestFailures,
} from './counts.mjs';
import { hasDisplay, startVirtualDisplays } from './display.mjs';
import { misused, runScript } from './output.mjs';
import { binary, cache, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';
import { distributionFolder, ensureElectron } from './provide/ensure-electron.mjs';
import { ensureSystem } from './provide/ensure-system.mjs';
import { findProgram } from './provide/find-tools.mjs';
import { ensureWindowsNode } from './provide/windows-node.mjs';
import { readOptions, skippedAdvice } from './suites.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {import('./counts.mjs').VitestReport} VitestReport */
/** @typedef {import('./suites.mjs').Suite} Suite */
/** @typedef {import('./provide/system-packages.mjs').InstallWish} InstallWish */
/** @typedef {{ counts: Counts, note?: string, lacking?: readonly string[], failures?: readonly string[] }} SuiteResult `lacking`: packages; `failures`: what failed and why, a line each */

/**
 * The most failures of a suite that the summary lists: more than some twenty have a common cause, or the machine lacks
 * something.
 */
const MAX_FAILURES_TOLD = 20;
/** The most tests of the app at once: each has Electron, its page and often a simulated driver. */
const MOST_WINDOWS = 2;
/** The tag of the tests of the app that nothing may run beside. */
const ALONE = '@alone';

await runScript(import.meta.url, async () => {
  const read = readOptions(process.argv.slice(2), process.env);
  if (!read.ok) return misused(read.message);
  const { chosen, requireAll, install } = read.options;
  const deps = await ensureDeps();
  if (!deps.ok) return deps;

  /** @type {string[]} */
  const summary = [];
  /** @type {{ name: string, packages: readonly string[] }[]} */
  const skipped = [];
  let sum = none;
  const tell = (/** @type {Suite} */ suite, /** @type {SuiteResult} */ result, /** @type {number} */ started) => {
    if (result.lacking) skipped.push({ name: suite.name, packages: result.lacking });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    summary.push(
      `  ${suite.name.padEnd(7)} ${countLine(result.counts)} in ${seconds} s${result.note ? `: ${result.note}` : ''}`,
    );
    // Often only the end of a long run is kept, so the failures are listed there once more.
    for (const failure of (result.failures ?? []).slice(0, MAX_FAILURES_TOLD)) summary.push(`    failed: ${failure}`);
    sum = add(sum, result.counts);
  };
  /** @type {{ suite: Suite, started: number, result: Promise<SuiteResult> }[]} */
  const beside = [];
  const awaitBeside = async () => {
    for (const { suite, started, result } of beside.splice(0)) {
      heading(`${suite.name}, which ran beside the others`);
      tell(suite, await result, started);
    }
  };
  for (const [n, suite] of chosen.entries()) {
    if (suite.alone) await awaitBeside();
    heading(`${suite.name}: ${suite.title}`);
    const started = performance.now();
    if (suite.beside && chosen.slice(n + 1).some(({ alone }) => !alone)) {
      print('runs beside the suites that follow');
      // Now, so that no two suites install packages at once; what comes of it is looked at where the suite is run.
      await ensureSystem({ tools: suite.needs, install });
      beside.push({ suite, started, result: runSuite(suite, requireAll, install, true) });
    } else tell(suite, await runSuite(suite, requireAll, install), started);
  }
  await awaitBeside();
  heading('summary');
  print(summary.join('\n'));
  print(countLine(sum));
  const advice = skippedAdvice(skipped, process.getuid?.() === 0);
  if (advice !== null) print(advice);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
});

/** @returns {Promise<SuiteResult>} */
async function runSuite(
  /** @type {Suite} */ suite,
  /** @type {boolean} */ required,
  /** @type {InstallWish} */ install,
  beside = false,
) {
  const cannot = (/** @type {string} */ why, /** @type {readonly string[]} */ lacking = []) => {
    print(`${required ? 'CANNOT RUN' : 'SKIPPED'} ${suite.name}: ${why}`);
    return {
      counts: { ...none, [required ? 'failed' : 'skipped']: 1 },
      note: `${required ? 'cannot run' : 'skipped'}, see above`,
      lacking,
    };
  };
  const ready = await ensureSystem({ tools: suite.needs, install });
  if (!ready.ok) return cannot(ready.message, ready.packages);
  const wanted = await ensureSystem({ tools: suite.wants ?? [], install });
  if (!wanted.ok) {
    // On a CI machine, the tests that need the tool fail by themselves.
    print(`SKIPPED some tests of ${suite.name}: ${wanted.message}`);
  }

  switch (suite.runner) {
    case 'vitest':
      return runVitest(suite);
    case 'make':
      return runMake(suite);
    case 'assure':
      return runAssure(suite, beside);
    case 'wine': {
      const prepared = await ensureWindowsNode();
      return prepared.ok ? runWine(suite) : cannot(prepared.message);
    }
    case 'playwright': {
      const prepared = await preparePlaywright(install);
      if (!prepared.ok) {
        return prepared.defect
          ? { counts: { ...none, failed: 1 }, note: prepared.message }
          : cannot(prepared.message, prepared.packages);
      }
      try {
        return await runPlaywright(suite, prepared.env);
      } finally {
        prepared.stop();
      }
    }
  }
}

/** @returns {Promise<SuiteResult>} */
async function runVitest(/** @type {Suite} */ suite) {
  const report = freshReport(suite);
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const result = await run(binary('vitest'), args, limits(suite));
  const failures = readReport(report, (/** @type {VitestReport} */ read) => vitestFailures(read, root)) ?? [];
  return { ...judge(suite, result, readReport(report, vitestCounts) ?? none), failures };
}

/** @returns {Promise<SuiteResult>} */
async function runMake(/** @type {Suite} */ suite) {
  // What one target prints stays together, so that no line of counts is cut.
  const parallel = [`-j${availableParallelism()}`, '--output-sync=target'];
  const args = ['--no-print-directory', ...parallel, '-C', 'driver', suite.target ?? suite.name];
  const result = await run('make', args, { ...limits(suite), output: 'both' });
  const printed = printedCounts(result.stdout);
  const alone = suite.countless && result.code === 0 && total(printed) === 0;
  return judge(suite, result, alone ? { ...none, passed: 1 } : printed);
}

/** @returns {Promise<SuiteResult>} */
async function runAssure(/** @type {Suite} */ suite, /** @type {boolean} */ beside) {
  const script = join(root, 'driver', 'assure', 'assure.mjs');
  // The host tests are suites of their own here.
  const args = [process.execPath, script, '--quick', '--without=host'];
  // Only what the others leave of the processors, so that what waits for an answer of the app gets it as soon as without.
  const [program = '', ...rest] = beside && findProgram('chrt') !== null ? ['chrt', '--idle', '0', ...args] : args;
  const result = await run(program, rest, { ...limits(suite), output: beside ? 'keep' : 'both' });
  if (beside) print(`${result.stderr}${result.stdout}`);
  return judge(suite, result, { ...none, [result.code === 0 ? 'passed' : 'failed']: 1 });
}

/** @returns {Promise<SuiteResult>} */
async function runWine(/** @type {Suite} */ suite) {
  const script = join(root, 'e2e', 'wine', 'run.mjs');
  const result = await run(process.execPath, [script], { ...limits(suite), output: 'both' });
  return judge(suite, result, printedCounts(result.stdout));
}

/**
 * Everything a window needs: Electron, its libraries, the build, a display.
 * @returns {Promise<{ ok: true, env: NodeJS.ProcessEnv, stop: () => void } | { ok: false, defect: boolean, message: string, packages?: readonly string[] }>}
 */
async function preparePlaywright(/** @type {InstallWish} */ install) {
  const electron = await ensureElectron();
  if (!electron.ok) return { ...electron, defect: false };
  const virtual = !hasDisplay();
  const system = await ensureSystem({ tools: virtual ? ['Xvfb'] : [], program: electron.path, install });
  if (!system.ok) return { ...system, defect: false };
  const built = await ensureBuild();
  // Sources that do not build are a defect, while a missing tool is not.
  if (!built.ok) return { ...built, defect: true };

  const env = { ELECTRON_OVERRIDE_DIST_PATH: distributionFolder(electron.path) };
  if (!virtual) return { ok: true, env, stop: () => {} };
  const displays = await startVirtualDisplays(Math.min(MOST_WINDOWS, availableParallelism()));
  if (!displays.ok) return { ...displays, defect: false };
  return { ok: true, env: { ...env, RINGVIEW_DISPLAYS: JSON.stringify(displays.envs) }, stop: displays.stop };
}

/**
 * Most tests wait more than they compute, so they run beside each other where each has a display of its own; those that
 * need what the machine can give run after them, one by one. @returns {Promise<SuiteResult>}
 */
async function runPlaywright(/** @type {Suite} */ suite, /** @type {NodeJS.ProcessEnv} */ env) {
  const many = await runPlaywrightTests(suite, env, ['--grep-invert', ALONE]);
  // A run empties the folder of its results first, which has the pictures of the run before.
  const results = join('test-results', 'alone');
  const alone = await runPlaywrightTests(suite, env, ['--grep', ALONE, '--workers=1', '--output', results]);
  const note = many.note ?? alone.note;
  return {
    counts: add(many.counts, alone.counts),
    failures: [...(many.failures ?? []), ...(alone.failures ?? [])],
    ...(note === undefined ? {} : { note }),
  };
}

/** @returns {Promise<SuiteResult>} */
async function runPlaywrightTests(
  /** @type {Suite} */ suite,
  /** @type {NodeJS.ProcessEnv} */ env,
  /** @type {readonly string[]} */ which,
) {
  const report = freshReport(suite);
  const args = ['test', '--config', join('e2e', 'playwright.config.ts'), '--reporter=list,json', ...which];
  const result = await run(binary('playwright'), args, {
    ...limits(suite),
    env: { ...process.env, ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report, ELECTRON_RUN_AS_NODE: undefined },
  });
  const failures = readReport(report, playwrightFailures) ?? [];
  return { ...judge(suite, result, readReport(report, playwrightCounts) ?? none), failures };
}

/** @returns {SuiteResult} */
function judge(
  /** @type {Suite} */ suite,
  /** @type {import('./child.mjs').ChildResult} */ result,
  /** @type {Counts} */ counts,
) {
  const settled = settle(counts, result.code);
  if (result.timedOut) return { counts: settled, note: `ended after ${suite.limitSeconds} s` };
  if (settled.failed === counts.failed) return { counts: settled };
  return {
    counts: settled,
    note: result.code === 0 ? 'no test ran' : `exit code ${result.code} without a failed test`,
  };
}

function limits(/** @type {Suite} */ suite) {
  return { timeoutMs: suite.limitSeconds * 1000, shell: process.platform === 'win32' };
}

function freshReport(/** @type {Suite} */ suite) {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `${suite.name}-report.json`);
  // A report left by an earlier run must not be mistaken for this one's.
  rmSync(file, { force: true });
  return file;
}

/** @template T, R @returns {R | null} */
function readReport(/** @type {string} */ file, /** @type {(report: T) => R} */ read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The program ended before it wrote its report; its exit code and the missing tests then count as the failure.
    return null;
  }
}

function heading(/** @type {string} */ text) {
  print(`\n== ${text}`);
}

function print(/** @type {string} */ text) {
  process.stdout.write(`${text}\n`);
}
