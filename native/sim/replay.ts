/** Replays the lines of a text as messages, so that real logs can be sent through the whole product. */
import { Level } from '../core/entry.ts';
import { RV } from '../core/layout.ts';
import type { MessageSource } from './messages.ts';

const ERROR = /\b(?:errors?|fail(?:s|ed|ure)?|fatal|exception|bugcheck|0xc0[0-9a-f]{6})\b/i;
const WARNING = /\b(?:warn(?:ing)?s?|retry|retries|timed? ?out|0x80[0-9a-f]{6})\b/i;
const TRACE = /\b(?:trace|debug|verbose)\b|^(?:-->|<--)/i;

/** The level that a line's words suggest. */
export function guessLevel(line: string): number {
  if (ERROR.test(line)) return Level.Error;
  if (WARNING.test(line)) return Level.Warning;
  return TRACE.test(line) ? Level.Trace : Level.Info;
}

/** The lines of `text` as bytes, ended by LF or CRLF, without blank ones. Invalid UTF-8 is kept as it is. */
export function splitLines(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf(0x0a, start);
    const next = newline < 0 ? text.length : newline;
    const end = next > start && text[next - 1] === 0x0d ? next - 1 : next;
    if (end > start) lines.push(text.subarray(start, end));
    start = next + 1;
  }
  return lines;
}

export class ReplayMessages implements MessageSource {
  level = 0;
  readonly type = 0;
  readonly remarks = 0;
  readonly pid = 0;
  readonly irql = 0;
  flags = 0;
  private readonly lines: readonly Uint8Array[];
  private readonly textBytes: number;
  private readonly levels: Uint8Array;
  private at = -1;

  /**
   * `lines` must not be empty; after the last line the first one follows again. A line of more than `textBytes` bytes is
   * cut there and flagged, as if it did not fit the formatting buffer of a driver; 0 for whole lines.
   */
  constructor(lines: readonly Uint8Array[], textBytes = 0) {
    this.lines = lines;
    this.textBytes = textBytes === 0 ? Number.POSITIVE_INFINITY : textBytes;
    const decoder = new TextDecoder('utf-8');
    this.levels = Uint8Array.from(lines, (line) => guessLevel(decoder.decode(line)));
  }

  next(): number {
    this.at = (this.at + 1) % this.lines.length;
    this.level = this.levels[this.at] as number;
    const { length } = this.lines[this.at] as Uint8Array;
    this.flags = length > this.textBytes ? RV.FLAG_TRUNCATED : 0;
    return Math.min(length, this.textBytes);
  }

  write(bytes: Uint8Array, at: number): void {
    bytes.set((this.lines[this.at] as Uint8Array).subarray(0, this.textBytes), at);
  }
}
