/**
 * The state of reading one CPU of a trace: its open buffer, the part of it in memory, and the next event. A lane is also
 * what is handed out for an event, so that nothing is copied and no object is made for each.
 */
import type { PlacedBuffer } from './buffer-index.ts';
import { createTraceEvent, type TraceEvent } from './trace-event.ts';
import type { TraceHeader } from './trace-header.ts';

/** An event in the order of time, with what is known of it besides its own bytes. */
export interface TracedEvent {
  readonly view: DataView;
  readonly event: TraceEvent;
  readonly cpu: number;
  /** Since the first logging session began. */
  readonly timeNs: number;
  /** Of the logging session that wrote it. */
  readonly header: TraceHeader;
  /** Events that the kernel had no room for before it, and buffers before it that are not in the file; 0 for none. */
  readonly lostBefore: number;
  readonly missingBefore: number;
  /** It was found after events that were written later. */
  readonly late: boolean;
}

export interface Lane extends TracedEvent {
  readonly cpu: number;
  open: PlacedBuffer | null;
  /** The part of the open buffer that is in memory, and where in the buffer it begins. */
  window: Uint8Array<ArrayBuffer>;
  view: DataView;
  /** The same as words: events lie at multiples of eight bytes. */
  words: Int32Array;
  from: number;
  /** Where the next event is looked for in the window, and where the events in it end. */
  at: number;
  end: number;
  readonly event: TraceEvent;
  /**
   * When the event was written, nanoseconds since the first logging session began. An event without a time has that of
   * the event before it.
   */
  timeNs: number;
  /** True once an event has stated its time. */
  timed: boolean;
  lostBefore: number;
  missingBefore: number;
  late: boolean;
  /** Size in memory of the last compressed buffer that was opened. */
  unpackedBytes: number;
}

const EMPTY = new Uint8Array(0);

/** `timeNs`: when the logging session began. */
export function createLane(cpu: number, timeNs: number, header: TraceHeader): Lane {
  return {
    cpu,
    open: null,
    window: EMPTY,
    view: new DataView(EMPTY.buffer),
    words: new Int32Array(EMPTY.buffer),
    from: 0,
    at: 0,
    end: 0,
    event: createTraceEvent(),
    timeNs,
    header,
    timed: false,
    lostBefore: 0,
    missingBefore: 0,
    late: false,
    unpackedBytes: 0,
  };
}

/** Gives the lane bytes to read events from. They begin at a multiple of eight bytes, and are a multiple of four long. */
export function giveWindow(lane: Lane, window: Uint8Array<ArrayBuffer>): void {
  lane.window = window;
  lane.view = new DataView(window.buffer);
  lane.words = new Int32Array(window.buffer, 0, window.buffer.byteLength >>> 2);
}
