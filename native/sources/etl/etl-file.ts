/**
 * A trace file in place: of each CPU a part of one buffer is in memory, so that the events of all CPUs come out in the order
 * of their time whatever the size of the file. What is no buffer, or no event, is named with its place, and what lies
 * behind it is read all the same.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../../core/result.ts';
import { openFailure } from '../file/byte-feed.ts';
import type { BrokenPlace } from '../source.ts';
import { BUFFER_HEADER_BYTES, parseBuffer } from './buffer.ts';
import { BufferIndex, type PlacedBuffer } from './buffer-index.ts';
import { HeaderReader, readHeader } from './buffer-scan.ts';
import { createLane, type Lane } from './lane.ts';
import { TraceClock } from './trace-clock.ts';
import { createTraceEvent, parseTraceEvent, type TraceEvent } from './trace-event.ts';
import type { TraceHeader } from './trace-header.ts';
import { unpackBuffer } from './unpack-buffer.ts';

/** Bytes of a buffer that are in memory at once: twice the longest event. */
const WINDOW_BYTES = 131_072;
/** Marks the place in a buffer behind which it has no more events. */
const NO_MORE_EVENTS = 0xffffffff;
/** What `next` returns if it has to be called again. */
export const LATER = 'later';
/** Memory for the decompressed buffers of all CPUs, bytes. */
const MOST_UNPACKED_BYTES = 256 * 1024 * 1024;
/** Headers of buffers that are read in one step. */
const HEADERS_A_STEP = 64;
/** A clock that goes back by less was read on another CPU, or written a little late; nanoseconds. */
const CLOCK_SLACK_NS = 100_000_000;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

export interface TracedEvent {
  readonly view: DataView;
  readonly event: TraceEvent;
  readonly cpu: number;
  /** Since the first logging session began. */
  readonly timeNs: number;
  /** Of the logging session that wrote it. */
  readonly header: TraceHeader;
  /** Records lost before it; 0 for none. */
  readonly lostBefore: number;
  /** It was found after events that were written later. */
  readonly late: boolean;
}

/** Whether a file begins as a trace does. */
export function isTraceFile(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const buffer = parseBuffer(view);
  if (buffer === null || head.length < BUFFER_HEADER_BYTES + 8) return false;
  const event = createTraceEvent();
  return parseTraceEvent(view, BUFFER_HEADER_BYTES, buffer.end, event) && event.kind === 'system' && event.group === 0;
}

export class EtlFile {
  /** That of the first logging session. */
  readonly header: TraceHeader;
  /** Told of each place that is damaged. */
  onProblem: (place: BrokenPlace) => void = () => {};
  private readonly fd: number;
  private readonly index: BufferIndex;
  private clock: TraceClock;
  private readonly fileBytes: number;
  private readBytes = 0;
  private lanes: Lane[] = [];
  /** Bytes of decompressed buffers in memory: unlike others, these are kept as a whole. */
  private unpackedBytes = 0;
  private readonly current: Mutable<TracedEvent>;
  /** Time of the newest event that went out. */
  private newestNs = Number.NEGATIVE_INFINITY;

  private constructor(fd: number, headers: HeaderReader, fileBytes: number, header: TraceHeader) {
    this.fd = fd;
    this.fileBytes = fileBytes;
    this.header = header;
    this.clock = new TraceClock(header, header);
    const view = new DataView(new ArrayBuffer(0));
    this.current = { view, event: createTraceEvent(), cpu: 0, timeNs: 0, header, lostBefore: 0, late: false };
    this.index = new BufferIndex(fd, headers, fileBytes, header, (place) => this.onProblem(place));
  }

