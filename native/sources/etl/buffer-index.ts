/**
 * Which buffers of a trace come next, of each CPU, and what is missing before them. A trace file is in the order in which
 * buffers were written, which is nearly that of their numbers: only so many buffers ahead of the events that are read are
 * known, so that the first rows of a large file need no look at all of it, and what is held does not grow with the file.
 *
 * Two things lie further away. A CPU that says little has its buffer written when the logging session ends, so the last
 * buffers of the file are looked at, too. A circular file begins in the middle, so all of it is looked at first. A
 * buffer that comes later all the same is read then: its events are late.
 *
 * A logging session that is appended to a file (EVENT_TRACE_FILE_MODE_APPEND) need not write a header of its own: its
 * buffers are known by their numbers, which begin anew.
 */
import type { BrokenPlace } from '../source.ts';
import { BufferScan, type FoundBuffer, type HeaderReader, readHeader } from './buffer-scan.ts';
import { TraceClock, type TraceHeader } from './trace-header.ts';

/** A buffer in its logging session, with what was lost just before it. */
export interface PlacedBuffer extends FoundBuffer {
  /** Events known to be lost before its first one, by the counts of the logging session; 0 for none. */
  lost: number;
  /** Buffers of the logging session, of whatever CPU, that are not in the file between the one before and this one. */
  missing: number;
  /** Found after later ones were read. */
  readonly late: boolean;
}

/** Buffers found ahead of the one that is read, 128 MB at the usual 64 KiB. A logging session has fewer in memory. */
const AHEAD = 2048;
/** Buffers that are looked for at the end of the file: for each CPU, and in all. */
const TAIL_A_CPU = 4;
const MOST_TAIL = 1024;
/** Buffers held at once: those of a circular file of 64 GB. */
const MOST_BUFFERS = 1_048_576;
const CIRCULAR = 0x2;
/** Modes in which the file need not have the first buffers: circular, a new file at each size, kept in memory. */
const BEGINS_LATER = CIRCULAR | 0x8 | 0x400;
/** So many buffers at the begin of a logging session are remembered by their numbers. */
const FIRST_BUFFERS = 64;
/** If more buffers than this seem to be missing in one place, the number of a buffer is damaged. */
const MOST_MISSING = 1_000_000n;
/** Taken entries that a queue may have at its begin before it removes them. */
const MOST_TAKEN = 1024;

/** Buffers in the order of their numbers; most are added at the end and all are taken from the begin. */
class BufferQueue {
  private readonly buffers: PlacedBuffer[] = [];
  private head = 0;

  get first(): PlacedBuffer | undefined {
    return this.buffers[this.head];
  }

  get length(): number {
    return this.buffers.length - this.head;
  }

  add(buffer: PlacedBuffer): void {
    const { buffers } = this;
    let low = this.head;
    let high = buffers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(buffers[middle] as PlacedBuffer, buffer)) low = middle + 1;
      else high = middle;
    }
    if (low === buffers.length) buffers.push(buffer);
    else buffers.splice(low, 0, buffer);
  }

  take(): PlacedBuffer | undefined {
    const buffer = this.buffers[this.head];
    if (buffer === undefined) return undefined;
    this.head++;
    if (this.head >= MOST_TAKEN && this.head * 2 > this.buffers.length) {
      this.buffers.splice(0, this.head);
      this.head = 0;
    }
    return buffer;
  }

  *[Symbol.iterator](): Generator<PlacedBuffer> {
    for (let at = this.head; at < this.buffers.length; at++) yield this.buffers[at] as PlacedBuffer;
  }
}

function isBefore(a: PlacedBuffer, b: PlacedBuffer): boolean {
  return a.sequence === b.sequence ? a.at < b.at : a.sequence < b.sequence;
}

/** The buffers of one logging session after the other. */
export class BufferIndex {
  /** Of the logging session that is read. */
  header: TraceHeader;
  /** How many `cpus` there are; asked for every event. */
  cpuCount = 0;
  /** Events and buffers that the logging sessions so far count as lost and that have no place. */
  readonly unplaced = { events: 0, buffers: 0 };
  private readonly fd: number;
  private readonly size: number;
  private readonly headers: HeaderReader;
  private readonly problem: (place: BrokenPlace) => void;
  private readonly scan: BufferScan;
  private lanes = new Map<number, BufferQueue>();
  /** Buffers for which it is not yet known what is missing before them. */
  private undecided = new BufferQueue();
  private last: PlacedBuffer | null = null;
  private decided = 0;
  /** Places of buffers that were found at the end of the file before the scan came there. */
  private tail = new Set<number>();
  private tailRead = false;
  /** How many buffers the scan has found that were not taken yet. */
  private ahead = 0;
  private complete = false;
  /** Numbers of the first buffers of the logging session, in the order of the file. */
  private firstNumbers = new Set<bigint>();
  private nextHeader: { readonly header: TraceHeader; readonly buffer: FoundBuffer } | null = null;
  private missing = 0;
  private eventsPlaced = 0;
  private shared = false;

