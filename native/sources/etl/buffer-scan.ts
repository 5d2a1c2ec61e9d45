/**
 * Finds the buffers of a trace file by their headers alone, one behind the other, so that a file of many gigabytes costs no
 * more than a look at each place where one begins.
 */
import { readSync } from 'node:fs';
import type { BrokenPlace } from '../source.ts';
import { BUFFER_HEADER_BYTES, type BufferHeader, parseBuffer } from './buffer.ts';
import { createTraceEvent, parseTraceEvent } from './trace-event.ts';
import { parseTraceHeader, type TraceHeader } from './trace-header.ts';

export interface FoundBuffer extends BufferHeader {
  /** In the file. */
  readonly at: number;
}

/** Reads headers of buffers at any place of a file. */
export class HeaderReader {
  private readonly fd: number;
  private readonly head = new Uint8Array(BUFFER_HEADER_BYTES);
  private readonly view = new DataView(this.head.buffer);

  constructor(fd: number) {
    this.fd = fd;
  }

  /** The buffer that begins there; null for none. Throws the system's error. */
  read(at: number): FoundBuffer | null {
    const read = readSync(this.fd, this.head, 0, this.head.length, at);
    const buffer = read < this.head.length ? null : parseBuffer(this.view);
    return buffer === null ? null : { ...buffer, at };
  }
}

/** Compressed buffers may be short: what lies behind a damaged one is not looked for at every place. */
const LEAST_STEP = 1024;

export class BufferScan {
  private readonly headers: HeaderReader;
  private readonly size: number;
  private readonly problem: (place: BrokenPlace) => void;
  private at = 0;
  /** Length of the last buffer; 0 before the first. */
  private length = 0;
  /** Where a stretch that is not a buffer began; -1 outside of one. */
  private bad = -1;
  private ended = false;

  /** `size`: of the file. */
  constructor(headers: HeaderReader, size: number, problem: (place: BrokenPlace) => void) {
    this.headers = headers;
    this.size = size;
    this.problem = problem;
  }

  /**
   * Looks at the next place: a buffer; `nothing` if there is none and others may follow; null at the end of the file, and
   * where nothing says how far away the next buffer is. Throws the system's error.
   */
  next(): FoundBuffer | 'nothing' | null {
    if (this.ended) return null;
    if (this.at + BUFFER_HEADER_BYTES > this.size) return this.end();
    const buffer = this.headers.read(this.at);
    if (buffer === null) {
      if (this.bad < 0) this.bad = this.at;
      // Buffers that are not compressed are all of one length: the next one lies that much further.
      if (this.length > 0) this.at += Math.max(LEAST_STEP, this.length);
      return this.length > 0 ? 'nothing' : this.end();
    }
    if (this.bad >= 0) this.problem({ offset: this.bad, problem: `there is no buffer up to ${this.at}` });
    this.bad = -1;
    this.length = buffer.bytes;
    this.at += buffer.bytes;
    return buffer;
  }

  private end(): null {
    const { at, bad, size } = this;
    this.ended = true;
    if (bad >= 0) this.problem({ offset: bad, problem: `there is no buffer up to ${size}, where the file ends` });
    else if (at < size) this.problem({ offset: at, problem: 'the file ends within the header of a buffer' });
    return null;
  }
}

/** The header that the first event of a buffer is; null if it is none. Throws the system's error. */
export function readHeader(fd: number, buffer: FoundBuffer): TraceHeader | null {
  const bytes = new Uint8Array(Math.min(buffer.end, 65_536 + BUFFER_HEADER_BYTES));
  const read = readSync(fd, bytes, 0, bytes.length, buffer.at);
  const view = new DataView(bytes.buffer);
  const event = createTraceEvent();
  if (!parseTraceEvent(view, BUFFER_HEADER_BYTES, Math.min(read, buffer.end), event)) return null;
  return event.group === 0 ? parseTraceHeader(view, event) : null;
}
