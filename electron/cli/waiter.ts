/** Waiting that a request to stop cuts short: SIGINT, SIGTERM, and on Windows Ctrl+Break. */

export interface Waiter {
  /** Monotonic milliseconds. */
  now(): number;
  /** True once a stop was asked for. */
  readonly stopped: boolean;
  /** Lets everything else run for at least `ms`; ends early at a stop. 0 is the shortest turn there is. */
  wait(ms: number): Promise<void>;
  /** Waits for `what`, at most `ms`; ends early at a stop. */
  waitFor(what: Promise<void>, ms: number): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : [])] as const;
/** Longest delay a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The process's clock and signals. `release` gives the signals back. */
export class ProcessWaiter implements Waiter {
  stopped = false;
  private wakeAll = new Set<() => void>();

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
  }

  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
  }

  now(): number {
    return performance.now();
  }

  wait(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    if (ms <= 0) return new Promise((resolve) => setImmediate(resolve));
    return this.waitFor(new Promise(() => {}), ms);
  }

  waitFor(what: Promise<void>, ms: number): Promise<void> {
    if (this.stopped || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.wakeAll.delete(done);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, MAX_TIMER_MS));
      this.wakeAll.add(done);
      void what.then(done);
    });
  }

  private readonly onSignal = (): void => {
    this.stopped = true;
    for (const wake of [...this.wakeAll]) wake();
  };
}
