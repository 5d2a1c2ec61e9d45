/** Runs the built command line as separate processes, for tests. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export const program = join(import.meta.dirname, '../../dist/cli/ringview.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts programs and the sessions they simulate; `clean` removes both. `prefix` keeps test files apart. */
export class Programs {
  private readonly prefix: string;
  private readonly running = new Set<ChildProcess>();
  private names = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** A session name that is used nowhere else. */
  newName(): string {
    return this.nameOf(++this.names);
  }

  start(...args: string[]): Program {
    return this.spawn(process.execPath, [program, ...args], ['ignore', 'pipe', 'pipe']);
  }

  /** What is piped is kept. */
  spawn(command: string, args: readonly string[], stdio: StdioOptions, env: NodeJS.ProcessEnv = process.env): Program {
    const child = spawn(command, args, { stdio, env });
    this.running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => {
        this.running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    return { child, ended };
  }

  endAll(): void {
    for (const child of this.running) child.kill('SIGKILL');
  }

  /** A producer that was killed cannot remove its session's name. */
  clean(): void {
    this.endAll();
    if (process.platform !== 'linux') return;
    for (let name = 1; name <= this.names; name++) rmSync(`/dev/shm/ringview.${this.nameOf(name)}`, { force: true });
  }

  private nameOf(number: number): string {
    return `${this.prefix}-${process.pid}-${number}`;
  }
}

/** Resolves once `check` returns something; the test's own time limit bounds the wait. */
export async function until<T>(check: () => T | null | undefined | false): Promise<T> {
  for (;;) {
    const found = check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
