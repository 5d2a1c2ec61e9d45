/**
 * Owns child processes: runs each in a process group of its own, so that a time limit, or the end of this process, ends
 * everything it started. No process survives the script that started it.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

const windows = process.platform === 'win32';
/** How long a child may take to end by itself: the app first flushes what it records. */
const graceMs = 10_000;
/** npm passes on signals that the terminal has already sent to the whole process group, so one Ctrl+C arrives twice. */
const repeatMs = 300;
/** How each child is signalled. @type {Map<import('node:child_process').ChildProcess, (signal: NodeJS.Signals) => void>} */
const running = new Map();
let listening = false;
/** When a stop was asked for, milliseconds since the start of this process; null if it was not. @type {number | null} */
let stoppedMs = null;

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd] defaults to the project's top level
 * @property {NodeJS.ProcessEnv} [env] replaces the environment
 * @property {number} [timeoutMs] the group is killed after this time
 * @property {'show' | 'keep' | 'both'} [output] shown on this terminal (default), kept for the caller, or both
 * @property {boolean} [shell] for `.cmd` files of npm on Windows only: arguments are then not quoted
 * @property {AbortSignal} [signal] kills the group
 */

/**
 * @typedef {object} ChildResult
 * @property {number} code exit code; 127 if the program could not be started, 128 + n if signal n ended it
 * @property {boolean} timedOut
 * @property {string} stdout empty when only shown
 * @property {string} stderr empty when only shown
 */

/** Runs a program to its end. Never rejects: what went wrong is in the result. @returns {Promise<ChildResult>} */
export function run(
  /** @type {string} */ command,
  /** @type {readonly string[]} */ args,
  /** @type {ChildOptions} */ options = {},
) {
  const output = options.output ?? 'show';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: output === 'show' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      shell: options.shell ?? false,
      detached: !windows,
    });
    track(child);

    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          killGroup(child, 'SIGKILL');
        }, options.timeoutMs)
      : null;
    const abort = () => killGroup(child, 'SIGKILL');
    options.signal?.addEventListener('abort', abort, { once: true });

    const stdout = collect(child.stdout, output === 'both' ? process.stdout : null);
    const stderr = collect(child.stderr, output === 'both' ? process.stderr : null);

    const finish = (/** @type {number} */ code, /** @type {string} */ trouble) => {
      if (timer) clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      resolve({ code, timedOut, stdout: stdout(), stderr: stderr() + trouble });
    };
    child.once('error', (error) => finish(127, error.message));
    child.once('close', (code, signal) => finish(exitCode(code, signal), ''));
  });
}

/** The exit code that a shell would give: 128 + the number of the signal that ended the process. */
export function exitCode(/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

/** Ends the child, which leads its own process group, when this process ends, and passes signals on to it. */
export function track(/** @type {import('node:child_process').ChildProcess} */ child) {
  follow(child, (signal) => killGroup(child, signal));
}

/**
 * Runs a program on this terminal to its end, in the group of this process: it may ask for keys and is told when the
 * window changes. @returns {Promise<number>} exit code; 127 if the program could not be started
 */
export function runOnTerminal(/** @type {string} */ command, /** @type {readonly string[]} */ args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env, cwd: process.cwd() });
    follow(child, (signal) => void child.kill(signal));
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => resolve(exitCode(code, signal)));
  });
}

function follow(
  /** @type {import('node:child_process').ChildProcess} */ child,
  /** @type {(signal: NodeJS.Signals) => void} */ send,
) {
  running.set(child, send);
  child.once('close', () => {
    running.delete(child);
    if (stoppedMs !== null && running.size === 0) process.exit();
  });
  if (listening) return;
  listening = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => stop(signal));
  }
  process.once('exit', () => {
    for (const end of running.values()) end('SIGKILL');
  });
}

/**
 * Passes a signal on. On a second request, or after a while, the listener for `exit` ends children that did not obey.
 */
function stop(/** @type {NodeJS.Signals} */ signal) {
  const now = performance.now();
  if (stoppedMs !== null) {
    if (now - stoppedMs >= repeatMs) process.exit();
    return;
  }
  stoppedMs = now;
  process.exitCode = exitCode(null, signal);
  if (running.size === 0) process.exit();
  for (const send of running.values()) send(signal);
  setTimeout(() => process.exit(), graceMs);
}

/** Signals the child and everything it started; harmless if it has ended. */
export function killGroup(
  /** @type {import('node:child_process').ChildProcess} */ child,
  /** @type {NodeJS.Signals} */ signal,
) {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the group has ended already, which is the goal.
  }
}

function collect(
  /** @type {import('node:stream').Readable | null} */ stream,
  /** @type {NodeJS.WritableStream | null} */ echo,
) {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (/** @type {string} */ part) => {
    text += part;
    echo?.write(part);
  });
  return () => text;
}

/** Runs npm itself, without progress bars; arguments must not come from outside this project. */
export function npm(/** @type {readonly string[]} */ args, /** @type {ChildOptions} */ options = {}) {
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { ...options, shell: windows });
}
