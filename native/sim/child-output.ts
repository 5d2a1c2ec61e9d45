/** Starts a program and collects its output, for tests that need a separate process which they can kill. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningChild {
  readonly process: ChildProcess;
  /** Resolves once the process has ended and all its output was read. Rejects if it could not be started. */
  readonly exit: Promise<Exit>;
  /** The output so far. */
  readonly said: () => { readonly stdout: string; readonly stderr: string };
}

export function startProgram(program: string, args: readonly string[]): RunningChild {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, exit, said: () => ({ stdout, stderr }) };
}
