/**
 * Mutation: breaks a copy of driver/ring in every way of mutants.mjs and lets the other methods find out. What they are
 * asked in, fastest first: host tests, boundaries, memory order, stress, thread sanitizer; of barriers memory order first.
 * And the same for driver/kernel (kernel.mjs). The quick form tries half of the ring's a day.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ringSources } from '../lib/build.mjs';
import { buildDir, DRIVER, HERE, isTried } from '../lib/context.mjs';
import { patched } from '../lib/patch.mjs';
import { must, pool, run } from '../lib/process.mjs';
import { badInstructions } from '../order/instructions.mjs';
import { judgeTraces, traceRing } from '../order/litmus.mjs';
import { STRESS_SOURCES } from '../stress/stress.mjs';
import { runKernelMutation } from './kernel.mjs';
import { MUTANTS } from './mutants.mjs';

/** @typedef {import('./mutants.mjs').Mutant} Mutant */

const FLAGS = ['-std=c11', '-w', '-g', '-D_GNU_SOURCE', '-pthread', '-DRV_TEST_POINTS'];

/** Runs that between them have shown every mutant that only stress can show. */
const STRESS = [
  '--mode drop --attempts 60000 --ring-bytes 4096 --point-mask 7 --signal-ns 300000',
  '--mode overwrite --attempts 60000 --ring-bytes 4096 --point-mask 7 --signal-ns 300000',
  '--mode drop --order clock --attempts 60000 --ring-bytes 16384 --point-mask 15 --signal-ns 300000',
  '--mode drop --hostile 1 --attempts 60000 --ring-bytes 4096 --point-mask 7 --signal-ns 300000',
];

/**
 * Processor seconds after which a program goes round in a circle: some ten times what each takes on the ring as it is
 * (0.8 the longest host test, 0.5 boundaries and stress, 1.6 stress under the sanitizer).
 */
const SECONDS = { tests: 8, stress: 5, sanitizer: 16 };

/**
 * Everything but the ring, compiled once.
 * @param {number} width
 */
async function compileTests(width) {
  const dir = buildDir('mutants', 'objects');
  const test = join(DRIVER, 'test');
  const units = readdirSync(test)
    .filter((file) => /^test_.*\.c$/.test(file) && file !== 'test_format.c')
    .map((file) => file.slice(0, -2));
  const sources = [
    ...[...units, 'fixture', 'reader'].map((name) => join(test, `${name}.c`)),
    join(HERE, 'boundary', 'boundary.c'),
  ];
  /** @param {string} name */
  const object = (name) => join(dir, `${name}.o`);
  const nameOf = (/** @type {string} */ source) => /** @type {string} */ (source.split('/').at(-1)).slice(0, -2);
  await pool(
    width,
    STRESS_SOURCES.flatMap((name) => {
      const source = join(test, 'stress', `${name}.c`);
      return [
        () => must('gcc', [...FLAGS, '-O1', '-c', source, '-o', object(`stress-${name}`)]),
        () => must('clang', [...FLAGS, '-O1', '-fsanitize=thread', '-c', source, '-o', object(`stress-${name}-tsan`)]),
      ];
    }),
  );
  await pool(
    width,
    sources.map((source) => () => must('gcc', [...FLAGS, '-O1', '-c', source, '-o', object(nameOf(source))])),
  );
  await must('clang', [
    ...FLAGS,
    '-O1',
    '-fsanitize=thread',
    '-c',
    join(test, 'reader.c'),
    '-o',
    object('reader-tsan'),
  ]);
  return { units, object };
}

/**
 * A copy of driver/ring with the patch, beside the headers it includes. @param {Mutant} mutant @param {string} dir
 */
function writeMutant(mutant, dir) {
  const ring = join(dir, 'ring');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  cpSync(join(DRIVER, 'ring'), ring, { recursive: true });
  symlinkSync(join(DRIVER, 'include'), join(dir, 'include'));
  const path = join(ring, mutant.file);
  writeFileSync(path, patched(path, mutant.patch));
  return ring;
}

/**
 * @param {string} ring
 * @param {string} dir
 * @param {string} compiler
 * @param {readonly string[]} flags
 */
async function compileRing(ring, dir, compiler, flags) {
  /** @type {string[]} */
  const objects = [];
  for (const source of ringSources(ring)) {
    const object = join(dir, `${source.split('/').at(-1)}.${compiler}.o`);
    await must(compiler, [...FLAGS, ...flags, '-c', source, '-o', object]);
    objects.push(object);
  }
  return objects;
}

/**
 * Which method finds the mutant; empty if none.
 * @param {Mutant} mutant
 * @param {string} name
 * @param {Awaited<ReturnType<typeof compileTests>>} tests
 */
