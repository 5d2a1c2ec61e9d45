/**
 * The embedded simulated driver: a process of its own that writes real rings in real shared memory, so that what a
 * newcomer sees first is the product's own data path. It ends with this program.
 */
import { join } from 'node:path';
import { type UtilityProcess, utilityProcess } from 'electron';
import { demoSessionName, removeDeadDemos, type SimulatorOptions } from '../../native/sim/index.ts';

/** What `sim:demo` means in the app; the command line's simulators have names of their own. */
export const DEMO_SOURCE = 'sim:demo';

const DEMO_CPUS = 8;
/** Entries a second: lively, and readable once paused. */
const DEMO_RATE = 2000;
/** Every n-th entry is a typed binary payload, so that the demo shows those too. */
const DEMO_BINARY = 97;
/** Every n-th is a record of a connection, which its schema puts into words. */
const DEMO_RECORDS = 61;

export class EmbeddedSimulator {
  private child: UtilityProcess | null = null;
  /** Of the process that is starting or runs: resolved once its ring session exists. */
  private ready: Promise<void> | null = null;
  private readonly report: (line: string) => void;
  /** The name of its ring session, unique to this program: two viewers do not fight over one demo. */
  private readonly sessionName = demoSessionName(process.pid);

  constructor(report: (line: string) => void) {
    this.report = report;
  }

  get source(): string {
    return `sim:${this.sessionName}`;
  }

  /**
   * Starts the process unless it runs; resolves once its session exists, for whoever called while it was starting too.
   * Rejects if the process ends before that.
   */
  start(): Promise<void> {
    this.ready ??= this.startProcess();
    return this.ready;
  }

  stop(): void {
    this.child?.kill();
    this.forget();
  }

  private startProcess(): Promise<void> {
    const options: SimulatorOptions = {
      name: this.sessionName,
      cpus: DEMO_CPUS,
      rate: DEMO_RATE,
      binary: DEMO_BINARY,
      records: DEMO_RECORDS,
      waitReader: true,
      lingerMs: 0,
    };
    const child = utilityProcess.fork(join(import.meta.dirname, 'simulator-process.js'), [JSON.stringify(options)], {
      serviceName: 'RingView simulated driver',
    });
    this.child = child;
    child.on('exit', (code) => {
      if (this.child === child) this.forget();
      if (code !== 0) this.report(`the simulated driver ended with code ${code}`);
    });
    return new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) =>
        reject(new Error(`the simulated driver ended with code ${code} before it was ready`)),
      );
    });
  }

  /** Removes the memory that embedded drivers of programs that crashed have left. */
  static removeDead(): void {
    removeDeadDemos();
  }

  private forget(): void {
    this.child = null;
    this.ready = null;
  }
}
