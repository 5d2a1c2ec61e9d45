/** Starts a program and keeps what it says: for whoever needs a process of its own that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningChild {
  readonly process: ChildProcess;
  /** Once it has ended and all it said was read. Rejects if it could not be started. */
  readonly exit: Promise<Exit>;
  /** What it said so far. */
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
