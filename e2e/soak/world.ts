/** What all parts of a soak share: its folder, its log, its counts, its random numbers, and its time limits. */
import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../native/sim/random.ts';
import type { SmallDisk } from './disk.ts';

/** What was done and what came of it; the figures of the result. */
export interface Tally {
  producers: number;
  producersKilled: number;
  readers: number;
  readersKilled: number;
  apps: number;
  appsKilled: number;
  /** Pages of apps that were killed while the app went on, and graphics processes. */
  pagesKilled: number;
  graphicsKilled: number;
  pauses: number;
  fullDisk: number;
  fullDiskTold: number;
  stalls: number;
  exports: number;
  exportsRefused: number;
  /** Attempts of producers whose life is over. */
  attempted: number;
  /** Of those, rows that were read from files and judged. */
  delivered: number;
  lost: number;
  late: number;
  /** Taken by a reader that was killed before they stood in a file. */
  taken: number;
  /** Dropped from the history of an app whose disk was full, as it told. */
  evicted: number;
  /** Left in the ring of a producer that nobody read to its end. */
  unread: number;
  /** Rows of files that were read and held against the producers, those of apps that were killed later too. */
  judged: number;
  /** Rows that apps had moved to disk. */
  onDisk: number;
}

/** A fault that a run has found; ends the run. */
export class SoakFinding extends Error {
  override readonly name = 'SoakFinding';
}

/** The longest that anything asked of a program may take, milliseconds; a disk may stall meanwhile. */
const PATIENCE_MS = 90_000;
const LOOK_MS = 20;

export class World {
  readonly folder: string;
  /** dist/cli/ringview.js */
  readonly cli: string;
  readonly disk: SmallDisk | null;
  readonly tally: Tally;
  private readonly started = performance.now();
  private readonly until: number;
  private readonly tell: (line: string) => void;
  private lastTag = 0;

  constructor(folder: string, cli: string, disk: SmallDisk | null, minutes: number, tell: (line: string) => void) {
    this.folder = folder;
    this.cli = cli;
    this.disk = disk;
    this.until = this.started + minutes * 60_000;
    this.tell = tell;
    this.tally = {
      ...{ producers: 0, producersKilled: 0, readers: 0, readersKilled: 0, apps: 0, appsKilled: 0, pauses: 0 },
      ...{ pagesKilled: 0, graphicsKilled: 0 },
      ...{ fullDisk: 0, fullDiskTold: 0, stalls: 0, exports: 0, exportsRefused: 0 },
      ...{ attempted: 0, delivered: 0, lost: 0, late: 0, taken: 0, evicted: 0, unread: 0, judged: 0, onDisk: 0 },
    };
  }

  /** Process numbers of programs that run. */
  private readonly running = new Set<number>();

  /** Notes a program, so that none outlives the run, whatever ends it. */
  own(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.running.add(pid);
    child.once('exit', () => this.running.delete(pid));
  }

  /** Kills what still runs. */
  killAll(): void {
    for (const pid of this.running) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended; its event has not come yet.
      }
    }
  }

  /** Set when one part has found something: the others end too. */
  aborted = false;

  get over(): boolean {
    return this.aborted || performance.now() >= this.until;
  }

  /** A number for a producer's life that no other has. */
  nextTag(): number {
    return ++this.lastTag;
  }

  /** Where programs write what a disk episode is to hit. */
  get target(): string {
    return this.disk?.folder ?? this.folder;
  }

  log(line: string): void {
    const text = `${((performance.now() - this.started) / 1000).toFixed(1).padStart(8)} ${line}`;
    appendFileSync(join(this.folder, 'log.txt'), `${text}\n`);
    this.tell(text);
  }

  fail(what: string): never {
    throw new SoakFinding(what);
  }

  /** Waits until `there` gives something. A program that takes longer than there is patience for hangs. */
  async waitFor<T>(what: string, there: () => T | null | undefined | false, ms = PATIENCE_MS): Promise<T> {
    const end = performance.now() + ms;
    for (;;) {
      const found = there();
      if (found !== null && found !== undefined && found !== false) return found;
      if (performance.now() > end) this.fail(`no ${what} within ${ms / 1000} s`);
      await sleep(LOOK_MS);
    }
  }

  /** The result of `work`, unless it takes longer than there is patience for. */
  async within<T>(what: string, work: Promise<T>, ms = PATIENCE_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new SoakFinding(`${what} took longer than ${ms / 1000} s`)), ms);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Chance that comes out the same for the same seed. */
export class Chance {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** A whole number, `from <= n <= to`. */
  whole(from: number, to: number): number {
    return from + this.random.below(to - from + 1);
  }

  oneIn(n: number): boolean {
    return this.random.below(n) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.random.below(from.length)] as T;
  }

  /** One of the keys, each as often as its weight says. */
  weighed<K extends string>(weights: Readonly<Record<K, number>>): K {
    const keys = Object.keys(weights) as K[];
    let at = this.random.below(keys.reduce((sum, key) => sum + weights[key], 0));
    for (const key of keys) {
      at -= weights[key];
      if (at < 0) return key;
    }
    throw new Error('weights are whole numbers above 0');
  }
}
