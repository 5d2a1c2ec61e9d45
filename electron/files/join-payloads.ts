/**
 * Joins the payloads of a segment without gaps, as Arrow wants them; in a segment each begins at a multiple of four
 * bytes. Most are some dozen bytes long, and for those a call of the engine's copy takes longer than copying. So they
 * are moved four bytes at a time, through a view that writes at any byte.
 */
import type { Segment } from '../session/store/segment.ts';
import { ROWS_A_CALL } from '../session/store/slice.ts';

export interface JoinedPayloads {
  /** Where each payload begins in `data`, and where the last one ends. */
  readonly valueOffsets: Int32Array;
  readonly data: Uint8Array;
}

/**
 * Memory that is reused for each batch: touching new memory of the system for the first time costs more than all the
 * copying. A batch made with it is valid until the next one is made.
 */
export class BatchScratch {
  private readonly buffers = new Map<string, ArrayBuffer>();

  /** At least so many bytes, reused under a name; their contents are undefined. */
  take(name: string, bytes: number): ArrayBuffer {
    const known = this.buffers.get(name);
    if (known !== undefined && known.byteLength >= bytes) return known;
    const buffer = new ArrayBuffer(Math.ceil(bytes / STEP) * STEP);
    this.buffers.set(name, buffer);
    return buffer;
  }
}

const STEP = 64 * 1024;

/** Longer payloads are copied by the engine. */
const SHORT_BYTES = 512;

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Joins the payloads of rows `from..to-1` in the scratch memory. */
export function joinPayloads(segment: Segment, from: number, to: number, scratch: BatchScratch): JoinedPayloads {
  const valueOffsets = new Int32Array(scratch.take('offsets', (to - from + 1) * 4), 0, to - from + 1);
  setOffsets(segment.dataLength, from, to, valueOffsets);
  const bytes = valueOffsets[to - from] as number;
  // Includes room for the whole of the last word.
  const length = (bytes + 7) & ~3;
  const data = new Uint8Array(scratch.take('payloads', length), 0, length);
  for (let at = from; at < to; at += ROWS_A_CALL) {
    const end = Math.min(at + ROWS_A_CALL, to);
    if (LITTLE_ENDIAN) moveRows(segment, at, end, data, valueOffsets[at - from] as number);
    else for (let row = at; row < end; row++) data.set(segment.payload(row), valueOffsets[row - from] as number);
  }
  return { valueOffsets, data: data.subarray(0, bytes) };
}

function setOffsets(dataLength: Uint32Array, from: number, to: number, offsets: Int32Array): void {
  let end = 0;
  offsets[0] = 0;
  for (let row = from; row < to; row++) {
    end += dataLength[row] as number;
    offsets[row - from + 1] = end;
  }
}

function moveRows(segment: Segment, from: number, to: number, data: Uint8Array, start: number): void {
  const { dataStart, dataLength, chunks, chunkShift } = segment;
  const target = new DataView(data.buffer, 0, data.length);
  let chunk = -1;
  let source: Int32Array = new Int32Array(0);
  let bytes: Uint8Array = data;
  let at = start;
  for (let row = from; row < to; row++) {
    const length = dataLength[row] as number;
    if (length === 0) continue;
    const place = dataStart[row] as number;
    if (place >>> chunkShift !== chunk) {
      chunk = place >>> chunkShift;
      bytes = chunks[chunk]?.bytes as Uint8Array;
      source = new Int32Array(bytes.buffer, bytes.byteOffset & ~3, bytes.length >>> 2);
    }
    const offset = segment.offsetInChunk(place);
    // A payload that is not aligned, or whose last word is not entirely within the chunk, is copied by the engine.
    const plain = (offset | bytes.byteOffset) % 4 === 0 && ((offset + length + 3) & ~3) <= bytes.length;
    if (length > SHORT_BYTES || !plain) data.set(bytes.subarray(offset, offset + length), at);
    else move(source, offset >>> 2, (length + 3) >>> 2, target, at);
    at += length;
  }
}

/**
 * Copies words to a place at any byte. The bytes behind the payload are overwritten too; the next payload will be
 * written there.
 */
function move(source: Int32Array, from: number, words: number, target: DataView, place: number): void {
  for (let n = 0; n < words; n++) target.setInt32(place + 4 * n, source[from + n] as number, true);
}
