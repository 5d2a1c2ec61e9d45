/**
 * A buffer of a Windows trace file: 72 bytes of header, then events. Layout: WMI_BUFFER_HEADER as documented by the
 * Windows performance tools' public structures and by etl-parser.
 */

export const BUFFER_HEADER_BYTES = 72;
/** Buffers are a multiple of this long. */
const LEAST_BUFFER_BYTES = 1024;
const MOST_BUFFER_BYTES = 16 * 1024 * 1024;

/** Bits of the buffer's flags. */
const FLAG_LOST_EVENTS = 0x0010;
const FLAG_COMPRESSED = 0x0040;

export interface BufferHeader {
  /** Bytes the buffer takes in the file. */
  readonly bytes: number;
  /** Where its events end. */
  readonly end: number;
  readonly cpu: number;
  /** Of the buffer in its session; -1 where it is not counted. */
  readonly sequence: bigint;
  /** Clock when the buffer was written. */
  readonly timestamp: bigint;
  readonly lostEvents: boolean;
  readonly compressed: boolean;
}

/** Judges the header at the begin of `view`; null if it is none. */
export function parseBuffer(view: DataView): BufferHeader | null {
  if (view.byteLength < BUFFER_HEADER_BYTES) return null;
  const bytes = view.getUint32(0, true);
  if (bytes < LEAST_BUFFER_BYTES || bytes > MOST_BUFFER_BYTES || bytes % 8 !== 0) return null;
  const saved = view.getUint32(4, true);
  const offset = view.getUint32(48, true);
  const end = saved >= BUFFER_HEADER_BYTES ? saved : offset;
  if (end < BUFFER_HEADER_BYTES || end > bytes) return null;
  const flags = view.getUint16(52, true);
  return {
    bytes,
    end,
    cpu: view.getUint16(40, true) & 0x7ff,
    sequence: view.getBigInt64(24, true),
    timestamp: view.getBigInt64(16, true),
    lostEvents: (flags & FLAG_LOST_EVENTS) !== 0,
    compressed: (flags & FLAG_COMPRESSED) !== 0,
  };
}
