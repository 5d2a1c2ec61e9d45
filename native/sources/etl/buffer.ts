/**
 * A buffer of a Windows trace file: 72 bytes of header, then events. Layout: WMI_BUFFER_HEADER and the ETW_BUFFER
 * constants, as the readers of such files agree on them.
 */

export const BUFFER_HEADER_BYTES = 72;
/** Buffers are a multiple of this long. */
const LEAST_BUFFER_BYTES = 1024;
const MOST_BUFFER_BYTES = 16 * 1024 * 1024;

/** Bits of the buffer's flags. */
const FLAG_EVENTS_LOST = 0x0002;
const FLAG_BUFFER_LOST = 0x0004;
const FLAG_PROCESSOR_INDEX = 0x0020;
const FLAG_COMPRESSED = 0x0040;
const PROCESSOR_INDEX_MASK = 0x07ff;
const TYPE_HEADER = 4;

export interface BufferHeader {
  /** Bytes the buffer takes in the file. */
  readonly bytes: number;
  /** Where its events end; of a compressed one, once it is decompressed. */
  readonly end: number;
  readonly cpu: number;
  /** Its number among the buffers of all CPUs of the logging session. */
  readonly sequence: bigint;
  /** Clock when the buffer was written. */
  readonly timestamp: bigint;
  /** Events of its CPU were lost while it was filled, or buffers before it. */
  readonly lostEvents: boolean;
  readonly lostBuffers: boolean;
  readonly compressed: boolean;
  /** It begins a logging session: its first event is the header of the trace. */
  readonly isHeader: boolean;
}

/** Judges the header at the begin of `view`; null if it is none. */
export function parseBuffer(view: DataView): BufferHeader | null {
  if (view.byteLength < BUFFER_HEADER_BYTES) return null;
  const bytes = view.getUint32(0, true);
  const flags = view.getUint16(52, true);
  const compressed = (flags & FLAG_COMPRESSED) !== 0;
  const saved = view.getUint32(4, true);
  const offset = view.getUint32(48, true);
  // Of a compressed buffer the first length is what it takes in the file, the other what it was before.
  const end = saved >= BUFFER_HEADER_BYTES && !compressed ? saved : offset;
  if (bytes > MOST_BUFFER_BYTES || end < BUFFER_HEADER_BYTES) return null;
  if (compressed ? bytes <= BUFFER_HEADER_BYTES || end > MOST_BUFFER_BYTES : end > bytes) return null;
  if (!compressed && (bytes < LEAST_BUFFER_BYTES || bytes % 8 !== 0)) return null;
  return {
    bytes,
    end,
    // Older systems have a byte for the number, and one for the alignment behind it.
    cpu: (flags & FLAG_PROCESSOR_INDEX) !== 0 ? view.getUint16(40, true) & PROCESSOR_INDEX_MASK : view.getUint8(40),
    sequence: view.getBigInt64(24, true),
    timestamp: view.getBigInt64(16, true),
    lostEvents: (flags & FLAG_EVENTS_LOST) !== 0,
    lostBuffers: (flags & FLAG_BUFFER_LOST) !== 0,
    compressed,
    isHeader: view.getUint16(54, true) === TYPE_HEADER,
  };
}
