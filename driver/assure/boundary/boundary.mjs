/**
 * Exact boundaries: the exhaustive walk of boundary.c; and the driver's own host tests with its golden images.
 */
import { join } from 'node:path';
import { build, ringSources } from '../lib/build.mjs';
import { amount, buildDir, DRIVER, HERE } from '../lib/context.mjs';
import { run } from '../lib/process.mjs';

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runBoundaries(context) {
  const sources = [join(HERE, 'boundary', 'boundary.c'), ...ringSources()];
  /** @param {'plain' | 'asan'} flavour @param {string} stride */
  const walk = async (flavour, stride) => run(await build('boundary', flavour, sources), [stride], { seconds: 120 });
  const [all, sane] = await Promise.all([
    walk('plain', context.quick ? '5' : '1'),
    walk('asan', context.quick ? '61' : '7'),
  ]);
  const cases = Number(/"cases":(\d+)/.exec(all.out)?.[1] ?? 0) + Number(/"cases":(\d+)/.exec(sane.out)?.[1] ?? 0);
  const ok = all.code === 0 && sane.code === 0;
  return [
    {
      method: 'Boundaries',
      explored: `every offset of a ring, lengths 0 to max + 1, to 2^63; 1 to 2048 CPUs; ${amount(cases)} cases`,
      found: ok ? 'all as they must be' : 'failures',
      ok,
      details: ok ? [] : [all.out.slice(0, 1500), sane.out.slice(0, 1500)],
    },
  ];
}

/**
 * The host tests, plain and under sanitizers, and the golden images: suites of `npm test` too.
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runHostTests() {
  const out = buildDir('driver');
  /** @param {string} target */
  const make = (target) => run('make', ['-s', '-j2', `BUILD=${out}`, target], { cwd: DRIVER, seconds: 240 });
  const unit = await make('unit');
  const golden = await make('check-golden');
  const sanitized = await run(
    'make',
    [
      '-s',
      '-j2',
      `BUILD=${out}`,
      'FLAVOUR=asan',
      'CC=clang',
      'SANITIZE=-fsanitize=address,undefined -fno-sanitize-recover=all',
      'unit',
    ],
    { cwd: DRIVER, seconds: 240 },
  );
  const passed = [...unit.out.matchAll(/(\d+) passed, 0 failed/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  const testsOk = unit.code === 0 && golden.code === 0 && sanitized.code === 0 && passed > 0;
  return [
    {
      method: 'Host tests of driver/',
      explored: `${passed} tests, plain and under sanitizers; golden images`,
      found: testsOk ? 'all pass' : 'failures',
      ok: testsOk,
      details: testsOk ? [] : [unit.out.slice(-1500), golden.out.slice(-1500), sanitized.out.slice(-1500)],
    },
  ];
}
