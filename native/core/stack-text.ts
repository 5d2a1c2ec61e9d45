/**
 * The stack of a record as a line of its text, as stacks of traces are texts too: whatever looks at the addresses of a
 * message then finds these, and they are searched, kept and exported with it. Pure.
 */
import { RV } from './layout.ts';

const LABEL = Uint8Array.from('\nstack:', (letter) => letter.charCodeAt(0));
const [NEW_LINE, SPACE, ZERO, LETTER_X, LETTER_A] = [0x0a, 0x20, 0x30, 0x78, 0x61] as const;
/** A space, `0x` and 16 digits. */
const FRAME_BYTES = 19;

/** Bytes of the longest line. */
export const STACK_TEXT_BYTES: number = LABEL.length + RV.MAX_FRAMES * FRAME_BYTES;

/**
 * Writes the line of `frames` return addresses, of which RV.MAX_FRAMES are told, behind the text that ends at `at` and began at
 * `start`. Their words begin at `words[from]`. `bytes` has room for STACK_TEXT_BYTES. Returns where the line ends.
 */
export function writeStackText(
  bytes: Uint8Array,
  start: number,
  at: number,
  words: Uint32Array,
  from: number,
  frames: number,
): number {
  // A text that ends its line needs no other end.
  const label = at === start || bytes[at - 1] === NEW_LINE ? LABEL.subarray(1) : LABEL;
  bytes.set(label, at);
  let end = at + label.length;
  for (let frame = 0; frame < Math.min(frames, RV.MAX_FRAMES); frame++) {
    bytes[end++] = SPACE;
    bytes[end++] = ZERO;
    bytes[end++] = LETTER_X;
    const low = words[from + frame * 2] as number;
    const high = words[from + frame * 2 + 1] as number;
    const digits = high !== 0 ? 16 - (Math.clz32(high) >>> 2) : Math.max(1, 8 - (Math.clz32(low) >>> 2));
    for (let digit = digits - 1; digit >= 0; digit--) {
      const nibble = ((digit >= 8 ? high >>> ((digit - 8) * 4) : low >>> (digit * 4)) & 15) as number;
      bytes[end++] = nibble < 10 ? ZERO + nibble : LETTER_A + nibble - 10;
    }
  }
  return end;
}
