/**
 * Cuts a stream of UTF-8 bytes into lines, without copying lines that lie within one piece. A line ends with LF, CR LF,
 * or a CR alone if the file has no other line ends. With `quotes`, a line break between double quotes is part of the
 * line.
 *
 * A line longer than `most` is handed out in parts of that length, wherever a piece ends: a file that consists of one line
 * of a gigabyte must neither fill the memory nor lose its end.
 */

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** The longest message a row can have. */
export const MOST_LINE_BYTES = 65_536;
/** A line that has the longest message as it is, and number, time, process and the like before it. */
export const MOST_PLAIN_LINE_BYTES = MOST_LINE_BYTES + 1024;

/**
 * Receives a line `bytes[start..end-1]`, valid during the call. `part`: it continues the line that was handed out
 * before. `more`: the line goes on in the next part.
 */
export type LineSink = (bytes: Uint8Array, start: number, end: number, part: boolean, more: boolean) => void;

export class LineSplitter {
  /** The number of the line for which the sink was called last, counted from 1. */
  line = 0;
  private readonly sink: LineSink;
  private readonly quotes: boolean;
  private readonly most: number;
  private rest: Uint8Array = new Uint8Array(0);
  private restLength = 0;
  private inQuotes = false;
  private part = false;
  /** The last piece ended with a CR, and the next one may begin with the LF that belongs to it. */
  private afterCr = false;

  /** `most`: bytes of a line that is handed out whole. */
  constructor(quotes: boolean, sink: LineSink, most: number) {
    this.quotes = quotes;
    this.sink = sink;
    this.most = most;
  }

  /** Length of the incomplete line so far, in bytes. */
  get pendingBytes(): number {
    return this.restLength;
  }

  /** True between two lines: the next byte begins one. */
  get atLineBegin(): boolean {
    return this.restLength === 0 && !this.part && !this.afterCr;
  }

  /** Counts lines that somebody else took, who begins and ends between two lines. */
  skip(lines: number): void {
    this.line += lines;
  }

  push(bytes: Uint8Array): void {
    const view = viewOf(bytes);
    for (let at = 0; at < bytes.length; ) at = this.pushLine(bytes, view, at);
  }

  /**
   * Takes bytes from `from` on up to the end of the line, or all that there are. Returns where the next line begins. `view`
   * is of the same bytes.
   */
  pushLine(bytes: Uint8Array, view: DataView, from: number): number {
    let start = from;
    if (this.afterCr) {
      this.afterCr = false;
      if (bytes[start] === LF) start++;
    }
    const end = this.quotes ? this.quotedEnd(bytes, start) : lineEnd(bytes, view, start);
    if (end === bytes.length) {
      this.keep(bytes, start);
      return end;
    }
    this.emit(bytes, start, end);
    this.part = false;
    if (bytes[end] !== CR) return end + 1;
    if (end + 1 === bytes.length) this.afterCr = true;
    return bytes[end + 1] === LF ? end + 2 : end + 1;
  }

  /** Hands out the last line if it has no line end. */
  finish(): void {
    if (this.restLength > 0) this.emit(this.rest, 0, 0);
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
    if (length > this.most) {
      // The quote counts as closed after this part: otherwise a quote that is never closed would swallow the rest of
      // the file.
      this.inQuotes = false;
      if (!this.part) this.line++;
      const line = this.withRest(bytes, start, bytes.length);
      this.keep(line, this.emitFull(line, 0, line.length));
      return;
    }
    if (this.rest.length < length) {
      const grown = new Uint8Array(Math.min(this.most, Math.max(length, this.rest.length * 2, 1024)));
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
    const line = this.withRest(bytes, start, end);
    this.emitParts(line, 0, line.length);
  }

  private emitParts(bytes: Uint8Array, start: number, end: number): void {
    const last = this.emitFull(bytes, start, end);
    this.sink(bytes, last, end, this.part, false);
  }

  /** What was kept of the line and `bytes[start..end-1]` behind it; nothing is kept then. */
  private withRest(bytes: Uint8Array, start: number, end: number): Uint8Array {
    if (this.restLength === 0) return bytes.subarray(start, end);
    const whole = new Uint8Array(this.restLength + end - start);
    whole.set(this.rest.subarray(0, this.restLength));
    whole.set(bytes.subarray(start, end), this.restLength);
    this.restLength = 0;
    return whole;
  }

  /** Hands out parts of `most` bytes while more than one is left; returns where the last begins, which is not empty. */
  private emitFull(bytes: Uint8Array, start: number, end: number): number {
    let from = start;
    while (end - from > this.most) {
      const to = characterStart(bytes, from + this.most, from);
      this.sink(bytes, from, to, this.part, true);
      this.part = true;
      from = to;
    }
    return from;
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Where the next LF or CR is; the length of the piece if there is none. */
function lineEnd(bytes: Uint8Array, view: DataView, start: number): number {
  let at = start;
  // Four bytes at a time until one of them is a control character.
  for (const last = bytes.length - 4; at <= last; at += 4) {
    const word = view.getUint32(at, true);
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    for (let byte = at; byte < at + 4; byte++) if (bytes[byte] === LF || bytes[byte] === CR) return byte;
  }
  for (; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) return at;
  return at;
}

/** `at`, or the begin of the UTF-8 character that would be cut there; `least`, where it begins there, or above. */
export function characterStart(bytes: Uint8Array, at: number, least: number): number {
  for (let back = 1; back < 4 && at - back >= least; back++) {
    const byte = bytes[at - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? at - back : at;
  }
  return at;
}