  /** `header`: of the first logging session; `size`: of the file. */
  constructor(
    fd: number,
    headers: HeaderReader,
    size: number,
    header: TraceHeader,
    problem: (place: BrokenPlace) => void,
  ) {
    this.fd = fd;
    this.size = size;
    this.headers = headers;
    this.header = header;
    this.problem = problem;
    this.scan = new BufferScan(headers, size, problem);
  }

  /** CPUs of the logging session that are known so far. */
  get cpus(): Iterable<number> {
    return this.lanes.keys();
  }

  /** True once enough is known of the logging session to take buffers; else `advance` is to be called. */
  get ready(): boolean {
    if (this.complete || this.ahead >= MOST_BUFFERS) return true;
    return this.ahead >= AHEAD && this.tailRead && (this.header.logFileMode & CIRCULAR) === 0;
  }

  /** Looks at `count` places more. Throws the system's error. */
  advance(count: number): void {
    if (!this.tailRead && this.ahead >= AHEAD) {
      this.readTail();
      return;
    }
    for (let looked = 0; looked < count && !this.complete; looked++) {
      const found = this.scan.next();
      if (found === null) this.complete = true;
      else if (found !== 'nothing') this.find(found);
    }
  }

  /** The next buffer of a CPU; undefined if none is known. */
  take(cpu: number): PlacedBuffer | undefined {
    const buffer = this.lanes.get(cpu)?.take();
    if (buffer === undefined) return undefined;
    // A buffer of the tail is not counted in `ahead` before the scan has come to it.
    if (!this.tail.has(buffer.at)) this.ahead--;
    if (!buffer.late) this.decideUpTo(buffer);
    return buffer;
  }

  /** Goes on with the logging session behind the one that is read to its end. False if there is none. */
  nextLoggingSession(): boolean {
    this.finish();
    const next = this.nextHeader;
    if (next === null) return false;
    this.nextHeader = null;
    this.header = next.header;
    this.complete = false;
    this.firstNumbers.add(next.buffer.sequence);
    this.place(next.buffer);
    return true;
  }

  private find(buffer: FoundBuffer): void {
    if (this.tail.delete(buffer.at)) {
      // It is in its queue, or was taken from it already.
      if (this.holds(buffer)) this.ahead++;
      return;
    }
    const isFirst = this.last === null && this.undecided.length === 0;
    const own = buffer.isHeader && !isFirst ? readHeader(this.fd, buffer) : null;
    const header = own ?? (this.beginsAnew(buffer) ? this.inherited(buffer) : null);
    if (header === null) {
      this.place(buffer);
      return;
    }
    this.nextHeader = { header, buffer };
    this.complete = true;
  }

  /** Whether a buffer is of a logging session behind this one that has no header: the file has its number already. */
  private beginsAnew({ sequence }: FoundBuffer): boolean {
    if ((this.header.logFileMode & BEGINS_LATER) !== 0) return false;
    if (this.firstNumbers.has(sequence)) return true;
    if (this.firstNumbers.size < FIRST_BUFFERS) this.firstNumbers.add(sequence);
    return false;
  }

  /** The header before, for a logging session without one; what was lost has been counted by then. */
  private inherited({ at, sequence }: FoundBuffer): TraceHeader {
    const { clock } = this.header;
    const times =
      clock === TraceClock.SystemTime
        ? ''
        : ', so that its times are right only if the machine was not started anew between them';
    this.problem({
      offset: at,
      problem: `buffer ${sequence} is in the file a second time: a logging session was appended without a header of its own, and is read by the one before${times}`,
    });
    return { ...this.header, eventsLost: 0, buffersLost: 0 };
  }

  private holds({ cpu, at }: FoundBuffer): boolean {
    for (const buffer of this.lanes.get(cpu) ?? []) if (buffer.at === at) return true;
    return false;
  }

