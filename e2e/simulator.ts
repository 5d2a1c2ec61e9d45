/** Starts the command line's simulated driver as a person would, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '..');
const CLI = join(PROJECT, 'dist', 'cli', 'ringview.js');

export interface SimulatorCounts {
  readonly cpus: readonly {
    readonly cpu: number;
    readonly attempted: number;
    readonly written: number;
    readonly lost: Readonly<Record<string, number>>;
  }[];
}

export class Simulator {
  readonly name: string;
  readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  private readonly ended: Promise<number | null>;

  constructor(options: readonly string[], name = `e2e-${randomBytes(4).toString('hex')}`) {
    this.name = name;
    this.child = spawn(process.execPath, [CLI, 'simulate', '--name', name, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
  }

  get source(): string {
    return `sim:${this.name}`;
  }

  /** The counts it printed at its end. Fails with its words if it printed none. */
  async counts(): Promise<SimulatorCounts> {
    const code = await this.ended;
    const line = this.stdout.trim().split('\n').at(-1) ?? '';
    try {
      return JSON.parse(line) as SimulatorCounts;
    } catch {
      throw new Error(`the simulator ended with code ${code} and no counts\n${this.stdout}\n${this.stderr}`);
    }
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }

  /** Ends it for good and removes the memory that a killed producer leaves behind. */
  async end(): Promise<void> {
    this.kill();
    await this.ended;
    rmSync(`/dev/shm/ringview.${this.name}`, { force: true });
  }
}

/** Runs the command line to its end. */
export async function ringview(
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
