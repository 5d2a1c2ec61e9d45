/**
 * Runs programs for the assurance methods: with a limit of their processor time, in their own process group so that
 * nothing is left behind, at most so many at once.
 */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} RunResult
 * @property {number | null} code exit code; null if it was ended by a signal
 * @property {boolean} timedOut it was ended because it used more time than it may
 * @property {string} out standard output and error, in the order they came
 * @property {number} seconds
 */

/** @type {Set<number>} */
const groups = new Set();

/** @param {number} pid */
function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

process.on('exit', () => {
  for (const pid of groups) killGroup(pid);
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => process.exit(130));
}

/**
 * What is limited is the processor time of a process, for it shall tell a program that runs round in a circle from one that
 * is slow because the machine has other things to do. The clock limits only what waits for ever: after so many times as long.
 */
const PATIENCE = 8;

/**
 * Runs a program until it ends or has used `seconds` of processor time (120 if not given), and then ends its group.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, seconds?: number, env?: Record<string, string> }} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const start = performance.now();
    const seconds = options.seconds ?? 120;
    const limited = ['-c', `ulimit -S -t ${Math.ceil(seconds)}; exec "$0" "$@"`, command, ...args];
    const child = spawn('sh', limited, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) groups.add(pid);
    let out = '';
    let timedOut = false;
    /** @param {Buffer} data */
    const collect = (data) => {
      if (out.length < 4_000_000) out += data.toString('latin1');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(
      () => {
        timedOut = true;
        if (pid !== undefined) killGroup(pid);
      },
      seconds * PATIENCE * 1000,
    );
    /** @param {number | null} code */
    const end = (code) => {
      clearTimeout(timer);
      if (pid !== undefined) groups.delete(pid);
      resolve({ code, timedOut, out, seconds: (performance.now() - start) / 1000 });
    };
    child.on('error', (error) => {
      out += String(error);
      end(null);
    });
    child.on('close', (code, signal) => {
      timedOut ||= signal === 'SIGXCPU';
      if (timedOut && pid !== undefined) killGroup(pid);
      end(code);
    });
  });
}

/**
 * Like `run`, and throws with the output if the command does not succeed: for what has to work before there is
 * anything to find out.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, seconds?: number, env?: Record<string, string> }} [options]
 */
export async function must(command, args, options) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed (${result.code}):\n${result.out.slice(-4000)}`);
  }
  return result;
}

/**
 * Runs the jobs, `width` at a time, in the order given; results in that order too.
 * @template T
 * @param {number} width
 * @param {readonly (() => Promise<T>)[]} jobs
 * @returns {Promise<T[]>}
 */
export async function pool(width, jobs) {
  /** @type {T[]} */
  const results = new Array(jobs.length);
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const mine = next++;
      results[mine] = await /** @type {() => Promise<T>} */ (jobs[mine])();
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, worker));
  return results;
}

/** Whether a program of this name can be started. @param {string} name */
export async function exists(name) {
  const result = await run('sh', ['-c', `command -v ${name}`], { seconds: 10 });
  return result.code === 0;
}
