/**
 * Waiting that a request to stop interrupts: SIGINT, SIGTERM, SIGHUP (the terminal was closed), and on Windows
 * Ctrl+Break.
 */

export interface Waiter {
  /** Monotonic milliseconds. */
  now(): number;
  /** True once a stop was requested. */
  readonly stopped: boolean;
  /** How often a stop was requested: a person in a hurry asks again. */
  readonly stops: number;
  /**
   * Waits at least `ms` while everything else runs; ends early at a stop. 0 waits only until the next turn of the event
   * loop.
   */
  wait(ms: number): Promise<void>;
  /** Waits for `what`, at most `ms`; ends early at a stop, at once if there was one. */
  waitFor(what: Promise<unknown>, ms: number): Promise<void>;
  /** The same after a stop: only a further request ends it early. */
  waitOut(what: Promise<unknown>, ms: number): Promise<void>;
}

const SIGNALS = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
] as const;
/**
 * npm passes on signals that the terminal has already sent to the whole process group, so one Ctrl+C arrives twice;
 * requests so close together count once. Milliseconds.
 */
const REPEAT_MS = 300;
/** The longest delay that a timer supports. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Uses the process's clock and signals. `release` stops handling the signals. */
export class ProcessWaiter implements Waiter {
  stops = 0;
  private lastStopMs = Number.NEGATIVE_INFINITY;
  private readonly listeners = new Set<() => void>();
  private readonly wakeAll = new Set<() => void>();
  private readonly clock: () => number;

  constructor(clock = () => performance.now()) {
    this.clock = clock;
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
  }

  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
  }

  get stopped(): boolean {
    return this.stops > 0;
  }

  /** Requests a stop like a signal does; for keys. */
  stop(): void {
    const now = this.now();
    if (now - this.lastStopMs < REPEAT_MS) return;
    this.lastStopMs = now;
    this.stops++;
    for (const listener of this.listeners) listener();
    for (const wake of [...this.wakeAll]) wake();
  }

  /** Calls `listener` at each request to stop; returns how to stop listening. */
  onStop(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  now(): number {
    return this.clock();
  }

  wait(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    if (ms <= 0) return new Promise((resolve) => setImmediate(resolve));
    return this.waitOut(new Promise(() => {}), ms);
  }

  waitFor(what: Promise<unknown>, ms: number): Promise<void> {
    return this.stopped ? Promise.resolve() : this.waitOut(what, ms);
  }

  waitOut(what: Promise<unknown>, ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.wakeAll.delete(done);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, MAX_TIMER_MS));
      this.wakeAll.add(done);
      void what.then(done, done);
    });
  }

  private readonly onSignal = (): void => this.stop();
}

/** After a stop, something that has made no progress for so long counts as stuck; milliseconds. */
export const STUCK_MS = 2000;
/** After a stop, the longest that anything is waited for, even if it makes progress; milliseconds. */
export const LONGEST_MS = 30_000;
/** How often progress is checked; milliseconds. */
const LOOK_MS = 100;

/**
 * Waits for `what` as long as it takes. After a request to stop it waits only while there is progress, and never past a
 * limit or a second request. `steps` returns a number that changes with each step of progress. True if `what` was done.
 */
export async function waitPatiently(what: Promise<unknown>, steps: () => number, waiter: Waiter): Promise<boolean> {
  let done = false;
  const noted = what.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  while (!done && !waiter.stopped) await waiter.waitFor(noted, Number.POSITIVE_INFINITY);
  const end = waiter.now() + LONGEST_MS;
  let last = steps();
  let since = waiter.now();
  while (!done) {
    await waiter.waitOut(noted, LOOK_MS);
    const now = waiter.now();
    if (steps() !== last) {
      last = steps();
      since = now;
    }
    if (done || waiter.stops > 1 || now >= end || now - since >= STUCK_MS) break;
  }
  return done;
}
