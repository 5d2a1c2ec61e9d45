/**
 * Reads a small file at the start of the program, before anything else can happen. Its name may belong to anything: a
 * pipe to which nobody writes, a device without end, a folder, a file of gigabytes. None of them may delay the start.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes of a regular file of at most `mostBytes`. Throws the system's error, or one that says what else it is. */
export function readSmallFile(path: string, mostBytes: number): Buffer {
  // Opening a pipe would block until it has a writer; this flag prevents that. Windows has neither the flag nor such
  // files.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  try {
    const { size } = regular(path, fd);
    if (size > mostBytes) throw new Error(`${path} has ${size} bytes, more than the ${mostBytes} it may have`);
    // The file may change meanwhile; what is added to it is not read.
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (;;) {
      const read = length < size ? readSync(fd, bytes, length, size - length, null) : 0;
      length += read;
      if (read === 0) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}

function regular(path: string, fd: number): { readonly size: number } {
  const stats = fstatSync(fd);
  if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
  return stats;
}
