/**
 * Mutation of the parts of driver/kernel that run on a host: breaks them in every way of kernel-mutants.mjs and lets the
 * host test of that part find out, by its own checks: there are no sanitizers here, which is also what makes it quick.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir, DRIVER, isTried } from '../lib/context.mjs';
import { patched } from '../lib/patch.mjs';
import { must, pool, run } from '../lib/process.mjs';
import { KERNEL_MUTANTS } from './kernel-mutants.mjs';

/** @typedef {import('./kernel-mutants.mjs').KernelMutant} KernelMutant */

const KERNEL = join(DRIVER, 'kernel');

/** As in driver/kernel/Makefile. @type {Readonly<Record<KernelMutant['test'], { flags: readonly string[], others: readonly string[] }>>} */
const TESTS = {
  pure_test: { flags: ['-std=c11'], others: ['dbgprint_lines.c', 'utf8.c', 'crash_pages.c'] },
  ioctl_test: { flags: ['-std=c11'], others: ['ioctl_check.c', 'event_filter.c', '../ring/session.c'] },
  boot_test: { flags: ['-std=c11'], others: ['boot_values.c', 'ioctl_check.c', 'event_filter.c', '../ring/session.c'] },
  filter_test: { flags: ['-std=c11'], others: ['event_filter.c'] },
  write_test: { flags: ['-std=c11'], others: ['batch.c', 'quota.c'] },
  links_test: {
    flags: ['-std=gnu11', '-fshort-wchar', '-DRV_KERNEL', `-I${join(DRIVER, 'shim', 'wdk')}`],
    others: ['links.c', 'loggers.c', 'ioctl_check.c', 'event_filter.c', '../ring/session.c'],
  },
};

/**
 * Compiles a test and the sources it is about, once. @param {KernelMutant['test']} test @param {string} dir
 */
async function compileTest(test, dir) {
  const { flags, others } = TESTS[test];
  /** @type {Map<string, string>} */
  const objects = new Map();
  for (const source of [`test/${test}.c`, ...others]) {
    const object = join(dir, `${test}-${source.replaceAll('/', '_')}.o`);
    await must('gcc', ['-w', '-O0', ...flags, '-c', join(KERNEL, source), '-o', object]);
    objects.set(source, object);
  }
  return objects;
}

/**
 * Runs the test, with one of its sources replaced if a file is named.
 * @param {KernelMutant['test']} test
 * @param {Map<string, string>} objects
 * @param {string} dir
 * @param {string} [file] the source in driver/kernel that `path` stands for
 * @param {string} [path]
 */
async function runTest(test, objects, dir, file, path) {
  const program = join(dir, test);
  const parts = [...objects].flatMap(([source, object]) => (source === file ? [] : [object]));
  const own = path === undefined ? [] : [...TESTS[test].flags, '-iquote', KERNEL, path];
  await must('gcc', ['-w', '-O0', ...own, ...parts, '-o', program]);
  return run(program, [], { seconds: 20 });
}

/** @param {KernelMutant} mutant @param {Map<string, string>} objects @param {string} dir */
async function found(mutant, objects, dir) {
  mkdirSync(join(dir, 'kernel'), { recursive: true });
  /* Its includes go by its own place. */
  for (const room of ['include', 'ring']) symlinkSync(join(DRIVER, room), join(dir, room));
  const path = join(dir, 'kernel', mutant.file);
  writeFileSync(path, patched(join(KERNEL, mutant.file), mutant.patch));
  return (await runTest(mutant.test, objects, dir, mutant.file, path)).code !== 0;
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row>}
 */
export async function runKernelMutation(context) {
  /** @type {string[]} */
  const details = [];
  const shared = buildDir('mutants', 'kernel');
  /** @type {Map<KernelMutant['test'], Map<string, string>>} */
  const compiled = new Map();
  for (const test of /** @type {const} */ ([
    'pure_test',
    'ioctl_test',
    'links_test',
    'write_test',
    'boot_test',
    'filter_test',
  ])) {
    const objects = await compileTest(test, shared);
    compiled.set(test, objects);
    const { code, out } = await runTest(test, objects, shared);
    if (code !== 0) details.push(`${test} fails without a mutant: ${out.slice(-600)}`);
  }
  let killed = 0;
  await pool(
    context.width,
    KERNEL_MUTANTS.filter((_, n) => isTried(context, n)).map((mutant, n) => async () => {
      const dir = join(shared, `m${n}`);
      const title = `${mutant.file}: ${mutant.says}`;
      try {
        rmSync(dir, { recursive: true, force: true });
        const objects = /** @type {Map<string, string>} */ (compiled.get(mutant.test));
        if (await found(mutant, objects, dir)) killed++;
        else details.push(`${title}: survives ${mutant.test}`);
      } catch (error) {
        details.push(`${title}: ${String(error).slice(0, 600)}`);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    }),
  );
  return {
    method: 'Mutants of driver/kernel',
    explored: `${killed + details.length} of ${KERNEL_MUTANTS.length} mutants of the parts that run on a host`,
    found: `${killed} found by their host tests`,
    ok: details.length === 0,
    details,
  };
}
