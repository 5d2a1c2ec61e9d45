/** The state of reading one CPU of a trace: its open buffer, the part of it in memory, and the next event. */
import type { PlacedBuffer } from './buffer-index.ts';
import { createTraceEvent, type TraceEvent } from './trace-event.ts';

export interface Lane {
  readonly cpu: number;
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
  /**
   * When the event was written, nanoseconds since the first logging session began. An event without a time has that of
   * the event before it.
   */
  timeNs: number;
  /** True once an event has stated its time. */
  timed: boolean;
  /** Records lost before it. */
  lost: number;
  /** Size in memory of the last compressed buffer that was opened. */
  unpackedBytes: number;
}

/** `timeNs`: when the logging session began. */
export function createLane(cpu: number, timeNs: number): Lane {
  return {
    cpu,
    open: null,
    window: new Uint8Array(0),
    view: new DataView(new ArrayBuffer(0)),
    from: 0,
    to: 0,
    at: 0,
    event: createTraceEvent(),
    ready: false,
    timeNs,
    timed: false,
    lost: 0,
    unpackedBytes: 0,
  };
}
