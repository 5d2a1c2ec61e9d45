/**
 * Log files that are no text: event logs and traces of Windows, and the memory of machines. Each is told by its first bytes, a
 * raw image of memory by its name too, and read in place, in no order of its bytes.
 */
import type { Result } from '../core/result.ts';
import { isMemoryFile } from './dump/dump-image.ts';
import { type DumpOptions, openDump } from './dump/dump-source.ts';
import { isTraceFile } from './etl/etl-file.ts';
import { openTrace, type TraceOptions } from './etl/etl-source.ts';
import { isEventLog } from './evtx/evtx-reader.ts';
import { openEventLog } from './evtx/evtx-source.ts';
import type { FileFormat, LogSource } from './source.ts';

export type BinaryOptions = TraceOptions & DumpOptions;

export interface BinaryKind {
  readonly format: FileFormat & ('events' | 'trace' | 'memory');
  /** For people: `a trace of Windows`. */
  readonly what: string;
  /** Failures: those of its reader. */
  readonly open: (path: string, options: BinaryOptions) => Result<LogSource>;
}

/** Bytes of a file that tell its kind: the header of a buffer of a trace, and of the first event behind it. */
export const KIND_BYTES = 128;

const EVENTS: BinaryKind = { format: 'events', what: 'an event log of Windows', open: openEventLog };
const TRACE: BinaryKind = { format: 'trace', what: 'a trace of Windows', open: openTrace };
const MEMORY: BinaryKind = { format: 'memory', what: 'the memory of a machine', open: openDump };

/** The ending of a name by which raw images of memory are known, which begin with nothing of their own; empty for others. */
export const imageEnding = (name: string): string => /\.(?:vmem|raw|mem)$/i.exec(name)?.[0].toLowerCase() ?? '';

/** The kind of a file that is called `name` and begins with `head`; null for text, and for what is none of them. */
export function binaryKind(name: string, head: Uint8Array): BinaryKind | null {
  // An image of memory begins as no text does.
  if (isMemoryFile(head) || (imageEnding(name) !== '' && head.includes(0))) return MEMORY;
  if (isEventLog(head)) return EVENTS;
  return isTraceFile(head) ? TRACE : null;
}
