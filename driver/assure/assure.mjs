/**
 * npm run assure [-- --quick] [-- METHOD...] [-- --without=METHOD]: runs every method that speaks for the ring being right
 * and prints what each went through and what it found. Exits with 1 if anything failed, or, with CI=true, if a tool is
 * missing.
 *
 * Without --quick up to 15 minutes on two cores, with it some six: what always takes the same comes first, and what can do
 * more or less then does what there is time for.
 */
import { performance } from 'node:perf_hooks';
import { runBoundaries, runHostTests } from './boundary/boundary.mjs';
import { runDecoder } from './decoder/decoder.mjs';
import { runFailures } from './failures/failures.mjs';
import { runObservers } from './failures/observers.mjs';
import { runFuzz } from './fuzz/fuzz.mjs';
import { makeContext } from './lib/context.mjs';
import { exists } from './lib/process.mjs';
import { formatTable } from './lib/table.mjs';
import { runModels } from './models/models.mjs';
import { runMutation } from './mutation/mutation.mjs';
import { runOrder } from './order/litmus.mjs';
import { runProof } from './proof/proof.mjs';
import { runStress } from './stress/stress.mjs';

/** @typedef {import('./lib/context.mjs').Context} Context */
/** @typedef {import('./lib/context.mjs').Row} Row */

/** The last three fill the time that is left. @type {readonly { name: string, needs: readonly string[], run: (context: Context) => Promise<Row[]> }[]} */
const METHODS = [
  { name: 'models', needs: ['spin', 'gcc'], run: runModels },
  { name: 'order', needs: ['gcc'], run: runOrder },
  { name: 'proof', needs: ['frama-c', 'gcc'], run: runProof },
  { name: 'boundaries', needs: ['gcc', 'clang'], run: runBoundaries },
  { name: 'host', needs: ['gcc', 'clang', 'make', 'gzip'], run: runHostTests },
  { name: 'failures', needs: ['clang'], run: runFailures },
  { name: 'observers', needs: ['clang'], run: runObservers },
  { name: 'mutation', needs: ['gcc', 'clang'], run: runMutation },
  { name: 'stress', needs: ['gcc', 'clang'], run: runStress },
  { name: 'fuzz', needs: ['clang'], run: runFuzz },
  { name: 'decoder', needs: ['node'], run: runDecoder },
];

const SKIPPED = 'SKIPPED';

const args = process.argv.slice(2);
const WITHOUT = '--without=';
const USE = `Use: assure [--quick] [--without=METHOD]... [${METHODS.map((m) => m.name).join(' | ')}]...`;
if (args.includes('--help')) {
  console.log(USE);
  process.exit(0);
}
const left = args.filter((arg) => arg.startsWith(WITHOUT)).map((arg) => arg.slice(WITHOUT.length));
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = [
  ...args.filter((arg) => arg.startsWith('--') && arg !== '--quick' && !arg.startsWith(WITHOUT)),
  ...[...wanted, ...left].filter((name) => !METHODS.some((method) => method.name === name)),
];
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. ${USE}`);
  process.exit(2);
}

const context = makeContext(args.includes('--quick'));
const missing = new Set();
for (const tool of new Set(METHODS.flatMap((method) => method.needs))) {
  if (!(await exists(tool))) missing.add(tool);
}

const start = performance.now();
/** @type {{ row: Row, seconds: number }[]} */
const lines = [];
for (const method of METHODS) {
  if ((wanted.length > 0 && !wanted.includes(method.name)) || left.includes(method.name)) continue;
  const begin = performance.now();
  /** @type {Row[]} */
  let rows;
  const absent = method.needs.filter((tool) => missing.has(tool));
  if (absent.length > 0) {
    rows = [
      {
        method: method.name,
        explored: SKIPPED,
        found: `needs ${absent.join(', ')}, which is not installed`,
        ok: process.env.CI !== 'true',
      },
    ];
  } else {
    try {
      rows = await method.run(context);
    } catch (error) {
      rows = [{ method: method.name, explored: '', found: 'could not be run', ok: false, details: [String(error)] }];
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  for (const [n, row] of rows.entries()) {
    lines.push({ row, seconds: n === 0 ? seconds : 0 });
    const word = row.explored === SKIPPED ? 'SKIP' : row.ok ? 'ok  ' : 'FAIL';
    console.error(`${word} ${row.method}: ${row.explored}: ${row.found}`);
  }
}

console.log(
  formatTable(
    ['method', 'what it explored', 'what it found', 'seconds'],
    lines.map(({ row, seconds }) => [
      row.method,
      row.explored,
      `${row.ok ? '' : 'FAILED: '}${row.found}`,
      seconds === 0 ? '' : seconds.toFixed(0),
    ]),
  ),
);
for (const { row } of lines) {
  for (const detail of row.details ?? []) console.log(`\n${row.method}: ${detail}`);
}
console.log(`\n${context.quick ? 'Quick' : 'Full'} form, ${((performance.now() - start) / 1000).toFixed(0)} s.`);
process.exit(lines.every(({ row }) => row.ok) ? 0 : 1);
