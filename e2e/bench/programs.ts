/** Builds the C references and runs programs whose output is a line of JSON each round. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

const FLAGS = ['-std=gnu11', '-O2', '-pthread'];
const SOURCES = {
  ring_write: ['bench/ring_write.c', 'host/platform_host.c', 'ring/ring.c', 'ring/session.c'],
  /** The same as it was: a lock on every exchange and count of the ring, and data copied word by word. */
  ring_write_locked: ['bench/ring_write.c', 'host/platform_host.c', 'ring/ring.c', 'ring/session.c'],
  masked: [
    ...(['bench/masked.c', 'host/platform_host.c', 'ring/ring.c', 'ring/session.c', 'ring/log.c'] as const),
    ...(['ring/format.c', 'ring/format_text.c', 'kernel/batch.c', 'kernel/quota.c', 'kernel/admit.c'] as const),
  ],
  lttng_write: ['bench/lttng_write.c'],
  merge: ['bench/merge.c'],
  scan: ['bench/scan.c'],
  etl_walk: ['bench/etl_walk.c'],
} as const;

const LONGEST_MS = 120_000;

/** Compiles a program of driver/bench and returns its path. */
export function compile(environment: Environment, name: keyof typeof SOURCES): string {
  const folder = join(environment.root, 'build', 'driver', 'bench');
  const program = join(folder, name);
  mkdirSync(folder, { recursive: true });
  const libraries = name === 'lttng_write' ? ['-Ibench', '-llttng-ust', '-ldl'] : [];
  const defined = name === 'ring_write_locked' ? ['-DRV_LOCKED_LOCAL', '-DRV_PLAIN_COPY'] : [];
  const result = spawnSync('gcc', [...FLAGS, ...defined, ...SOURCES[name], '-o', program, ...libraries], {
    cwd: join(environment.root, 'driver'),
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  if (result.status !== 0) throw new Error(`gcc could not build ${name}: ${result.stderr}`);
  return program;
}

/** Runs a program to its end and returns what it printed; any failure is thrown with its words. */
export function output(
  program: string,
  args: readonly (string | number)[],
  env: NodeJS.ProcessEnv = process.env,
): string {
  const result = spawnSync(program, args.map(String), { encoding: 'utf8', timeout: LONGEST_MS, env });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program} ended with code ${result.status}: ${result.stderr}`);
  return result.stdout;
}

/** The same, its lines read as JSON. */
export function rounds<T>(program: string, args: readonly (string | number)[], env?: NodeJS.ProcessEnv): T[] {
  return output(program, args, env)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
