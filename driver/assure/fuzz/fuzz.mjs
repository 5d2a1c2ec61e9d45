/**
 * Fuzzing with libFuzzer under the address and undefined-behaviour sanitizers. What a run learned stays in
 * build/assure/corpus, so that the next one goes on from there; what is worth keeping of that lies in corpus/.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, ringSources } from '../lib/build.mjs';
import { amount, buildDir, DRIVER, HERE } from '../lib/context.mjs';
import { pool, run } from '../lib/process.mjs';

/** @param {...string} parts */
const from = (...parts) => join(DRIVER, ...parts);

/** @type {readonly { name: string, says: string, sources: () => readonly string[], flags?: readonly string[] }[]} */
const TARGETS = [
  {
    name: 'consumer',
    says: 'consumer page against writers',
    sources: () => ringSources(),
    flags: ['-DRV_TEST_POINTS'],
  },
  { name: 'reader', says: 'C reader on hostile rings', sources: () => [...ringSources(), from('test', 'reader.c')] },
  {
    name: 'ioctl',
    says: 'control requests',
    sources: () => [from('kernel', 'ioctl_check.c'), from('ring', 'session.c')],
  },
  { name: 'format', says: 'formatter against the C library', sources: () => [from('ring', 'format.c')] },
  {
    name: 'lines',
    says: 'captured text and names',
    sources: () => [from('kernel', 'dbgprint_lines.c'), from('kernel', 'utf8.c')],
  },
];

/** The folder of inputs that are kept with the sources, where a target has one. @param {string} name */
function seeds(name) {
  const kept = join(HERE, 'fuzz', 'corpus', name);
  return existsSync(kept) ? [kept] : [];
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runFuzz(context) {
  const seconds = context.quick ? Math.max(1, Math.round(5 * context.effort())) : 60;
  const results = await pool(
    context.width,
    TARGETS.map(({ name, says, sources, flags }) => async () => {
      const program = await build(`fuzz-${name}`, 'fuzz', [join(HERE, 'fuzz', `fuzz_${name}.c`), ...sources()], flags);
      const artifacts = `${buildDir('crashes', name)}/`;
      const { code, out } = await run(
        program,
        [
          `-max_total_time=${seconds}`,
          '-max_len=4096',
          '-timeout=10',
          '-print_final_stats=1',
          `-artifact_prefix=${artifacts}`,
          buildDir('corpus', name),
          ...seeds(name),
        ],
        { seconds: seconds + 60 },
      );
      const executions = Number(/number_of_executed_units:\s*(\d+)/.exec(out)?.[1] ?? 0);
      const finding = code === 0 && executions > 0 ? '' : `${says}: ${out.slice(-2500)}`;
      return { executions, finding };
    }),
  );
  const findings = results.map((result) => result.finding).filter(Boolean);
  const executions = results.reduce((sum, result) => sum + result.executions, 0);
  return [
    {
      method: 'Fuzzing (libFuzzer)',
      explored: `${TARGETS.length} targets, ${seconds} s each; ${amount(executions)} executions`,
      found: findings.length === 0 ? 'no finding' : `${findings.length} findings, inputs in build/assure/crashes`,
      ok: findings.length === 0,
      details: findings,
    },
  ];
}
