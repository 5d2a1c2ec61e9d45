/**
 * XPRESS without Huffman codes, by which Windows compresses the buffers of a trace: [MS-XCA] 2.4, plain LZ77. The length of
 * what comes out is bounded by the caller: ten bytes can stand for gigabytes.
 */

/** The greatest values of the length fields: each means that the length is in the next, longer field. */
const IN_WORD = 7;
const IN_NIBBLE = 15;
const IN_BYTE = 255;
const LEAST_MATCH = 3;

/**
 * Writes what `from` stands for to `to`, from `at` on, until either is full or at its end. Returns where the output ends;
 * -1 if `from` is damaged.
 */
export function decompress(from: Uint8Array, to: Uint8Array, at: number): number {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const begin = at;
  let read = 0;
  let written = at;
  let flags = 0;
  let left = 0;
  /** Place of a byte whose upper half is the next length of four bits; -1 if there is none. */
  let half = -1;
  while (written < to.length) {
    if (left === 0) {
      if (read + 4 > from.length) return read === from.length ? written : -1;
      flags = view.getUint32(read, true);
      read += 4;
      left = 32;
    }
    left--;
    if (((flags >>> left) & 1) === 0) {
      if (read >= from.length) return written;
      to[written++] = from[read++] as number;
      continue;
    }
    if (read === from.length) return written;
    if (read + 2 > from.length) return -1;
    const word = view.getUint16(read, true);
    read += 2;
    const distance = (word >>> 3) + 1;
    let length = word & IN_WORD;
    if (length === IN_WORD) {
      if (half < 0) {
        if (read >= from.length) return -1;
        half = read;
        length = (from[read++] as number) & 15;
      } else {
        length = (from[half] as number) >>> 4;
        half = -1;
      }
      if (length === IN_NIBBLE) {
        if (read >= from.length) return -1;
        length = from[read++] as number;
        if (length === IN_BYTE) {
          if (read + 2 > from.length) return -1;
          length = view.getUint16(read, true);
          read += 2;
          if (length === 0) {
            if (read + 4 > from.length) return -1;
            length = view.getUint32(read, true);
            read += 4;
          }
          if (length < IN_NIBBLE + IN_WORD) return -1;
          length -= IN_NIBBLE + IN_WORD;
        }
        length += IN_NIBBLE;
      }
      length += IN_WORD;
    }
    if (distance > written - begin) return -1;
    const end = Math.min(to.length, written + length + LEAST_MATCH);
    // Byte by byte, because a match may overlap the bytes that are written.
    for (; written < end; written++) to[written] = to[written - distance] as number;
  }
  return written;
}
