/**
 * The terminal of this process, as `ringview tail` uses it: reads raw keys, and draws frames with escape codes. Only
 * one frame is written at a time, so that a slow terminal skips frames and never holds up the drain.
 */
import type { ReadStream } from 'node:tty';
import { drawLine } from './tail-line.ts';
import type { Frame, ScreenSize } from './tail-screen.ts';
import type { TextOut } from './text-out.ts';

export type Key = 'quit' | 'pause';

/**
 * Disables line wrapping, so that a character wider than expected does not take a second line, and hides the cursor.
 */
const ENTER = '\u001b[?7l\u001b[?25l';
/** Returns to the beginning of the line and clears it. */
const CLEAR_LINE = '\r\u001b[0m\u001b[K';
const LEAVE = `${CLEAR_LINE}\u001b[?7h\u001b[?25h`;

/** The keys in the characters that a terminal sent. Sequences of other keys begin with Escape and are ignored. */
export function keysIn(sent: string): Key[] {
  if (sent.startsWith('\u001b')) return [];
  return [...sent].flatMap((key): Key[] => {
    if (key === 'q' || key === 'Q' || key === '\u0003' || key === '\u0004') return ['quit'];
    return key === ' ' ? ['pause'] : [];
  });
}

/** The text that draws a frame over the previous one. */
export function frameText({ lines, status }: Frame, colour: boolean): string {
  const drawn = lines.map((line) => `${drawLine(line, colour)}\r\n`).join('');
  return `${CLEAR_LINE}${drawn}${drawLine(status, colour)}`;
}

/** Whether a terminal is to be drawn on, and in colour. https://no-color.org */
export function terminalManner(isTerminal: boolean, env: NodeJS.ProcessEnv): 'plain lines' | 'no colour' | 'colour' {
  if (!isTerminal || env.TERM === 'dumb') return 'plain lines';
  return env.NO_COLOR === undefined || env.NO_COLOR === '' ? 'colour' : 'no colour';
}

export class Terminal {
  private readonly out: TextOut;
  private readonly colour: boolean;
  private readonly input: ReadStream | null;
  private readonly onKey: (key: Key) => void;
  private entered = false;

  /** `onKey` receives the keys, and `quit` when the terminal is gone. */
  constructor(out: TextOut, colour: boolean, onKey: (key: Key) => void) {
    this.out = out;
    this.colour = colour;
    this.onKey = onKey;
    this.input = process.stdin.isTTY ? process.stdin : null;
  }

  get size(): ScreenSize {
    return { columns: process.stdout.columns ?? 0, rows: process.stdout.rows ?? 0 };
  }

  /** True while the last frame was not accepted completely. */
  get busy(): boolean {
    return this.out.pending;
  }

  /** True once nothing can be shown any more. */
  get gone(): boolean {
    return this.out.closed;
  }

  enter(): void {
    if (this.entered) return;
    this.entered = true;
    this.input?.setRawMode(true);
    this.input
      ?.setEncoding('utf8')
      .on('data', this.onData)
      .once('end', this.onGone)
      .once('error', this.onGone)
      .resume();
    this.out.write(ENTER);
  }

  draw(frame: Frame): void {
    this.out.write(frameText(frame, this.colour));
  }

  /** Restores the terminal's state. The text for that is still being written: wait for the output to settle. */
  leave(): void {
    if (!this.entered) return;
    this.entered = false;
    this.input?.off('data', this.onData).pause();
    try {
      this.input?.setRawMode(false);
    } catch {
      // The terminal is gone, so there is nothing to restore.
    }
    this.out.write(LEAVE);
  }

  private readonly onData = (sent: string | Buffer): void => {
    for (const key of keysIn(String(sent))) this.onKey(key);
  };

  private readonly onGone = (): void => this.onKey('quit');
}