async function judge(mutant, name, { units, object }) {
  const dir = buildDir('mutants', name);
  const ring = writeMutant(mutant, dir);
  const misorders = async () => judgeTraces(await traceRing(ring, name)).failures.length > 0;
  // A barrier that is weakened shows there and nowhere else on x64; everything else shows sooner elsewhere.
  const isBarrier = mutant.file === 'platform.h' || /^[A-Z]: /.test(mutant.says);
  if (isBarrier && (await misorders())) return 'memory order';
  if (mutant.file === 'local.h' && (await badInstructions(ring)).length > 0) return 'memory order';
  const objects = await compileRing(ring, dir, 'gcc', ['-O1']);
  /** @param {string} program @param {readonly string[]} parts */
  const link = (program, parts) => must('gcc', ['-pthread', ...parts, ...objects, '-o', join(dir, program)]);
  /** @param {string} program @param {readonly string[]} args @param {number} seconds */
  const fails = async (program, args, seconds) => (await run(join(dir, program), args, { seconds })).code !== 0;

  for (const unit of units) {
    await link(unit, [object(unit), object('fixture'), object('reader')]);
    if (await fails(unit, [], SECONDS.tests)) return `host tests (${unit})`;
  }
  await must('gcc', [
    '-pthread',
    object('boundary'),
    object('reader'),
    ...(await compileWithoutPoints(ring, dir)),
    '-o',
    join(dir, 'boundary'),
  ]);
  if (await fails('boundary', ['61'], SECONDS.tests)) return 'boundaries';
  if (!isBarrier && (await misorders())) return 'memory order';
  await link('stress', [...STRESS_SOURCES.map((part) => object(`stress-${part}`)), object('reader')]);
  for (const args of STRESS) {
    if (await fails('stress', args.split(' '), SECONDS.stress)) return 'stress';
  }
  const racy = await compileRing(ring, dir, 'clang', ['-O1', '-fsanitize=thread']);
  await must('clang', [
    '-fsanitize=thread',
    '-pthread',
    ...STRESS_SOURCES.map((part) => object(`stress-${part}-tsan`)),
    object('reader-tsan'),
    ...racy,
    '-o',
    join(dir, 'stress-tsan'),
  ]);
  for (const args of STRESS) {
    const { code } = await run(join(dir, 'stress-tsan'), args.split(' '), {
      seconds: SECONDS.sanitizer,
      env: { TSAN_OPTIONS: 'halt_on_error=1' },
    });
    if (code !== 0) return 'thread sanitizer';
  }
  return '';
}

/** @param {string} ring @param {string} dir */
async function compileWithoutPoints(ring, dir) {
  const folder = join(dir, 'plain');
  mkdirSync(folder);
  return compileRing(ring, folder, 'gcc', ['-O1', '-URV_TEST_POINTS']);
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runMutation(context) {
  const tests = await compileTests(context.width);
  /** @type {Map<string, number>} */
  const killers = new Map();
  /** @type {string[]} */
  const details = [];
  let explained = 0;
  let tried = 0;
  await pool(
    context.width,
    MUTANTS.map((mutant, n) => async () => {
      const name = `m${n}`;
      const title = `${mutant.file}: ${mutant.says}`;
      try {
        if (!isTried(context, n)) {
          // Whether the patch still applies is seen all the same.
          writeMutant(mutant, buildDir('mutants', name));
          return;
        }
        tried++;
        const killer = await judge(mutant, name, tests);
        const method = killer.replace(/ \(.*/, '');
        if (killer && !mutant.survives) killers.set(method, (killers.get(method) ?? 0) + 1);
        else if (!killer && mutant.survives) explained++;
        else if (killer) details.push(`${title}: found by ${killer}, although it should survive`);
        else details.push(`${title}: survives`);
      } catch (error) {
        details.push(`${title}: ${String(error).slice(0, 600)}`);
      } finally {
        rmSync(buildDir('mutants', name), { recursive: true, force: true });
        rmSync(buildDir('order', name), { recursive: true, force: true });
      }
    }),
  );
  const killed = [...killers.values()].reduce((sum, n) => sum + n, 0);
  const how = [...killers].map(([method, n]) => `${method} ${n}`).join(', ');
  return [
    {
      method: 'Mutants of driver/ring',
      explored:
        tried === MUTANTS.length ? `${tried} mutants` : `${tried} of ${MUTANTS.length} mutants, those of this day`,
      found: `${killed} found (${how}); ${explained} equivalent, explained`,
      ok: details.length === 0,
      details,
    },
    await runKernelMutation(context),
  ];
}
