/**
 * 64-bit values as two 32-bit words, low first. Creating a BigInt for each value costs 5 to 10 times as much in the
 * code that uses this. Differences of nearby values are exact at any magnitude, which is all that positions and
 * sequences need.
 */

export const TWO_32 = 4294967296;

/** (hi,lo) - (baseHi,baseLo); exact where the difference is below 2^53, and of the right sign beyond that. */
export function difference(hi: number, lo: number, baseHi: number, baseLo: number): number {
  return (hi - baseHi) * TWO_32 + (lo - baseLo);
}

/** The value as a double; exact below 2^53. */
export function toNumber(hi: number, lo: number): number {
  return hi * TWO_32 + lo;
}

/** Splits a whole number below 2^53 into words[0] (low) and words[1] (high). */
export function setNumber(words: Uint32Array, value: number): void {
  words[0] = value % TWO_32;
  words[1] = Math.floor(value / TWO_32);
}

export function setBigInt(words: Uint32Array, value: bigint): void {
  words[0] = Number(value & 0xffffffffn);
  words[1] = Number((value >> 32n) & 0xffffffffn);
}

/** A mutable 64-bit position or sequence. Two words, because a ring may carry more than 2^53 bytes in its life. */
export interface Position {
  hi: number;
  lo: number;
}

export function advance(position: Position, bytes: number): void {
  const lo = position.lo + bytes;
  position.hi += Math.floor(lo / TWO_32);
  position.lo = lo % TWO_32;
}

/** `to - from`; exact where it is below 2^53. */
export function distance(to: Position, from: Position): number {
  return difference(to.hi, to.lo, from.hi, from.lo);
}

export function assign(to: Position, from: Position): void {
  to.hi = from.hi;
  to.lo = from.lo;
}
