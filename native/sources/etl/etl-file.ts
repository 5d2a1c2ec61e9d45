/**
 * A trace file in place: its buffers are found by their headers, and read one a CPU at a time, so that the events of all
 * CPUs come out in the order of their time whatever the size of the file. What is no buffer, or no event, is named with
 * its place, and what lies behind it is read all the same.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../../core/result.ts';
import { openFailure } from '../file/byte-feed.ts';
import type { BrokenPlace } from '../source.ts';
import { BUFFER_HEADER_BYTES, type BufferHeader, parseBuffer } from './buffer.ts';
import { createTraceEvent, parseTraceEvent, type TraceEvent } from './trace-event.ts';
import { parseTraceHeader, type TraceHeader } from './trace-header.ts';

interface FoundBuffer extends BufferHeader {
  readonly at: number;
}

/** A CPU's buffers, one of them open. */
interface Lane {
  readonly cpu: number;
  readonly buffers: FoundBuffer[];
  next: number;
  open: FoundBuffer | null;
  view: DataView;
  /** Where the next event is looked for in the open buffer. */
  at: number;
  /** The next event, if `ready`. */
  readonly event: TraceEvent;
  ready: boolean;
  /** When it was written; that of the one before where the event does not say. */
  time: bigint;
}

export interface TracedEvent {
  readonly view: DataView;
  readonly event: TraceEvent;
  readonly cpu: number;
  /** By the clock of the file. */
  readonly time: bigint;
  /** Bytes of this buffer's events were lost before it. */
  readonly lostBefore: boolean;
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
  readonly header: TraceHeader;
  /** Told of each place that is damaged. */
  onProblem: (place: BrokenPlace) => void = () => {};
  private readonly fd: number;
  private readonly lanes: Lane[];
  private readonly fileBytes: number;
  private readBytes = 0;
  private lostFlag = false;

  private constructor(fd: number, fileBytes: number, header: TraceHeader, lanes: Lane[]) {
    this.fd = fd;
    this.fileBytes = fileBytes;
    this.header = header;
    this.lanes = lanes;
  }

  /** Failures: source-not-found, permission-denied, bad-magic (no trace), io-error. `problem` is told what is damaged. */
  static open(path: string, problem: (place: BrokenPlace) => void): Result<EtlFile> {
    let fd: number | null = null;
    try {
      fd = openSync(path, 'r');
      const size = fstatSync(fd).size;
      const buffers = findBuffers(fd, size, problem);
      const header = buffers.length === 0 ? null : readHeader(fd, buffers[0] as FoundBuffer);
      if (header === null) return fail('bad-magic', `${path} is no trace: it does not begin as one`, 'Check the file');
      const file = new EtlFile(fd, size, header, lanesOf(buffers));
      file.onProblem = problem;
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

  /** The next event in the order of time, valid until the next call; null at the end. Throws the system's error. */
  next(): TracedEvent | null {
    let first: Lane | null = null;
    for (const lane of this.lanes) {
      if (!lane.ready) this.advance(lane);
      if (lane.ready && (first === null || lane.time < first.time)) first = lane;
    }
    if (first === null) return null;
    first.ready = false;
    const lostBefore = this.lostFlag;
    this.lostFlag = false;
    return { view: first.view, event: first.event, cpu: first.cpu, time: first.time, lostBefore };
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Finds the next event of a CPU. */
  private advance(lane: Lane): void {
    for (;;) {
      if (lane.open === null && !this.openNext(lane)) return;
      const buffer = lane.open as FoundBuffer;
      if (lane.at + 8 > buffer.end) {
        lane.open = null;
        continue;
      }
      const { event } = lane;
      if (parseTraceEvent(lane.view, lane.at, buffer.end, event)) {
        lane.at = (lane.at + event.bytes + 7) & ~7;
        lane.time = event.timestamp ?? lane.time;
        lane.ready = true;
        return;
      }
      this.onProblem({
        offset: buffer.at + lane.at,
        problem: `here is no event: the last ${buffer.end - lane.at} bytes of the buffer at ${buffer.at} are left out`,
      });
      lane.open = null;
    }
  }

  private openNext(lane: Lane): boolean {
    const buffer = lane.buffers[lane.next++];
    if (buffer === undefined) return false;
    if (buffer.compressed) {
      this.onProblem({ offset: buffer.at, problem: 'the buffer is compressed, which this program does not read' });
      return this.openNext(lane);
    }
    const bytes = new Uint8Array(buffer.end);
    const read = readSync(this.fd, bytes, 0, buffer.end, buffer.at);
    this.readBytes += buffer.bytes;
    lane.open = read < buffer.end ? { ...buffer, end: read } : buffer;
    if (read < buffer.end) this.onProblem({ offset: buffer.at, problem: 'the file ends within this buffer' });
    lane.view = new DataView(bytes.buffer);
    lane.at = BUFFER_HEADER_BYTES;
    lane.time = buffer.timestamp;
    if (buffer.lostEvents) this.lostFlag = true;
    return true;
  }
}

/** Every buffer of a file, by its header alone. */
function findBuffers(fd: number, size: number, problem: (place: BrokenPlace) => void): FoundBuffer[] {
  const head = new Uint8Array(BUFFER_HEADER_BYTES);
  const view = new DataView(head.buffer);
  const buffers: FoundBuffer[] = [];
  let length = 0;
  let bad = -1;
  for (let at = 0; at + BUFFER_HEADER_BYTES <= size; ) {
    readSync(fd, head, 0, head.length, at);
    const buffer = parseBuffer(view);
    if (buffer !== null) {
      if (bad >= 0) problem({ offset: bad, problem: `there is no buffer up to ${at}` });
      bad = -1;
      length = buffer.bytes;
      buffers.push({ ...buffer, at });
      at += buffer.bytes;
      continue;
    }
    if (bad < 0) bad = at;
    // Buffers of a file are all of one length: the next one lies that much further.
    if (length === 0) break;
    at += length;
  }
  if (bad >= 0) problem({ offset: bad, problem: `there is no buffer up to ${size}, where the file ends` });
  return buffers;
}

function readHeader(fd: number, buffer: FoundBuffer): TraceHeader | null {
  const bytes = new Uint8Array(buffer.end);
  const read = readSync(fd, bytes, 0, buffer.end, buffer.at);
  const view = new DataView(bytes.buffer);
  const event = createTraceEvent();
  if (!parseTraceEvent(view, BUFFER_HEADER_BYTES, Math.min(read, buffer.end), event)) return null;
  return event.group === 0 ? parseTraceHeader(view, event) : null;
}

/** Buffers by CPU, each CPU's in the order in which they were written: circular files begin in the middle. */
function lanesOf(buffers: readonly FoundBuffer[]): Lane[] {
  const lanes = new Map<number, Lane>();
  for (const buffer of buffers) {
    let lane = lanes.get(buffer.cpu);
    if (lane === undefined) {
      lane = {
        cpu: buffer.cpu,
        buffers: [],
        next: 0,
        open: null,
        view: new DataView(new ArrayBuffer(0)),
        at: 0,
        event: createTraceEvent(),
        ready: false,
        time: 0n,
      };
      lanes.set(buffer.cpu, lane);
    }
    lane.buffers.push(buffer);
  }
  for (const { buffers: own } of lanes.values()) {
    own.sort((a, b) => (a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : a.at - b.at));
  }
  return [...lanes.values()];
}