  private place(found: FoundBuffer, fromTail = false): void {
    const { last } = this;
    const late = last !== null && found.sequence < last.sequence;
    const buffer: PlacedBuffer = { ...found, lost: 0, missing: 0, late };
    if (late) {
      this.problem({
        offset: found.at,
        problem: `buffer ${found.sequence} of the logging session comes so far behind buffer ${last.sequence} that its events are late`,
      });
    } else this.undecided.add(buffer);
    let lane = this.lanes.get(found.cpu);
    if (lane === undefined) {
      lane = new BufferQueue();
      this.lanes.set(found.cpu, lane);
      this.cpuCount++;
    }
    lane.add(buffer);
    if (fromTail) this.tail.add(found.at);
    else this.ahead++;
  }

  /** Looks at the end of the file, if the logging session says that all of it is its own. */
  private readTail(): void {
    this.tailRead = true;
    const { bufferBytes, buffersWritten, cpuCount, logFileMode } = this.header;
    if (bufferBytes < 1024 || buffersWritten * bufferBytes !== this.size || (logFileMode & CIRCULAR) !== 0) return;
    const known = new Set<number>();
    const numbers = new Set<bigint>();
    for (const { at, sequence } of this.undecided) {
      known.add(at);
      numbers.add(sequence);
    }
    const count = Math.min(MOST_TAIL, Math.max(1, cpuCount) * TAIL_A_CPU, buffersWritten - 1);
    const found: FoundBuffer[] = [];
    let highest = 0n;
    for (let place = buffersWritten - count; place < buffersWritten; place++) {
      const buffer = this.headers.read(place * bufferBytes);
      if (buffer === null || buffer.bytes !== bufferBytes || buffer.isHeader || known.has(buffer.at)) continue;
      if (buffer.sequence > highest) highest = buffer.sequence;
      found.push(buffer);
    }
    // The end of a logging session has its highest numbers. If it has not, or has one twice, the end is that of another one.
    if (highest < BigInt(buffersWritten - 2 * MOST_TAIL) || found.some(({ sequence }) => numbers.has(sequence))) return;
    for (const buffer of found) this.place(buffer, true);
  }

  /** Finds what is missing before each buffer up to this one. */
  private decideUpTo(buffer: PlacedBuffer): void {
    if (!this.shared) this.shareLosses();
    for (;;) {
      const { first } = this.undecided;
      if (first === undefined || isBefore(buffer, first)) return;
      this.undecided.take();
      this.decide(first);
    }
  }

  private decide(buffer: PlacedBuffer): void {
    const before = this.last;
    this.last = buffer;
    this.decided++;
    if (buffer.lostEvents && buffer.lost === 0) {
      // The buffer only says that some were lost: at least one.
      buffer.lost = 1;
      this.eventsPlaced++;
    }
    // Behind the header, buffers are missing by design where they are overwritten or where a new file was begun.
    if (before === null || (this.decided === 2 && (this.header.logFileMode & BEGINS_LATER) !== 0)) return;
    const between = buffer.sequence - before.sequence - 1n;
    if (between <= 0n || between > MOST_MISSING) return;
    buffer.missing = Number(between);
    this.missing += buffer.missing;
    const which =
      between === 1n ? `buffer ${before.sequence + 1n}` : `buffers ${before.sequence + 1n} to ${buffer.sequence - 1n}`;
    this.problem({
      offset: buffer.at,
      problem: `${which} of the logging session ${between === 1n ? 'is' : 'are'} missing before this one`,
    });
  }

  /**
   * Shares the events that a logging session counts as lost among the buffers that say that some were lost there: each
   * gets an equal part, and the first one the remainder, because it is not recorded how many were lost in each place.
   * While not all buffers are known, each counts as one lost event, and the rest has no place.
   */
  private shareLosses(): void {
    this.shared = true;
    if (!this.complete) return;
    const places = [...this.undecided].filter(({ lostEvents }) => lostEvents);
    const [first] = places;
    if (first === undefined) return;
    const events = this.header.eventsLost;
    // A buffer that says so lost at least one, even if the logging session was cut off before it counted.
    const share = Math.max(1, Math.floor(events / places.length));
    for (const place of places) place.lost = share;
    first.lost += Math.max(0, events - share * places.length);
    this.eventsPlaced = Math.max(events, share * places.length);
  }

  private finish(): void {
    this.unplaced.events += Math.max(0, this.header.eventsLost - this.eventsPlaced);
    this.unplaced.buffers += Math.max(0, this.header.buffersLost - this.missing);
    this.lanes = new Map();
    this.cpuCount = 0;
    this.undecided = new BufferQueue();
    this.last = null;
    this.decided = 0;
    this.tail = new Set();
    this.tailRead = false;
    this.ahead = 0;
    this.missing = 0;
    this.eventsPlaced = 0;
    this.shared = false;
    this.firstNumbers = new Set();
  }
}
