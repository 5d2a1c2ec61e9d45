/** Reads a compressed buffer of a trace file and decompresses it: zeros in place of its header, then its events. */
import { readSync } from 'node:fs';
import { BUFFER_HEADER_BYTES } from './buffer.ts';
import type { FoundBuffer } from './buffer-scan.ts';
import { decompress } from './xpress.ts';

/** Null if the data is damaged. Shorter than the header says if the data ends early. Throws the system's error. */
export function unpackBuffer(fd: number, { at, bytes, end }: FoundBuffer): Uint8Array<ArrayBuffer> | null {
  const packed = new Uint8Array(bytes - BUFFER_HEADER_BYTES);
  const read = readSync(fd, packed, 0, packed.length, at + BUFFER_HEADER_BYTES);
  const whole = new Uint8Array(end);
  const written = decompress(packed.subarray(0, read), whole, BUFFER_HEADER_BYTES);
  return written < 0 ? null : whole.subarray(0, written);
}
