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
import { BufferScan, type PlacedBuffer, readHeader, sessionsOf, type TraceSession } from './buffer-index.ts';
import { createTraceEvent, parseTraceEvent, type TraceEvent } from './trace-event.ts';
import type { TraceHeader } from './trace-header.ts';

/** Bytes of a buffer in memory at once; twice the longest event. */
const WINDOW_BYTES = 131_072;
/** What stands where a buffer has no more events before its end. */
const NO_MORE_EVENTS = 0xffffffff;
/** What `next` says if it needs to be asked again. */
export const LATER = 'later';
/** Headers of buffers that are looked at in one step. */
const HEADERS_A_STEP = 64;
/** A clock that goes back by less was read on another CPU, or written a little late; nanoseconds. */
const CLOCK_SLACK_NS = 100_000_000;

/** A CPU's buffers, one of them open. */
interface Lane {
  readonly buffers: readonly PlacedBuffer[];
  next: number;
  open: PlacedBuffer | null;
  /** The part of the open buffer that is in memory, and where in the buffer it begins. */
  window: Uint8Array;
  view: DataView;
  from: number;
  /** Where the window ends in the buffer. */
  to: number;
  /** Where the next event is looked for in the open buffer. */
  at: number;
  /** The next event, if `ready`. */
  readonly event: TraceEvent;
  ready: boolean;
  /** When it was written, nanoseconds since the first session began; that of the one before where it does not say. */
  timeNs: number;
  /** An event has said when it was written. */
  timed: boolean;
  /** Records lost before it. */
  lost: number;
}

export interface TracedEvent {
  readonly view: DataView;
  readonly event: TraceEvent;
  readonly cpu: number;
  /** Since the first session began. */
  readonly timeNs: number;
  /** Of the session that wrote it. */
  readonly header: TraceHeader;
  /** Records lost before it; 0 for none. */
  readonly lostBefore: number;
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
  /** That of the first session. */
  readonly header: TraceHeader;
  /** Told of each place that is damaged. */
  onProblem: (place: BrokenPlace) => void = () => {};
  private readonly fd: number;
  /** Finds the buffers; null once all are found. */
  private scan: BufferScan | null;
  private sessions: readonly TraceSession[] = [];
  private readonly fileBytes: number;
  private readBytes = 0;
  private current = 0;
  private lanes: Lane[] = [];

  private constructor(fd: number, fileBytes: number, header: TraceHeader) {
    this.fd = fd;
    this.fileBytes = fileBytes;
    this.header = header;
    this.scan = new BufferScan(fd, fileBytes, (place) => this.onProblem(place));
  }

  /** Reads no more than the header. Failures: source-not-found, permission-denied, bad-magic (no trace), io-error. */
  static open(path: string): Result<EtlFile> {
    let fd: number | null = null;
    try {
      fd = openSync(path, 'r');
      const size = fstatSync(fd).size;
      const first = new BufferScan(fd, Math.min(size, BUFFER_HEADER_BYTES), () => {});
      first.advance(1);
      const [buffer] = first.buffers;
      const header = buffer === undefined ? null : readHeader(fd, buffer);
      if (header === null) {
        return fail('bad-magic', `${path} is no trace: it does not begin as one`, 'Check the file');
      }
      const file = new EtlFile(fd, size, header);
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

  /** Losses that the sessions count and that have no place among the events. */
  get unplaced(): { readonly events: number; readonly buffers: number } {
    return {
      events: this.sessions.reduce((sum, { unplacedEvents }) => sum + unplacedEvents, 0),
      buffers: this.sessions.reduce((sum, { unplacedBuffers }) => sum + unplacedBuffers, 0),
    };
  }

  /**
   * The next event in the order of time, valid until the next call; null at the end; `LATER` if a bounded piece of work was
   * done to find it and more is to do. Throws the system's error.
   */
  next(): TracedEvent | typeof LATER | null {
    if (this.scan !== null) return this.findBuffers(this.scan);
    for (;;) {
      const session = this.sessions[this.current];
      if (session === undefined) return null;
      let first: Lane | null = null;
      let later = false;
      for (const lane of this.lanes) {
        if (!lane.ready) this.advance(lane, session.header);
        if (!lane.ready) later ||= lane.open !== null || lane.next < lane.buffers.length;
        else if (first === null || lane.timeNs < first.timeNs) first = lane;
      }
      if (later) return LATER;
      if (first === null) {
        this.current++;
        this.lanes = this.lanesOf(this.sessions[this.current]);
        continue;
      }
      first.ready = false;
      const { view, event, timeNs, lost, open } = first;
      first.lost = 0;
      return { view, event, cpu: open?.cpu ?? 0, timeNs, header: session.header, lostBefore: lost };
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  private findBuffers(scan: BufferScan): typeof LATER {
    if (!scan.advance(HEADERS_A_STEP)) return LATER;
    this.scan = null;
    this.sessions = sessionsOf(this.fd, scan.buffers, (place) => this.onProblem(place));
    this.lanes = this.lanesOf(this.sessions[0]);
    return LATER;
  }

  /** Finds the next event of a CPU in the buffer that is open, or opens the next one. */
  private advance(lane: Lane, header: TraceHeader): void {
    if (lane.open === null && !this.openNext(lane)) return;
    const buffer = lane.open as PlacedBuffer;
    if (lane.at + 8 > buffer.end || this.isPadding(lane)) {
      lane.open = null;
      return;
    }
    if (this.parse(lane)) {
      const { event } = lane;
      lane.at = (lane.at + event.bytes + 7) & ~7;
      if (event.timestamp !== null) this.noteTime(lane, event.timestamp, header, buffer);
      lane.ready = true;
      return;
    }
    this.onProblem({
      offset: buffer.at + lane.at,
      problem: `here is no event: the last ${buffer.end - lane.at} bytes of the buffer at ${buffer.at} are left out`,
    });
    lane.open = null;
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

  private noteTime(lane: Lane, ticks: bigint, header: TraceHeader, buffer: PlacedBuffer): void {
    const timeNs = this.timeOf(ticks, header);
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

  /** Nanoseconds since the first session began, of the clock of a session. */
  private timeOf(ticks: bigint, header: TraceHeader): number {
    const inSession = Number(((ticks - header.startTicks) * 1_000_000_000n) / header.frequency);
    return inSession + Number(header.startTime - this.header.startTime) * 100;
  }

  private openNext(lane: Lane): boolean {
    const buffer = lane.buffers[lane.next];
    if (buffer === undefined) return false;
    lane.next++;
    this.readBytes = Math.min(this.fileBytes, this.readBytes + buffer.bytes);
    lane.lost += buffer.lost + buffer.missing;
    if (buffer.compressed) {
      this.onProblem({ offset: buffer.at, problem: 'the buffer is compressed, which this program does not read' });
      return false;
    }
    lane.open = buffer;
    lane.at = BUFFER_HEADER_BYTES;
    this.fill(lane, 0);
    return true;
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

  private lanesOf(session: TraceSession | undefined): Lane[] {
    if (session === undefined) return [];
    const { lanes, header } = session;
    return lanes.map((buffers) => ({
      buffers,
      next: 0,
      open: null,
      window: new Uint8Array(0),
      view: new DataView(new ArrayBuffer(0)),
      from: 0,
      to: 0,
      at: 0,
      event: createTraceEvent(),
      ready: false,
      timeNs: this.timeOf(header.startTicks, header),
      timed: false,
      lost: 0,
    }));
  }
}