  /** Reads no more than the header. Failures: source-not-found, permission-denied, bad-magic (no trace), io-error. */
  static open(path: string): Result<EtlFile> {
    let fd: number | null = null;
    try {
      fd = openSync(path, 'r');
      const size = fstatSync(fd).size;
      const headers = new HeaderReader(fd);
      const buffer = headers.read(0);
      const header = buffer === null ? null : readHeader(fd, buffer);
      if (header === null) {
        return fail('bad-magic', `${path} is no trace: it does not begin as one`, 'Check the file');
      }
      const file = new EtlFile(fd, headers, size, header);
      fd = null;
      return ok(file);
    } catch (error) {
      return openFailure(path, error);
    } finally {
      if (fd !== null) closeSync(fd);
    }
  }

  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.readBytes, total: this.fileBytes };
  }

  /** Losses that the logging sessions count and that have no place among the events. */
  get unplaced(): { readonly events: number; readonly buffers: number } {
    return this.index.unplaced;
  }

  /**
   * The next event in the order of time, valid until the next call; null at the end; `LATER` if a bounded piece of work was
   * done to find it and more is to do. Throws the system's error.
   */
  next(): TracedEvent | typeof LATER | null {
    const { index } = this;
    if (!index.ready) {
      index.advance(HEADERS_A_STEP);
      return LATER;
    }
    const { header } = index;
    if (this.clock.header !== header) this.clock = new TraceClock(header, this.header);
    const { clock } = this;
    this.noteCpus();
    let first: Lane | null = null;
    let later = false;
    for (const lane of this.lanes) {
      if (!lane.ready) later = this.advance(lane, clock) || later;
      if (lane.ready && (first === null || lane.timeNs < first.timeNs)) first = lane;
    }
    if (later) return LATER;
    if (first === null) {
      this.lanes = [];
      this.unpackedBytes = 0;
      return index.nextLoggingSession() ? LATER : null;
    }
    return this.handOut(first, header);
  }

  /** One object for all events: one for each is a quarter of the time in collecting them. */
  private handOut(lane: Lane, header: TraceHeader): TracedEvent {
    const { timeNs, open } = lane;
    const { current, newestNs } = this;
    lane.ready = false;
    current.view = lane.view;
    current.event = lane.event;
    current.cpu = lane.cpu;
    current.timeNs = timeNs;
    current.header = header;
    current.lostBefore = lane.lost;
    lane.lost = 0;
    current.late = timeNs < newestNs && open !== null && open.late;
    if (timeNs > newestNs) this.newestNs = timeNs;
    return current;
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Adds lanes for CPUs that were found since: any buffer may be the first of its CPU. */
  private noteCpus(): void {
    // Quick, because this is called for every event.
    if (this.index.cpuCount === this.lanes.length) return;
    for (const cpu of this.index.cpus) {
      if (this.lanes.some((lane) => lane.cpu === cpu)) continue;
      this.lanes.push(createLane(cpu, this.clock.startNs));
    }
  }

  /** Finds the next event of a CPU in the buffer that is open, or opens the next one. True if it is to be called again. */
  private advance(lane: Lane, clock: TraceClock): boolean {
    if (lane.open === null) {
      const next = this.index.take(lane.cpu);
      if (next === undefined) return false;
      this.open(lane, next);
    }
    const buffer = lane.open as PlacedBuffer | null;
    if (buffer === null) return true;
    if (lane.at + 8 > buffer.end) {
      lane.open = null;
      return true;
    }
    if (this.parse(lane)) {
      const { event } = lane;
      lane.at = (lane.at + event.bytes + 7) & ~7;
      if (event.timeAt >= 0) this.noteTime(lane, clock, buffer);
      lane.ready = true;
      return false;
    }
    if (this.isPadding(lane)) {
      lane.open = null;
      return true;
    }
    this.onProblem({
      offset: buffer.at + lane.at,
      problem: `here is no event: the last ${buffer.end - lane.at} bytes of the buffer at ${buffer.at} are left out`,
    });
    lane.open = null;
    return true;
  }

  /** Reads the event at the lane's place, moving the window if it has only a part of it. False if there is none. */
  private parse(lane: Lane): boolean {
    const buffer = lane.open as PlacedBuffer;
    if (parseTraceEvent(lane.view, lane.at - lane.from, Math.min(buffer.end, lane.to) - lane.from, lane.event))
      return true;
    if (lane.to >= buffer.end || lane.from === lane.at) return false;
    this.fill(lane, lane.at);
    return parseTraceEvent(lane.view, 0, Math.min(buffer.end, lane.to) - lane.from, lane.event);
  }

  private isPadding(lane: Lane): boolean {
    const end = (lane.open as PlacedBuffer).end;
    if (lane.at + 8 > lane.to && lane.to < end) this.fill(lane, lane.at);
    return lane.at + 8 <= lane.to && lane.view.getUint32(lane.at - lane.from, true) === NO_MORE_EVENTS;
  }

  private noteTime(lane: Lane, clock: TraceClock, buffer: PlacedBuffer): void {
    const timeNs = clock.nsAt(lane.view, lane.event.timeAt);
    if (lane.timed && timeNs < lane.timeNs - CLOCK_SLACK_NS) {
      const seconds = ((lane.timeNs - timeNs) / 1e9).toFixed(3);
      this.onProblem({
        offset: buffer.at + lane.from + lane.event.start,
        problem: `the clock of CPU ${buffer.cpu} went back by ${seconds} s`,
      });
    }
    lane.timeNs = timeNs;
    lane.timed = true;
  }

  private open(lane: Lane, buffer: PlacedBuffer): void {
    this.readBytes = Math.min(this.fileBytes, this.readBytes + buffer.bytes);
    lane.lost += buffer.lost + buffer.missing;
    // A late buffer has old times by nature: they do not show that the clock went back.
    if (buffer.late) lane.timed = false;
    lane.open = buffer;
    lane.at = BUFFER_HEADER_BYTES;
    if (buffer.compressed) this.unpack(lane, buffer);
    else this.fill(lane, 0);
  }

  /** Decompresses all of a buffer; one that is damaged, or larger than can be held for each CPU, is named and left out. */
  private unpack(lane: Lane, buffer: PlacedBuffer): void {
    const held = this.unpackedBytes - lane.unpackedBytes + buffer.end;
    const read = held > MOST_UNPACKED_BYTES ? null : unpackBuffer(this.fd, buffer);
    if (read === null) {
      const why = held > MOST_UNPACKED_BYTES ? 'would take more memory than there is for all CPUs' : 'is damaged';
      this.onProblem({ offset: buffer.at, problem: `the buffer is compressed, and its data ${why}: it is left out` });
      lane.open = null;
      return;
    }
    this.unpackedBytes = held;
    lane.unpackedBytes = buffer.end;
    lane.window = read;
    lane.view = new DataView(read.buffer);
    lane.from = 0;
    lane.to = read.length;
    if (read.length < buffer.end) lane.open = { ...buffer, end: read.length };
  }

  /** Reads the part of the open buffer that begins at `from`. */
  private fill(lane: Lane, from: number): void {
    const buffer = lane.open as PlacedBuffer;
    const bytes = Math.min(WINDOW_BYTES, buffer.end - from);
    if (lane.window.length < bytes) {
      lane.window = new Uint8Array(bytes);
      lane.view = new DataView(lane.window.buffer);
    }
    const read = readSync(this.fd, lane.window, 0, bytes, buffer.at + from);
    lane.from = from;
    lane.to = from + read;
    if (read === bytes) return;
    this.onProblem({ offset: buffer.at, problem: 'the file ends within this buffer' });
    lane.open = { ...buffer, end: lane.to };
  }
}
