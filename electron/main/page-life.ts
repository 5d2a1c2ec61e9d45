/**
 * What is done when a page ends: it is loaded again, from a timer and never from within the event that told of its end,
 * for Chromium is then in the middle of taking the page down and ends the program. A page that ends again and again is
 * replaced by one without script that says so and has a way back; it is also tried again by itself, ever less often and
 * without end. Nothing here concerns the log: it is captured all the while.
 */

/** A page that ended more often than this within the time is not loaded at once again: it would only end once more. */
const MOST_QUICK_LOADS = 3;
const QUICK_WINDOW_MS = 60_000;
/** The wait before the first reload after those quick ones; it doubles each time. Milliseconds. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;

export interface PageLifeDependencies {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back once, after at least `ms`, and never before the caller has returned; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly loadPage: () => void;
  /** Shows the page without script, which says why. */
  readonly showTrouble: (reason: string) => void;
  readonly report: (line: string) => void;
}

export class PageLife {
  private readonly dependencies: PageLifeDependencies;
  private ends: readonly number[] = [];
  private waits = 0;
  private showsTrouble = false;
  private calledOff: (() => void)[] = [];

  constructor(dependencies: PageLifeDependencies) {
    this.dependencies = dependencies;
  }

  /** The page ended, left for another address, or could not be loaded. Safe to call from any event. */
  ended(reason: string): void {
    const now = this.dependencies.now();
    const wasTrouble = this.showsTrouble;
    this.ends = [...this.ends.filter((at) => now - at < QUICK_WINDOW_MS), now];
    this.callOff();
    this.showsTrouble = false;
    if (this.ends.length <= MOST_QUICK_LOADS && this.waits === 0) {
      this.later(0, () => {
        this.dependencies.report(`the page ended (${reason}); it is loaded again, the log is kept`);
        this.dependencies.loadPage();
      });
      return;
    }
    const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(this.waits, 16), LONGEST_WAIT_MS);
    this.waits++;
    this.later(0, () => {
      const seconds = Math.round(wait / 1000);
      this.dependencies.report(
        `the page ended again and again (${reason}); the log is still captured, and the page is tried again in ${seconds} s`,
      );
      // Where not even the page without script lives, there is nothing left to show but the title.
      if (wasTrouble) return;
      this.showsTrouble = true;
      this.dependencies.showTrouble(reason);
    });
    this.later(wait, () => {
      this.showsTrouble = false;
      this.dependencies.loadPage();
    });
  }

  /** The page runs and has made its first call. */
  runs(): void {
    this.callOff();
    this.showsTrouble = false;
    // One that ran for a while before it ended starts the count anew.
    this.later(QUICK_WINDOW_MS, () => {
      this.waits = 0;
    });
  }

  /** The window is gone: there is nothing to load a page into. */
  close(): void {
    this.callOff();
  }

  private later(ms: number, run: () => void): void {
    this.calledOff.push(this.dependencies.after(ms, run));
  }

  private callOff(): void {
    for (const cancel of this.calledOff.splice(0)) cancel();
  }
}
