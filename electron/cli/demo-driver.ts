/**
 * The simulated driver that the command line brings along. It is a separate process that writes real rings, so that a
 * first look already uses the product's own data path. It ends whenever this program ends, in whatever way, because the
 * channel between them closes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fail, ok, type Result } from '../../native/core/result.ts';

/**
 * Fast enough to look lively, slow enough to read once paused, with a binary payload now and then. The app's own demo
 * is the same.
 */
const DEMO = ['--cpus', '8', '--rate', '2000', '--binary', '97', '--records', '61', '--wait-reader', '--linger', '0'];

export interface DemoDriver {
  /** The source to open, which exists once the process has created its session. */
  readonly source: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts the process. `program` is this command line's own file. Failure: io-error if no process can be started. */
export async function startDemoDriver(program = process.argv[1] ?? ''): Promise<Result<DemoDriver>> {
  const name = `demo-${process.pid}`;
  const args = [program, 'simulate', '--name', name, ...DEMO];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const started = await new Promise<Error | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
  if (started !== null) {
    const system = { code: (started as NodeJS.ErrnoException).code ?? 'spawn', text: started.message };
    return fail('io-error', 'The simulated driver could not be started', 'See what the system said', system);
  }
  return ok({ source: `sim:${name}`, ended, stop: () => child.kill('SIGTERM') });
}
