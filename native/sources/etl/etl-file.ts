/**
 * A trace file in place: of each CPU a part of one buffer is in memory, so that the events of all CPUs come out in the order
 * of their time whatever the size of the file. What is no buffer, or no event, is named with its place, and what lies
 * behind it is read all the same.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../../core/result.ts';
import { wholeMillisecond } from '../evtx/values.ts';
import { openFailure } from '../file/byte-feed.ts';
import type { BrokenPlace } from '../source.ts';
import { BUFFER_HEADER_BYTES, parseBuffer } from './buffer.ts';
import { BufferIndex, type PlacedBuffer } from './buffer-index.ts';
import { HeaderReader, readHeader } from './buffer-scan.ts';
import { createLane, giveWindow, type Lane, type TracedEvent } from './lane.ts';
import { LaneOrder, NO_TIME } from './lane-order.ts';
import { TraceClock } from './trace-clock.ts';
import { createTraceEvent, parseAlignedEvent, parseTraceEvent } from './trace-event.ts';
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
  private clock: TraceClock<TraceHeader>;
  /** Time 0: the whole millisecond in which the first logging session began, so that wall clocks are exact in milliseconds. */
  private readonly zero: TraceHeader;
  private readonly fileBytes: number;
  private readBytes = 0;
  private lanes: Lane[] = [];
  private readonly order = new LaneOrder();
  /** Lanes whose next event is not known yet. */
  private unready: number[] = [];
  /** Lanes without a buffer: one may be found yet. */
  private idle: number[] = [];
  /** The lane whose event was handed out; -1 for none. */
  private handed = -1;
  /** All CPUs are known that may have the next event. */
  private settled = false;
  /** Bytes of decompressed buffers in memory: unlike others, these are kept as a whole. */
  private unpackedBytes = 0;
  /** Time of the newest event that went out. */
  private newestNs = Number.NEGATIVE_INFINITY;

  private constructor(fd: number, headers: HeaderReader, fileBytes: number, header: TraceHeader) {
    this.fd = fd;
    this.fileBytes = fileBytes;
    this.header = header;
    this.zero = { ...header, startTime: wholeMillisecond(header.startTime) };
    this.clock = new TraceClock(header, this.zero);
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
    const { handed, order } = this;
    if (handed >= 0) {
      const lane = this.lanes[handed] as Lane;
      this.handed = -1;
      lane.lostBefore = 0;
      lane.missingBefore = 0;
      if (this.parse(lane)) order.set(handed, lane.timeNs);
      else {
        order.set(handed, NO_TIME);
        this.unready.push(handed);
      }
    }
    if (this.unready.length > 0 || !this.settled) {
      if (this.prepare()) return LATER;
    }
    const first = order.first();
    if (first < 0) return this.endLoggingSession();
    const lane = this.lanes[first] as Lane;
    const { timeNs } = lane;
    this.handed = first;
    lane.late = timeNs < this.newestNs && (lane.open as PlacedBuffer).late;
    if (timeNs > this.newestNs) this.newestNs = timeNs;
    return lane;
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Does a piece of the work that is needed before the next event is known. True if more is to do. */
  private prepare(): boolean {
    const { index } = this;
    if (!index.ready) {
      index.advance(HEADERS_A_STEP);
      return true;
    }
    if (!this.settled) {
      this.settled = true;
      if (this.clock.header !== index.header) this.clock = new TraceClock(index.header, this.zero);
      this.noteCpus();
      this.unready.push(...this.idle);
      this.idle = [];
    }
    const { unready } = this;
    this.unready = [];
    let later = false;
    for (const number of unready) {
      const lane = this.lanes[number] as Lane;
      const found = this.advance(lane);
      if (found === 'event') this.order.set(number, lane.timeNs);
      else (found === 'later' ? this.unready : this.idle).push(number);
      later ||= found === 'later';
    }
    return later;
  }

  private endLoggingSession(): typeof LATER | null {
    this.lanes = [];
    this.idle = [];
    this.order.clear();
    this.unpackedBytes = 0;
    this.settled = false;
    return this.index.nextLoggingSession() ? LATER : null;
  }

  /** Adds lanes for CPUs that were found since: any buffer may be the first of its CPU. */
  private noteCpus(): void {
    if (this.index.cpuCount === this.lanes.length) return;
    for (const cpu of this.index.cpus) {
      if (this.lanes.some((lane) => lane.cpu === cpu)) continue;
      this.unready.push(this.lanes.length);
      this.lanes.push(createLane(cpu, this.clock.startNs, this.clock.header));
    }
    this.order.resize(this.lanes.length);
  }

  /** Takes a step towards the next event of a CPU whose window has no more. `none`: all of its buffers were read. */
  private advance(lane: Lane): 'event' | 'later' | 'none' {
    if (lane.open === null) {
      const next = this.index.take(lane.cpu);
      if (next === undefined) return 'none';
      this.settled = false;
      this.open(lane, next);
    }
    const buffer = lane.open as PlacedBuffer | null;
    if (buffer === null) return 'later';
    if (lane.from + lane.at + 8 > buffer.end) {
      this.leave(lane);
      return 'later';
    }
    if (this.parse(lane)) return 'event';
    // The window may have only a part of the event.
    if (lane.from + lane.end < buffer.end && lane.at > 0) {
      this.fill(lane, lane.from + lane.at);
      if (this.parse(lane)) return 'event';
    }
    const { open, from, at, end } = lane;
    if (at + 8 > end || lane.view.getUint32(at, true) !== NO_MORE_EVENTS) {
      const left = (open as PlacedBuffer).end - from - at;
      const problem = `here is no event: the last ${left} bytes of the buffer at ${buffer.at} are left out`;
      this.onProblem({ offset: buffer.at + from + at, problem });
    }
    this.leave(lane);
    return 'later';
  }

  private leave(lane: Lane): void {
    lane.open = null;
    lane.at = 0;
    lane.end = 0;
  }

  /** Reads the event at the lane's place in its window. False if there is none, or not all of it. */
  private parse(lane: Lane): boolean {
    const { event, at, words } = lane;
    if (!parseAlignedEvent(words, at, lane.end, event) && !parseTraceEvent(lane.view, at, lane.end, event))
      return false;
    lane.at = (at + event.bytes + 7) & ~7;
    const { timeAt } = event;
    if (timeAt >= 0) {
      const low = (words[timeAt >>> 2] as number) >>> 0;
      const timeNs = this.clock.nsOf(words[(timeAt >>> 2) + 1] as number, low);
      if (lane.timed && timeNs < lane.timeNs - CLOCK_SLACK_NS) this.noteJump(lane, timeNs);
      lane.timeNs = timeNs;
      lane.timed = true;
    }
    return true;
  }

  private noteJump({ open, cpu, from, event, timeNs }: Lane, now: number): void {
    const seconds = ((timeNs - now) / 1e9).toFixed(3);
    const offset = (open as PlacedBuffer).at + from + event.start;
    this.onProblem({ offset, problem: `the clock of CPU ${cpu} went back by ${seconds} s` });
  }

  private open(lane: Lane, buffer: PlacedBuffer): void {
    this.readBytes = Math.min(this.fileBytes, this.readBytes + buffer.bytes);
    lane.lostBefore += buffer.lost;
    lane.missingBefore += buffer.missing;
    // A late buffer has old times by nature: they do not show that the clock went back.
    if (buffer.late) lane.timed = false;
    lane.open = buffer;
    if (buffer.compressed) this.unpack(lane, buffer);
    else this.fill(lane, 0);
    lane.at = BUFFER_HEADER_BYTES;
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
    giveWindow(lane, read);
    lane.from = 0;
    lane.end = read.length;
    if (read.length < buffer.end) lane.open = { ...buffer, end: read.length };
  }

  /** Reads the part of the open buffer that begins at `from`. */
  private fill(lane: Lane, from: number): void {
    const buffer = lane.open as PlacedBuffer;
    const bytes = Math.min(WINDOW_BYTES, buffer.end - from);
    if (lane.window.length < bytes) giveWindow(lane, new Uint8Array(bytes));
    const read = readSync(this.fd, lane.window, 0, bytes, buffer.at + from);
    lane.from = from;
    lane.at = 0;
    lane.end = read;
    if (read === bytes) return;
    this.onProblem({ offset: buffer.at, problem: 'the file ends within this buffer' });
    lane.open = { ...buffer, end: from + read };
  }
}
