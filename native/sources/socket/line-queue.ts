/**
 * Lines that came by a socket, until they are asked for: so many bytes at most. What comes while there is no room is counted, and
 * stands as a loss where it would have stood. Pure.
 */
import { Level } from '../../core/entry.ts';

/** The longest message of a row, bytes. */
export const MOST_MESSAGE_BYTES = 65_536;
const MOST_BYTES = 8 * 1024 * 1024;
/** What a line costs beside its bytes. */
const LINE_BYTES = 64;
const LF = 10;
const CR = 13;

export interface QueuedLine {
  /** When it came, in ticks of the clock. */
  readonly ticks: bigint;
  readonly text: Uint8Array;
  readonly level: number;
  /** Lines that were lost just before it. */
  readonly lost: number;
}

/** Severities of syslog (RFC 5424, 6.2.1), 0 to 7: emergency, alert, critical and error are errors; notice is information. */
const LEVELS = [
  ...[Level.Error, Level.Error, Level.Error, Level.Error],
  ...[Level.Warning, Level.Info, Level.Info, Level.Trace],
];

/** What stands at the begin of a line of syslog, `<34>`: its level, and how many bytes that takes; 0 where there is none. */
export function priorityOf(text: Uint8Array): { readonly level: number; readonly bytes: number } {
  const priority = /^<(\d{1,3})>/.exec(String.fromCharCode(...text.subarray(0, 5)));
  const value = Number(priority?.[1]);
  if (priority === null || value > 191) return { level: Level.Info, bytes: 0 };
  return { level: LEVELS[value % 8] as number, bytes: priority[0].length };
}

export class LineQueue {
  private readonly most: number;
  private lines: QueuedLine[] = [];
  private bytes = 0;
  private lostBefore = 0;

  constructor(most = MOST_BYTES) {
    this.most = most;
  }

  /** Lines that were lost and stand before no other yet. */
  get lost(): number {
    return this.lostBefore;
  }

  /** Whether senders that can wait had better do so. */
  get isFull(): boolean {
    return this.bytes >= this.most / 2;
  }

  /** One line without its end, which is copied; what is longer than a message goes on in the next. Empty ones are none. */
  push(line: Uint8Array, ticks: bigint): void {
    let from = priorityOf(line).bytes;
    const { level } = priorityOf(line);
    const end = line.at(-1) === CR ? line.length - 1 : line.length;
    while (from < end) {
      const to = wholeCharacters(line, from, Math.min(end, from + MOST_MESSAGE_BYTES));
      if (this.bytes + to - from + LINE_BYTES > this.most) this.lostBefore++;
      else {
        this.lines.push({ ticks, text: line.slice(from, to), level, lost: this.lostBefore });
        this.lostBefore = 0;
        this.bytes += to - from + LINE_BYTES;
      }
      from = to;
    }
  }

  /** Everything there is, in order; then nothing. */
  take(): readonly QueuedLine[] {
    const { lines } = this;
    this.lines = [];
    this.bytes = 0;
    return lines;
  }

  /** The lines that were lost behind the last one, once. */
  takeLost(): number {
    const { lostBefore } = this;
    this.lostBefore = 0;
    return lostBefore;
  }
}

/** `to`, or the begin of the UTF-8 character that would be cut there. */
function wholeCharacters(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at < bytes.length && at > to - 3 && at > from + 1 && ((bytes[at] as number) & 0xc0) === 0x80) at--;
  return at;
}

/** Cuts what comes of one connection into lines for the queue; of a line that does not end no more than a message is kept. */
export class LineCutter {
  private readonly queue: LineQueue;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(queue: LineQueue) {
    this.queue = queue;
  }

  push(bytes: Uint8Array, ticks: bigint): void {
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.line(bytes.subarray(from, end), ticks);
      from = end + 1;
    }
    this.rest = joined(this.rest, bytes.subarray(from));
    if (this.rest.length >= MOST_MESSAGE_BYTES) this.end(ticks);
  }

  /** The connection has ended: what has no end of its own is a line, too. */
  end(ticks: bigint): void {
    this.line(new Uint8Array(0), ticks);
  }

  private line(bytes: Uint8Array, ticks: bigint): void {
    this.queue.push(joined(this.rest, bytes), ticks);
    this.rest = new Uint8Array(0);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second.slice();
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
