/**
 * Tries the tests: changes the code in thousands of small ways and counts the changes that no test notices.
 *
 *   npm run mutate -- [PART...] [--sample N] [--again]
 *
 * `--sample 4` changes every fourth piece of the code, in a fourth of the time. The parts, what is mutated and what is not
 * are in mutation/rooms.mjs. What was found is remembered below `node_modules` and only tried again where code or tests
 * changed since, unless `--again` says so. Scores go to mutation/SCORES.md, the mutants that survived with their places
 * to dist/mutation/PART.txt.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { leftOut, meant, neverMutated, parts } from './mutation/rooms.mjs';
import { sampledLines } from './mutation/sample.mjs';
import { scoreOf, survivorText, withScore } from './mutation/scores.mjs';
import { failed, misused, runScript, say } from './output.mjs';
import { cache, dist, root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';

const scores = join(import.meta.dirname, 'mutation', 'SCORES.md');

await runScript(import.meta.url, async () => {
  const { positionals: names, values } = parseArgs({
    options: { again: { type: 'boolean', default: false }, sample: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const every = Number(values.sample);
  if (!Number.isInteger(every) || every < 1)
    return misused(`--sample takes a whole number from 1, not ${values.sample}`);
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    return misused(`there is no part ${unknown.join(', ')}: choose of ${parts.map(({ name }) => name).join(', ')}`);
  const deps = await ensureDeps();
  if (!deps.ok) return deps;
  let missed = 0;
  for (const part of parts) {
    if (names.length > 0 && !names.includes(part.name)) continue;
    const score = await mutate(part, every, values.again);
    say(`${part.name}: ${score.killed} of ${score.mutants} killed, ${score.percent} %`);
    if (part.goal !== undefined && score.percent < part.goal) missed++;
  }
  return missed === 0
    ? 0
    : failed(`${missed} of the parts miss their goal; ${join('dist', 'mutation')} has what survived`);
});

/** Runs the mutants of a part and writes down what came of them. */
async function mutate(
  /** @type {import('./mutation/rooms.mjs').Part} */ part,
  /** @type {number} */ every,
  /** @type {boolean} */ again,
) {
  const reports = join(dist, 'mutation');
  const memory = join(cache, 'mutation', `${part.name}${every === 1 ? '' : `-${every}`}.json`);
  mkdirSync(reports, { recursive: true });
  mkdirSync(join(cache, 'mutation'), { recursive: true });
  if (again && existsSync(memory)) rmSync(memory);
  // The processes that run the tests inherit it.
  process.env.MUTATION_TESTS = JSON.stringify(part.tests);
  if (part.fewExamples) process.env.MUTATION_FEW_EXAMPLES = '1';
  else delete process.env.MUTATION_FEW_EXAMPLES;
  // Images of hostile memory that every mutant of the reader has to get past.
  process.env.RINGVIEW_HOSTILE ??= '300';
  process.chdir(root);
  /** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
  const options = {
    mutate: every === 1 ? [...part.files, ...neverMutated] : sampledLines(linesOf(part), every),
    mutator: { excludedMutations: [...leftOut] },
    // Made once, when a module is loaded, and needing every test of the part each: tables and constants.
    ignoreStatic: true,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'electron/setup/mutation/vitest.config.mjs', related: false },
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: memory,
    // Few, so that the machine stays of use to whoever waits.
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
    // What a mutant that never ends is given beyond what its tests took without it: most of the time of a part.
    timeoutMS: 5000,
    timeoutFactor: 1.5,
    dryRunTimeoutMinutes: 15,
    tempDirName: join('dist', 'mutation', 'work'),
    ignorePatterns: ['/build', '/dist', '/e2e', '/driver/build', '/test-results', '/playwright-report'],
    // Its paths are relative to the project, so they hold in the copy as they are.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: join('dist', 'mutation', `${part.name}.json`) },
    allowConsoleColors: false,
    // Of the type there are only the names of an enumeration.
    logLevel: /** @type {import('@stryker-mutator/api/core').LogLevel} */ ('error'),
  };
  const results = await new Stryker(options).runMutationTest();
  const score = scoreOf(results);
  writeFileSync(join(reports, `${part.name}.txt`), survivorText(results, root));
  writeFileSync(scores, withScore(readFileSync(scores, 'utf8'), part.name, score, every, new Date()));
  return score;
}

/** The files of a part with the number of their lines. */
function linesOf(/** @type {import('./mutation/rooms.mjs').Part} */ part) {
  const paths = ['native', 'electron', 'renderer'].flatMap((room) =>
    /** @type {string[]} */ (readdirSync(join(root, room), { recursive: true })).map(
      (path) => `${room}/${path.replaceAll('\\', '/')}`,
    ),
  );
  return meant([...part.files, ...neverMutated], paths)
    .sort()
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length }));
}
