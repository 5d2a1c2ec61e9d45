/**
 * Fuzzing with libFuzzer under the address and undefined-behaviour sanitizers. What a run learned stays in
 * build/assure/corpus, so that the next one goes on from there; what is worth keeping of that lies in corpus/, where
 * keep.mjs puts it after a long run, and is replayed at the beginning of each run.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, ringSources } from '../lib/build.mjs';
import { amount, buildDir, DRIVER, HERE } from '../lib/context.mjs';
import { pool, run } from '../lib/process.mjs';

/** @param {...string} parts */
const from = (...parts) => join(DRIVER, ...parts);

/** @typedef {{ name: string, says: string, sources: () => readonly string[], flags?: readonly string[] }} Target */

/** @type {readonly Target[]} */
export const TARGETS = [
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
    sources: () => [from('kernel', 'ioctl_check.c'), from('kernel', 'event_filter.c'), from('ring', 'session.c')],
  },
  {
    name: 'filter',
    says: 'filters of events',
    sources: () => [from('kernel', 'ioctl_check.c'), from('kernel', 'event_filter.c'), from('ring', 'session.c')],
  },
  {
    name: 'write',
    says: 'batches of programs',
    sources: () => [from('kernel', 'batch.c'), from('kernel', 'quota.c')],
  },
  {
    name: 'boot',
    says: 'with what the driver begins',
    sources: () => [
      from('kernel', 'boot_values.c'),
      from('kernel', 'ioctl_check.c'),
      from('kernel', 'event_filter.c'),
      from('ring', 'session.c'),
    ],
  },
  {
    name: 'format',
    says: 'formatter against the C library',
    sources: () => [from('ring', 'format.c'), from('ring', 'format_text.c')],
  },
  {
    name: 'lines',
    says: 'captured text and names',
    sources: () => [from('kernel', 'dbgprint_lines.c'), from('kernel', 'utf8.c')],
  },
];

/** What every run has in common. */
export const LIMITS = ['-max_len=4096', '-timeout=10'];

/** The folder of inputs that are kept with the sources. @param {string} name */
export const keptDir = (name) => join(HERE, 'fuzz', 'corpus', name);

/** @param {Target} target */
export function buildTarget({ name, sources, flags }) {
  return build(`fuzz-${name}`, 'fuzz', [join(HERE, 'fuzz', `fuzz_${name}.c`), ...sources()], flags);
}

/**
 * Runs every kept input once. Without them the same code would be fuzzed from nothing each time, and a fault that took
 * hours to find could come back unseen.
 * @param {Target} target
 * @param {string} program
 */
async function replay({ name, says }, program) {
  const dir = keptDir(name);
  const files = existsSync(dir) ? readdirSync(dir).map((file) => join(dir, file)) : [];
  if (files.length === 0) return { inputs: 0, finding: `${says}: no input is kept in ${dir}` };
  const { code, out } = await run(program, ['-timeout=10', ...files], { seconds: 120 });
  const executed = [...out.matchAll(/^Executed /gm)].length;
  const whole = code === 0 && executed === files.length;
  return { inputs: executed, finding: whole ? '' : `${says}, kept inputs: ${out.slice(-2500)}` };
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runFuzz(context) {
  const seconds = context.quick ? Math.max(1, Math.round(5 * context.effort())) : 60;
  const results = await pool(
    context.width,
    TARGETS.map((target) => async () => {
      const { name, says } = target;
      const program = await buildTarget(target);
      const kept = await replay(target, program);
      if (kept.finding) return { executions: 0, ...kept };
      const artifacts = `${buildDir('crashes', name)}/`;
      const { code, out } = await run(
        program,
        [
          `-max_total_time=${seconds}`,
          ...LIMITS,
          '-print_final_stats=1',
          `-artifact_prefix=${artifacts}`,
          buildDir('corpus', name),
          keptDir(name),
        ],
        { seconds: seconds + 60 },
      );
      const executions = Number(/number_of_executed_units:\s*(\d+)/.exec(out)?.[1] ?? 0);
      const finding = code === 0 && executions > 0 ? '' : `${says}: ${out.slice(-2500)}`;
      return { executions, inputs: kept.inputs, finding };
    }),
  );
  const findings = results.map((result) => result.finding).filter(Boolean);
  const executions = results.reduce((sum, result) => sum + result.executions, 0);
  const inputs = results.reduce((sum, result) => sum + result.inputs, 0);
  return [
    {
      method: 'Fuzzing (libFuzzer)',
      explored: `${TARGETS.length} targets: ${inputs} kept inputs, then ${seconds} s each; ${amount(executions)} executions`,
      found: findings.length === 0 ? 'no finding' : `${findings.length} findings, inputs in build/assure/crashes`,
      ok: findings.length === 0,
      details: findings,
    },
  ];
}
