/**
 * Shows the progress of a command in one line of a terminal. Nothing is shown if `write` goes to a file or pipe, or
 * if the command takes less than a second.
 */

/** Commands that take less than this show nothing; milliseconds. */
const QUIET_MS = 1000;
const STEP_MS = 200;
const CLEAR_LINE = '\r\u001b[K';

export interface ProgressIo {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly write: (text: string) => void;
  /** Whether `write` goes to a terminal. */
  readonly terminal: boolean;
}

export class ProgressLine {
  private readonly io: ProgressIo;
  private readonly what: string;
  private readonly since: number;
  private shownAt = Number.NEGATIVE_INFINITY;
  private shown = false;

  constructor(what: string, io: ProgressIo) {
    this.what = what;
    this.io = io;
    this.since = io.now();
  }

  /** `share` is 0 to 1, null if it is not known. */
  tell(share: number | null, rows: number): void {
    const { io } = this;
    if (!io.terminal) return;
    const now = io.now();
    if (now - this.since < QUIET_MS || now - this.shownAt < STEP_MS) return;
    this.shownAt = now;
    this.shown = true;
    const part = share === null ? '' : ` ${Math.floor(share * 100)} %,`;
    io.write(`${CLEAR_LINE}${this.what}:${part} ${rows.toLocaleString('en')} rows`);
  }

  /** Erases the line. */
  end(): void {
    if (this.shown) this.io.write(CLEAR_LINE);
    this.shown = false;
  }
}
