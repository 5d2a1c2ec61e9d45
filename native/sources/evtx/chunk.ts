/**
 * A chunk of an event log file: 64 KiB with records of their own strings and templates. Only records that the chunk's
 * header counts are read: what lies behind them is left from records that were deleted, and is not shown as one.
 */
import { crc32 } from './crc32.ts';

export const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 512;
const RECORD_MAGIC = 0x00002a2a;
const RECORD_HEADER_BYTES = 24;
const MAGIC = 'ElfChnk\0';

/** A record as it lies in its chunk. */
export interface EventRecord {
  /** Its number in the log. */
  readonly id: bigint;
  /** When it was written, 100 ns since 1601 UTC. */
  readonly fileTime: bigint;
  /** Its binary XML. */
  readonly start: number;
  readonly end: number;
}

export interface ChunkFindings {
  readonly records: readonly EventRecord[];
  /** What is wrong with the chunk, phrases; what is readable was read all the same. */
  readonly problems: readonly string[];
}

/** Whether a chunk was never written. */
export function isEmptyChunk(chunk: Uint8Array): boolean {
  return chunk.every((byte) => byte === 0);
}

/** The number of the first record that a chunk's header names; null if it is no such header. */
export function firstRecordOf(header: Uint8Array): bigint | null {
  if (header.length < 128 || String.fromCharCode(...header.subarray(0, 8)) !== MAGIC) return null;
  return new DataView(header.buffer, header.byteOffset, header.byteLength).getBigUint64(24, true);
}

/** Finds the records of a chunk. Never throws. */
export function readChunk(chunk: Uint8Array): ChunkFindings {
  const problems: string[] = [];
  if (chunk.length < HEADER_BYTES) return { records: [], problems: ['it is cut in its header'] };
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const magic = String.fromCharCode(...chunk.subarray(0, 8));
  if (magic !== MAGIC) problems.push('it does not begin as a chunk does');
  const stated = view.getUint32(48, true);
  const plausible = stated >= HEADER_BYTES && stated <= CHUNK_BYTES;
  const freeAt = Math.min(plausible ? stated : chunk.length, chunk.length);
  if (magic === MAGIC) {
    if (!plausible || stated > chunk.length) problems.push('it ends before its records do');
    const header = crc32(chunk.subarray(0, 120), chunk.subarray(128, HEADER_BYTES));
    if (header !== view.getUint32(124, true)) problems.push('the checksum of its header is wrong');
    if (plausible && crc32(chunk.subarray(HEADER_BYTES, freeAt)) !== view.getUint32(52, true)) {
      problems.push('the checksum of its records is wrong');
    }
  }
  const records: EventRecord[] = [];
  let at = HEADER_BYTES;
  while (at + RECORD_HEADER_BYTES + 4 <= freeAt) {
    const record = recordAt(view, at, freeAt);
    if (record !== null) {
      records.push(record);
      at = record.end + 4;
      continue;
    }
    const next = nextRecord(view, at + 1, freeAt);
    problems.push(`from ${at} to ${next} it holds no whole record`);
    at = next;
  }
  return { records, problems };
}

/** The record at a place, if it is one: magic, and its length at both of its ends. */
function recordAt(view: DataView, at: number, end: number): EventRecord | null {
  if (view.getUint32(at, true) !== RECORD_MAGIC) return null;
  const length = view.getUint32(at + 4, true);
  if (length < RECORD_HEADER_BYTES + 4 || at + length > end) return null;
  if (view.getUint32(at + length - 4, true) !== length) return null;
  return {
    id: view.getBigUint64(at + 8, true),
    fileTime: view.getBigUint64(at + 16, true),
    start: at + RECORD_HEADER_BYTES,
    end: at + length - 4,
  };
}

function nextRecord(view: DataView, from: number, end: number): number {
  for (let at = (from + 7) & ~7; at + RECORD_HEADER_BYTES + 4 <= end; at += 8) {
    if (recordAt(view, at, end) !== null) return at;
  }
  return end;
}
