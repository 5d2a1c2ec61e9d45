/**
 * Where the buffers of a trace file lie, in the order in which they were written, and what is missing between them. A file
 * that was appended to has several sessions, one behind the other; a circular one begins in the middle.
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

/** A buffer in its session, with what was lost just before it. */
export interface PlacedBuffer extends FoundBuffer {
  /** Events known to be lost before its first one, by the counts of the session; 0 for none. */
  lost: number;
  /** Buffers of the session, of whatever CPU, that are not in the file between the one before and this one. */
  missing: number;
}

/** What a session wrote: its header, and the buffers of each CPU in order. */
export interface TraceSession {
  readonly header: TraceHeader;
  readonly lanes: readonly (readonly PlacedBuffer[])[];
  /** Events and buffers that the session counts as lost and that have no place. */
  readonly unplacedEvents: number;
  readonly unplacedBuffers: number;
}

/** Buffers that are looked at: those of 64 GB at the usual 64 KiB. */
const MOST_BUFFERS = 1_048_576;
/** Circular, a new file at each size, or kept in memory: the first buffers of the session need not be in the file. */
const BEGINS_LATER = 0x2 | 0x8 | 0x400;
/** More buffers than this missing in one place is no count but a damaged number. */
const MOST_MISSING = 1_000_000n;

/** Finds every buffer of a file by its header alone, some of them at a time: a file of many gigabytes has many. */
export class BufferScan {
  readonly buffers: FoundBuffer[] = [];
  private readonly fd: number;
  private readonly size: number;
  private readonly problem: (place: BrokenPlace) => void;
  private readonly head = new Uint8Array(BUFFER_HEADER_BYTES);
  private readonly view = new DataView(this.head.buffer);
  private at = 0;
  /** Length of the last buffer; 0 before the first. */
  private length = 0;
  /** Where what is no buffer began; -1 while there are buffers. */
  private bad = -1;

  /** `size`: of the file. */
  constructor(fd: number, size: number, problem: (place: BrokenPlace) => void) {
    this.fd = fd;
    this.size = size;
    this.problem = problem;
  }

  /** Looks at `count` places more. True once the end of the file is reached. Throws the system's error. */
  advance(count: number): boolean {
    for (let looked = 0; looked < count; looked++) {
      if (this.at + BUFFER_HEADER_BYTES > this.size || this.buffers.length >= MOST_BUFFERS) return this.end();
      if (!this.look()) return this.end();
    }
    return false;
  }

  /** False where nothing says how far away the next buffer is. */
  private look(): boolean {
    const read = readSync(this.fd, this.head, 0, this.head.length, this.at);
    const buffer = read < this.head.length ? null : parseBuffer(this.view);
    if (buffer === null) {
      if (this.bad < 0) this.bad = this.at;
      // Buffers of a session are all of one length: the next one lies that much further.
      this.at += this.length;
      return this.length > 0;
    }
    if (this.bad >= 0) this.problem({ offset: this.bad, problem: `there is no buffer up to ${this.at}` });
    this.bad = -1;
    this.length = buffer.bytes;
    this.buffers.push({ ...buffer, at: this.at });
    this.at += buffer.bytes;
    return true;
  }

  private end(): true {
    const { at, bad, size } = this;
    if (bad >= 0) this.problem({ offset: bad, problem: `there is no buffer up to ${size}, where the file ends` });
    else if (at < size)
      this.problem({ offset: at, problem: 'the file ends within the header of a buffer, or has too many' });
    return true;
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

/** Parts the buffers by the sessions that wrote them; empty if the first is no header of a trace. */
export function sessionsOf(
  fd: number,
  buffers: readonly FoundBuffer[],
  problem: (place: BrokenPlace) => void,
): TraceSession[] {
  const sessions: TraceSession[] = [];
  let header: TraceHeader | null = null;
  let own: FoundBuffer[] = [];
  const end = (): void => {
    if (header !== null) sessions.push(placed(header, own, problem));
  };
  for (const [at, buffer] of buffers.entries()) {
    const begins = at === 0 || buffer.isHeader ? readHeader(fd, buffer) : null;
    if (begins !== null) {
      end();
      header = begins;
      own = [];
    } else if (header === null) {
      return [];
    }
    own.push(buffer);
  }
  end();
  return sessions;
}

/** Puts the buffers of a session in order, and finds where some are missing and where events were lost. */
function placed(
  header: TraceHeader,
  buffers: readonly FoundBuffer[],
  problem: (place: BrokenPlace) => void,
): TraceSession {
  const ordered = buffers.map((buffer): PlacedBuffer => ({ ...buffer, lost: 0, missing: 0 }));
  ordered.sort((a, b) => (a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : a.at - b.at));
  let missing = 0;
  for (const [at, buffer] of ordered.entries()) {
    // The header stays in its place when what lies behind it is overwritten, as is meant to be, or begun in a new file.
    const before = ordered[at - 1];
    if (before === undefined || (at === 1 && (header.logFileMode & BEGINS_LATER) !== 0)) continue;
    const between = buffer.sequence - before.sequence - 1n;
    if (between <= 0n || between > MOST_MISSING) continue;
    buffer.missing = Number(between);
    missing += buffer.missing;
    const which =
      between === 1n ? `buffer ${before.sequence + 1n}` : `buffers ${before.sequence + 1n} to ${buffer.sequence - 1n}`;
    problem({
      offset: buffer.at,
      problem: `${which} of the session ${between === 1n ? 'is' : 'are'} missing before this one`,
    });
  }
  const unplaced = shareLosses(
    header.eventsLost,
    ordered.filter(({ lostEvents }) => lostEvents),
  );
  const lanes = new Map<number, PlacedBuffer[]>();
  for (const buffer of ordered) {
    const lane = lanes.get(buffer.cpu);
    if (lane === undefined) lanes.set(buffer.cpu, [buffer]);
    else lane.push(buffer);
  }
  return {
    header,
    lanes: [...lanes.values()],
    unplacedEvents: unplaced,
    unplacedBuffers: Math.max(0, header.buffersLost - missing),
  };
}

/**
 * Shares the events that a session counts as lost among the buffers that say that some were lost there: each has its
 * part, the first one what is over, for how many it was at each place is not recorded. Returns what has no place.
 */
function shareLosses(events: number, places: readonly PlacedBuffer[]): number {
  const [first] = places;
  if (first === undefined) return events;
  // A buffer that says so lost one at least, also where the session was cut before it counted.
  const share = Math.max(1, Math.floor(events / places.length));
  for (const place of places) place.lost = share;
  first.lost += Math.max(0, events - share * places.length);
  return 0;
}
