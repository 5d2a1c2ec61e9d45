/** The built app in a real window, and a simulated producer beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import type { Wire } from '../../electron/contract/bridge.ts';
import { DEFAULT_LIBRARY } from '../../electron/contract/library.ts';
import { type Environment, readOrEmpty } from './environment.ts';

declare global {
  interface Window {
    ringview: Wire;
  }
}

export class AppWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly isRecorded: boolean;
  private readonly folder: string;

  private constructor(app: ElectronApplication, page: Page, isRecorded: boolean, folder: string) {
    this.app = app;
    this.page = page;
    this.isRecorded = isRecorded;
    this.folder = folder;
  }

  /** `isRecorded`: what is captured is on the disk too, as it is where nobody changes that. */
  static async open(environment: Environment, isRecorded = true, ...args: string[]): Promise<AppWindow> {
    const found = environment.electron;
    if (found === undefined) throw new Error('no window can be shown');
    const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-app-'));
    const user = join(folder, 'user');
    mkdirSync(user);
    if (!isRecorded) {
      const settings = { library: { ...DEFAULT_LIBRARY, record: false }, askBeforeClosing: false };
      writeFileSync(join(user, 'settings.json'), JSON.stringify(settings));
    }
    const app = await electron.launch({
      executablePath: found.path,
      colorScheme: null,
      env: { ...process.env, RINGVIEW_SESSIONS: join(folder, 'sessions') },
      args: [...found.switches, environment.root, `--user-data-dir=${user}`, ...args],
    });
    const page = await app.firstWindow();
    await page.getByTestId('status-source').waitFor();
    return new AppWindow(app, page, isRecorded, folder);
  }

  /** Attaches to a simulator that is just starting. */
  async capture(source: string): Promise<void> {
    await this.page.evaluate(async (name) => {
      const deadline = performance.now() + 10_000;
      for (;;) {
        const started = await window.ringview.session.start({ session: 1, source: name });
        if (started.ok) return;
        if (performance.now() > deadline) throw new Error(started.failure.message);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, source);
  }

  /** Rows of the recording of what is captured that the disk was too slow for; 0 where nothing is recorded. */
  rowsNotKept(): Promise<number> {
    return this.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const end = window.ringview.on.session.status(({ status }) => {
            end();
            resolve(status.retention.recording?.goneRows ?? 0);
          });
        }),
    );
  }

  async rows(): Promise<number> {
    const text = await this.page.getByTestId('status-rows').innerText();
    return Number(text.replaceAll(',', '').match(/\d+/)?.[0] ?? Number.NaN);
  }

  /**
   * Bytes of memory of all processes of the app, shared pages once. Asked of Linux: a busy main process lets a question
   * of the debugger's wait, and its answer may be lost.
   */
  memoryBytes(): number {
    const root = this.app.process().pid;
    const parents = new Map<number, number>();
    for (const name of readdirSync('/proc')) {
      const stat = /^\d+$/.test(name) ? readOrEmpty(`/proc/${name}/stat`) : '';
      // The program's name, in parentheses, may hold anything.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    }
    const belongs = (pid: number | undefined): boolean => {
      for (let at = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === root) return true;
      return false;
    };
    let bytes = 0;
    for (const pid of parents.keys()) {
      if (!belongs(pid)) continue;
      bytes += Number(/^Pss:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface ProducerCounts {
  readonly attempted: number;
  readonly lost: number;
}

/** `ringview simulate` in a process of its own. */
export class Producer {
  readonly source: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<ProducerCounts>;

  constructor(environment: Environment, options: readonly string[]) {
    const name = `bench-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
    this.source = `sim:${name}`;
    const cli = join(environment.root, 'dist', 'cli', 'ringview.js');
    this.child = spawn(process.execPath, [cli, 'simulate', '--name', name, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.stdout?.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        // The counts come as soon as the last record is written; the process stays until it is read.
        if (out.includes('\n')) resolve(countsOf(out));
      });
      this.child.once('exit', (code) => reject(new Error(`the simulator ended with code ${code} and no counts`)));
    });
    this.ended.catch(() => {});
  }

  counts(): Promise<ProducerCounts> {
    return this.ended;
  }

  stop(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }
}

function countsOf(line: string): ProducerCounts {
  const { cpus } = JSON.parse(line) as { cpus: { attempted: number; written: number }[] };
  const attempted = cpus.reduce((sum, cpu) => sum + cpu.attempted, 0);
  return { attempted, lost: attempted - cpus.reduce((sum, cpu) => sum + cpu.written, 0) };
}
