/**
 * The first event of a trace file: TRACE_LOGFILE_HEADER, which says whose trace it is, by which clock, and what was lost.
 * Layout: evntrace.h of the Windows SDK; fields after the pointers depend on their width.
 */
import { utf16Text } from '../evtx/values.ts';
import type { TraceEvent } from './trace-event.ts';

/** How time stamps count: EVENT_TRACE clock types. */
export const TraceClock = { Qpc: 1, SystemTime: 2, CycleCounter: 3 } as const;

export interface TraceHeader {
  readonly bufferBytes: number;
  readonly cpuCount: number;
  readonly pointerBytes: 4 | 8;
  /** Bits of EVENT_TRACE_FILE_MODE and its like. */
  readonly logFileMode: number;
  /** Buffers of the logging session in the file, by its own count; 0 where it was cut before it counted. */
  readonly buffersWritten: number;
  readonly eventsLost: number;
  readonly buffersLost: number;
  readonly clock: number;
  /** Ticks a second of the clock. */
  readonly frequency: bigint;
  /** 100 ns since 1601 UTC. */
  readonly startTime: bigint;
  readonly bootTime: bigint;
  readonly loggerName: string;
  readonly logFileName: string;
  /** The time stamp that belongs to `startTime`. */
  readonly startTicks: bigint;
}

/** Reads the header event; null if it is too short to be one. */
export function parseTraceHeader(view: DataView, event: TraceEvent): TraceHeader | null {
  const { dataStart: at, dataEnd } = event;
  if (dataEnd - at < 264) return null;
  const pointerBytes = view.getUint32(at + 44, true) === 4 ? 4 : 8;
  // Two pointers, then a TIME_ZONE_INFORMATION of 172 bytes, aligned for what follows.
  const zone = at + 56 + pointerBytes * 2;
  const after = zone + 176;
  if (after + 32 > dataEnd) return null;
  const frequency = view.getBigInt64(after + 8, true);
  const clock = view.getUint32(after + 24, true);
  const megahertz = view.getUint32(at + 52, true);
  const [loggerName = '', logFileName = ''] = names(view, after + 32, dataEnd);
  return {
    bufferBytes: view.getUint32(at, true),
    cpuCount: view.getUint32(at + 12, true),
    pointerBytes,
    logFileMode: view.getUint32(at + 32, true),
    buffersWritten: view.getUint32(at + 36, true),
    eventsLost: view.getUint32(at + 48, true),
    buffersLost: view.getUint32(after + 28, true),
    clock,
    frequency: clockFrequency(clock, frequency, megahertz),
    startTime: view.getBigInt64(after + 16, true),
    bootTime: view.getBigInt64(after, true),
    loggerName,
    logFileName,
    startTicks: event.timeAt < 0 ? 0n : view.getBigInt64(event.timeAt, true),
  };
}

function clockFrequency(clock: number, qpc: bigint, megahertz: number): bigint {
  if (clock === TraceClock.SystemTime) return 10_000_000n;
  if (clock === TraceClock.CycleCounter && megahertz > 0) return BigInt(megahertz) * 1_000_000n;
  return qpc > 0n ? qpc : 10_000_000n;
}

/** Texts that end with a NUL, one after the other. */
function names(view: DataView, from: number, to: number): string[] {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, Math.max(0, to - from) & ~1);
  return utf16Text(bytes).split('\0');
}
