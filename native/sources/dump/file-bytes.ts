/** Reading a piece of an open file. */
import { readSync } from 'node:fs';

/** Reads into `into` from an offset; returns as much of it as there was in the file. Throws what the system says. */
export function readInto(fd: number, into: Uint8Array, offset: number): Uint8Array {
  let done = 0;
  while (done < into.length) {
    const bytes = readSync(fd, into, done, into.length - done, offset + done);
    if (bytes === 0) break;
    done += bytes;
  }
  return into.subarray(0, done);
}
