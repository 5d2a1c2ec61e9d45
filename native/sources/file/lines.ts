/**
 * Cuts a stream of UTF-8 bytes into lines, without copying lines that lie within one piece. A line ends with LF, CR LF,
 * or a CR alone if the file has no other line ends. With `quotes`, a line break between double quotes is part of the
 * line.
 *
 * A line longer than `MOST_LINE_BYTES` is handed out in parts: a file that consists of one line of a gigabyte must
 * neither fill the memory nor lose its end.
 */

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** The longest message a row can have. */
export const MOST_LINE_BYTES = 65_536;

/**
 * Receives a line `bytes[start..end-1]`, valid during the call. `part`: it continues the line that was handed out
 * before.
 */
export type LineSink = (bytes: Uint8Array, start: number, end: number, part: boolean) => void;

export class LineSplitter {
  /** The number of the line for which the sink was called last, counted from 1. */
  line = 0;
  private readonly sink: LineSink;
  private readonly quotes: boolean;
  private rest: Uint8Array = new Uint8Array(0);
  private restLength = 0;
  private inQuotes = false;
  private part = false;
  /** The last piece ended with a CR, and the next one may begin with the LF that belongs to it. */
  private afterCr = false;

  constructor(quotes: boolean, sink: LineSink) {
    this.quotes = quotes;
    this.sink = sink;
  }

  /** Length of the incomplete line so far, in bytes. */
  get pendingBytes(): number {
    return this.restLength;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    if (this.afterCr && bytes.length > 0) {
      this.afterCr = false;
      if (bytes[0] === LF) start = 1;
    }
    // Both are looked for once: in a file of LF alone the search for a CR goes through the piece a single time.
    let lf = -1;
    let cr = -1;
    for (;;) {
      let end: number;
      if (this.quotes) end = this.quotedEnd(bytes, start);
      else {
        if (lf < start) lf = placeOf(LF, bytes, start);
        if (cr < start) cr = placeOf(CR, bytes, start);
        end = Math.min(lf, cr);
      }
      if (end === bytes.length) break;
      this.emit(bytes, start, end);
      this.part = false;
      start = end + 1;
      if (bytes[end] === CR) {
        if (start === bytes.length) this.afterCr = true;
        else if (bytes[start] === LF) start++;
      }
    }
    this.keep(bytes, start);
  }

  /** Hands out the last line if it has no line end. */
  finish(): void {
    if (this.restLength > 0) this.emit(this.rest, this.restLength, this.restLength);
    this.part = false;
    this.inQuotes = false;
    this.afterCr = false;
  }

  /** The next line break outside quotes; the length of the piece if there is none. */
  private quotedEnd(bytes: Uint8Array, start: number): number {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) this.inQuotes = !this.inQuotes;
      else if (!this.inQuotes && (byte === LF || byte === CR)) return at;
    }
    return bytes.length;
  }

  private keep(bytes: Uint8Array, start: number): void {
    const length = this.restLength + bytes.length - start;
    if (length === this.restLength) return;
    if (length > MOST_LINE_BYTES) {
      // The quote counts as closed after this part: otherwise a quote that is never closed would swallow the rest of
      // the file.
      const whole = characterStart(bytes, bytes.length, start);
      this.emit(bytes, start, whole);
      this.part = true;
      this.inQuotes = false;
      this.keep(bytes, whole);
      return;
    }
    if (this.rest.length < length) {
      const grown = new Uint8Array(Math.min(MOST_LINE_BYTES, Math.max(length, this.rest.length * 2, 1024)));
      grown.set(this.rest.subarray(0, this.restLength));
      this.rest = grown;
    }
    this.rest.set(bytes.subarray(start), this.restLength);
    this.restLength = length;
  }

  private emit(bytes: Uint8Array, start: number, end: number): void {
    if (!this.part) this.line++;
    if (this.restLength === 0) {
      this.emitParts(bytes, start, end);
      return;
    }
    const whole = new Uint8Array(this.restLength + (bytes === this.rest ? 0 : end - start));
    whole.set(this.rest.subarray(0, this.restLength));
    if (bytes !== this.rest) whole.set(bytes.subarray(start, end), this.restLength);
    this.restLength = 0;
    this.emitParts(whole, 0, whole.length);
  }

  private emitParts(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    while (end - from > MOST_LINE_BYTES) {
      const to = characterStart(bytes, from + MOST_LINE_BYTES, from);
      this.sink(bytes, from, to, this.part);
      this.part = true;
      from = to;
    }
    this.sink(bytes, from, end, this.part);
  }
}

/** Where the byte is next; the length of the piece if it is not there. */
function placeOf(byte: number, bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(byte, start);
  return at < 0 ? bytes.length : at;
}

/** `at`, or the begin of the UTF-8 character that would be cut there; always above `least`. */
function characterStart(bytes: Uint8Array, at: number, least: number): number {
  for (let back = 1; back < 4 && at - back > least; back++) {
    const byte = bytes[at - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? at - back : at;
  }
  return at;
}
