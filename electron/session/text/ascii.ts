/**
 * ASCII characters within UTF-8 bytes. A byte below 128 always stands for that ASCII character, both in valid text and
 * in broken text.
 */

/** Table that maps each byte to itself. */
export const SAME_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);
/** Table that maps `A` to `Z` to lower case and every other byte to itself. */
export const LOWER_ASCII = Uint8Array.from(SAME_BYTE, (byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/**
 * True if the bytes contain U+017F or U+212A, which a regular expression that ignores case treats as `s` and `k`. May
 * also be true for bytes that only look like them.
 */
export function holdsLetterTwins(bytes: Uint8Array, from: number, to: number): boolean {
  if (isAscii(bytes, from, to)) return false;
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at];
    if ((byte === 0xbf && bytes[at - 1] === 0xc5) || (byte === 0x84 && bytes[at - 1] === 0xe2)) return true;
  }
  return false;
}

/** Whether all bytes of a range are ASCII. */
export function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  let bits = 0;
  let at = from;
  // Aligned parts are read as 32-bit words, eight at a time: some four times as fast as reading bytes.
  const aligned = Math.min(to, from + (-(bytes.byteOffset + from) & 3));
  for (; at < aligned; at++) bits |= bytes[at] as number;
  const words = (to - at) >>> 2;
  if (words >= 64) {
    const word = new Int32Array(bytes.buffer, bytes.byteOffset + at, words);
    let all = 0;
    let i = 0;
    for (; i + 8 <= words; i += 8) {
      all |= word[i] as number;
      all |= word[i + 1] as number;
      all |= word[i + 2] as number;
      all |= word[i + 3] as number;
      all |= word[i + 4] as number;
      all |= word[i + 5] as number;
      all |= word[i + 6] as number;
      all |= word[i + 7] as number;
    }
    if ((all & 0x80808080) !== 0) return false;
    at += i * 4;
  }
  for (; at < to; at++) bits |= bytes[at] as number;
  return bits < 128;
}
