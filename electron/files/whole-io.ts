/** Reads and writes at a place of a file, whole although the system may do them in parts. Throw the system's error. */
import { readSync, writeSync } from 'node:fs';

/** Writes the pieces one after the other, beginning at an offset, and returns where the last one ends. */
export function writeAll(descriptor: number, pieces: readonly Uint8Array[], from: number): number {
  let at = from;
  for (const piece of pieces) {
    let written = 0;
    while (written < piece.length)
      written += writeSync(descriptor, piece, written, piece.length - written, at + written);
    at += piece.length;
  }
  return at;
}

/** Fills `bytes` from an offset on. Returns how many there were, which is fewer only where the file ends. */
export function readAll(descriptor: number, bytes: Uint8Array, at: number): number {
  let read = 0;
  while (read < bytes.length) {
    const got = readSync(descriptor, bytes, read, bytes.length - read, at + read);
    if (got === 0) break;
    read += got;
  }
  return read;
}
