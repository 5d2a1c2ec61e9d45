/**
 * Stress: the ring under real interruption and real concurrency, plain and under the sanitizers, and the driver's own
 * host tests under them.
 */
import { join } from 'node:path';
import { build, ringSources } from '../lib/build.mjs';
import { amount, DRIVER } from '../lib/context.mjs';
import { pool, run } from '../lib/process.mjs';

/** The parts of the program, in driver/test/stress. */
export const STRESS_SOURCES = /** @type {const} */ (['main', 'writers', 'reading']);

/**
 * Attempts of the quick and of the full form, in thousands. `--signal-ns` is the shortest period of the three timers;
 * one call in `--point-mask` + 1 test points is an interrupt.
 * @type {readonly { says: string, args: string, quick: number, full: number }[]}
 */
const RUNS = [
  { says: 'drop-new', args: '--mode drop --texts 11 --signal-ns 500000', quick: 600, full: 8000 },
  {
    says: 'drop-new, by clock',
    args: '--mode drop --order clock --ring-bytes 262144 --signal-ns 500000',
    quick: 600,
    full: 8000,
  },
  {
    says: 'drop-new, smallest ring',
    args: '--mode drop --cpus 1 --ring-bytes 4096 --point-mask 15 --signal-ns 400000',
    quick: 300,
    full: 3000,
  },
  {
    says: 'overwrite-old',
    args: '--mode overwrite --texts 7 --ring-bytes 262144 --signal-ns 500000',
    quick: 600,
    full: 12000,
  },
  {
    says: 'overwrite-old, by clock',
    args: '--mode overwrite --order clock --ring-bytes 65536 --signal-ns 500000',
    quick: 600,
    full: 8000,
  },
  {
    says: 'overwrite-old, smallest ring',
    args: '--mode overwrite --cpus 1 --ring-bytes 4096 --point-mask 15 --signal-ns 400000',
    quick: 300,
    full: 4000,
  },
  {
    says: 'signals only',
    args: '--mode drop --cpus 1 --ring-bytes 65536 --point-mask 0 --signal-ns 40000',
    quick: 100,
    full: 1000,
  },
  {
    says: 'four CPUs on two cores',
    args: '--mode overwrite --cpus 4 --texts 5 --ring-bytes 65536 --signal-ns 800000',
    quick: 300,
    full: 4000,
  },
  {
    says: 'hostile client, drop-new',
    args: '--mode drop --hostile 1 --ring-bytes 4096 --signal-ns 500000',
    quick: 600,
    full: 8000,
  },
  {
    says: 'hostile client, overwrite-old',
    args: '--mode overwrite --hostile 1 --ring-bytes 4096 --signal-ns 500000',
    quick: 600,
    full: 8000,
  },
];

/** @typedef {{ attempts: number, read: number, signals: number, injected: number, deepest: number, nested: number }} Counts */

/**
 * @param {string} program
 * @param {readonly (typeof RUNS)[number][]} runs
 * @param {(r: (typeof RUNS)[number]) => number} thousands
 * @param {number} seconds
 */
async function stress(program, runs, thousands, seconds) {
  const total = { attempts: 0, read: 0, interrupts: 0, deepest: 0 };
  /** @type {string[]} */
  const details = [];
  for (const one of runs) {
    // One at a time: reader and writers want the cores for themselves.
    const args = [
      ...one.args.split(' '),
      '--attempts',
      String(Math.round(thousands(one) * 1000)),
      '--seed',
      String(Date.now() % 1000003),
    ];
    const { code, out, timedOut } = await run(program, args, { seconds, env: { TSAN_OPTIONS: 'halt_on_error=1' } });
    const line = out.split('\n').find((text) => text.startsWith('{'));
    if (code !== 0 || !line) {
      details.push(`${one.says} (${args.join(' ')}): ${timedOut ? 'out of time' : out.slice(0, 1500)}`);
      continue;
    }
    const counts = /** @type {Counts} */ (JSON.parse(line));
    total.attempts += counts.attempts;
    total.read += counts.read;
    total.interrupts += counts.signals + counts.injected;
    total.deepest = Math.max(total.deepest, counts.deepest);
  }
  return { total, details };
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runStress(context) {
  const sources = [
    ...STRESS_SOURCES.map((name) => join(DRIVER, 'test', 'stress', `${name}.c`)),
    join(DRIVER, 'test', 'reader.c'),
    ...ringSources(),
  ];
  const points = ['-DRV_TEST_POINTS'];
  const [plain, asan, tsan] = await pool(context.width, [
    () => build('stress', 'plain', sources, points),
    () => build('stress', 'asan', sources, points),
    () => build('stress', 'tsan', sources, points),
  ]);
  const [thorough, sane, racy] = [
    await stress(plain ?? '', RUNS, (r) => (context.quick ? r.quick * context.effort() : r.full), 150),
    await stress(asan ?? '', RUNS, (r) => (r.quick * context.effort()) / (context.quick ? 20 : 2), 90),
    await stress(tsan ?? '', RUNS, (r) => (r.quick * context.effort()) / (context.quick ? 20 : 2), 90),
  ];
  /** @param {string} method @param {typeof thorough} result @param {string} nothing */
  const row = (method, { total, details }, nothing) => ({
    method,
    explored: `${RUNS.length} runs; ${amount(total.attempts)} attempts, ${amount(total.interrupts)} interrupts, up to ${total.deepest} deep`,
    found: details.length === 0 ? nothing : `${details.length} runs failed`,
    ok: details.length === 0,
    details,
  });
  return [
    row(
      'Stress with interrupts',
      thorough,
      `${amount(thorough.total.read)} records whole, in order; every attempt read or counted`,
    ),
    row('Stress, address and UB sanitizers', sane, 'no report'),
    row('Stress, thread sanitizer', racy, 'no report'),
  ];
}
