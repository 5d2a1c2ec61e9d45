/**
 * Starts a program with the rights of an administrator. Windows asks the person first, for as long as that takes: this is done by
 * a thread of its own, so that capture goes on meanwhile.
 */
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';
import { ERROR } from './errors.ts';

/** What is started. */
export interface ElevatedProgram {
  /** Path of the program. */
  readonly file: string;
  /** Everything behind it, as one text; see command-line.ts. */
  readonly parameters: string;
  /** Its working folder. */
  readonly folder: string;
}

/** What the thread answers: the system's error, or 0. */
export interface ElevatedOutcome {
  readonly error: number;
  readonly system: SystemError;
}

/** The thread's file, beside this module both in the sources and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './elevate-worker.ts' : './elevate-worker.js';

/**
 * Resolves once the program has started, or was not. Failures: source-unsupported off Windows, cancelled (the person
 * declined), io-error.
 */
export function startElevated(program: ElevatedProgram): Promise<Result<void>> {
  if (process.platform !== 'win32')
    return Promise.resolve(
      fail('source-unsupported', 'Only Windows restarts a program as administrator', 'Start RingView as root instead'),
    );
  return new Promise((resolve) => {
    const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: program });
    worker.once('message', (outcome: ElevatedOutcome) => resolve(resultOf(program, outcome)));
    worker.once('error', (error) => resolve(broken(error.message)));
    // Later than a message of it, so this only counts where there was none.
    worker.once('exit', () => resolve(broken('it ended')));
  });
}

const broken = (why: string): Result<never> =>
  fail('internal', `The thread that asks for rights broke: ${why}`, 'Start RingView as administrator yourself');

/** What an error of ShellExecuteExW means to a person. Pure. */
export function resultOf({ file }: Pick<ElevatedProgram, 'file'>, { error, system }: ElevatedOutcome): Result<void> {
  if (error === 0) return ok(undefined);
  if (error === ERROR.CANCELLED)
    return fail('cancelled', 'The rights were not given', 'Everything goes on as it was', system);
  if (error === ERROR.ACCESS_DENIED)
    return fail(
      'permission-denied',
      'Windows does not give these rights to this user',
      'Ask who administers it',
      system,
    );
  return fail('io-error', `${file} was not started`, 'Start RingView as administrator yourself', system);
}
