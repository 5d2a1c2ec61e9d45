/** Starts the command line's simulated driver as a person would, in a process of its own. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Exit, type RunningChild, startProgram } from '../native/sim/child-output.ts';

export const PROJECT = join(import.meta.dirname, '..');
const CLI = join(PROJECT, 'dist', 'cli', 'ringview.js');

/** Rings that hold 200,000 messages unread: however busy the machine is, none of so many is lost. */
export const ALL_FIT = ['--cpus', '2', '--ring-bytes', '16777216', '--wait-reader'] as const;

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
  private readonly running: RunningChild;

  constructor(options: readonly string[], name = `e2e-${randomBytes(4).toString('hex')}`) {
    this.name = name;
    this.running = startProgram(process.execPath, [CLI, 'simulate', '--name', name, ...options]);
  }

  get source(): string {
    return `sim:${this.name}`;
  }

  /** The counts that it printed at its end. Fails with its output if it printed none. */
  async counts(): Promise<SimulatorCounts> {
    const { code, stdout, stderr } = await this.running.exit;
    const line = stdout.trim().split('\n').at(-1) ?? '';
    try {
      return JSON.parse(line) as SimulatorCounts;
    } catch {
      throw new Error(`the simulator ended with code ${code} and no counts\n${stdout}\n${stderr}`);
    }
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.running.process.kill(signal);
  }

  /** Ends it, and removes the memory that a killed producer leaves behind. */
  async end(): Promise<void> {
    this.kill();
    await this.running.exit;
    rmSync(`/dev/shm/ringview.${this.name}`, { force: true });
  }
}

/** Runs the command line to its end. */
export function ringview(args: readonly string[]): Promise<Exit> {
  return startProgram(process.execPath, [CLI, ...args]).exit;
}
