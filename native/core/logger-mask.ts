/**
 * What a logger leaves out: the twin of driver/include/ringview/mask.h, as lists of levels and types. A bit of either half of
 * the mask stands for one of them, the last bit for all that are beyond.
 */

/** Levels, and types, from this one on share a bit. */
export const MASK_LAST = 31;

/** Levels and types that are switched off, ascending; MASK_LAST stands for all from there on. */
export interface LoggerMask {
  readonly levels: readonly number[];
  readonly types: readonly number[];
}

export const NOTHING_OFF: LoggerMask = { levels: [], types: [] };

/** What a name may be: RV_LOGGER_NAME_BYTES - 1 of printable ASCII without blanks. */
const LOGGER_NAME = /^[!-~]{1,23}$/;

export function isLoggerName(name: string): boolean {
  return LOGGER_NAME.test(name);
}

/** The bits of one half of the mask. */
export function bitsOf(numbers: readonly number[]): number {
  return numbers.reduce((bits, number) => bits | (1 << Math.min(number, MASK_LAST)), 0) >>> 0;
}

function numbersOf(bits: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((bits >>> bit) & 1) !== 0);
}

export function maskOf(levelBits: number, typeBits: number): LoggerMask {
  return { levels: numbersOf(levelBits), types: numbersOf(typeBits) };
}
