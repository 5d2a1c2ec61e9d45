/**
 * Lines about this program's own troubles, on their way out. Reporting is what is done when something went wrong, so it
 * cannot fail, wait or grow: a sink that is closed is not written to again, one that does not take what it is given is
 * left alone, and so many lines a second are let through, no more. What is left out is counted and said.
 */

/** Where lines go; either method may throw. */
export interface LineSink {
  readonly write: (text: string) => void;
  /** Bytes that were written and not taken yet. */
  readonly pending: () => number;
}

/** Lines that may go out at once, and how many more each second. */
const BURST_LINES = 40;
const LINES_A_SECOND = 4;
const LONGEST_LINE = 4000;
const MOST_PENDING_BYTES = 65_536;

export class Reporter {
  private readonly sink: LineSink;
  private readonly now: () => number;
  private allowance = BURST_LINES;
  private lastAt: number;
  private leftOut = 0;
  private closed = false;

  /** `now` is in monotonic milliseconds. */
  constructor(sink: LineSink, now: () => number) {
    this.sink = sink;
    this.now = now;
    this.lastAt = now();
  }

  /** Writes one line, or leaves it out. Never throws. */
  line(text: string): void {
    if (this.closed) return;
    const now = this.now();
    this.allowance = Math.min(BURST_LINES, this.allowance + ((now - this.lastAt) / 1000) * LINES_A_SECOND);
    this.lastAt = now;
    if (this.allowance < 1 || this.full()) {
      this.leftOut++;
      return;
    }
    this.allowance--;
    const cut = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} ...` : text;
    const { leftOut } = this;
    this.leftOut = 0;
    this.write(`${leftOut === 0 ? '' : `ringview: ${leftOut} lines were left out\n`}ringview: ${cut}\n`);
  }

  /** The sink said that it cannot be written to any more. */
  close(): void {
    this.closed = true;
  }

  private full(): boolean {
    try {
      return this.sink.pending() > MOST_PENDING_BYTES;
    } catch {
      return true;
    }
  }

  private write(text: string): void {
    try {
      this.sink.write(text);
    } catch {
      // There is nobody left to tell.
      this.closed = true;
    }
  }
}
