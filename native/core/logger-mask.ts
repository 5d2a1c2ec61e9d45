/**
 * What a logger leaves out, and of which levels its texts carry the stack of the call: the twin of
 * driver/include/ringview/mask.h, as lists of levels and types. A bit of either half of the mask stands for one of them, the
 * last bit for all that are beyond.
 */

import { LEVEL_NAMES, levelName } from './entry.ts';

/** Levels, and types, from this one on share a bit. */
export const MASK_LAST = 31;

/** Levels and types that are switched off, ascending; MASK_LAST stands for all from there on. */
export interface LoggerMask {
  readonly levels: readonly number[];
  readonly types: readonly number[];
}

export const NOTHING_OFF: LoggerMask = { levels: [], types: [] };

export const ALL_LEVELS: readonly number[] = Array.from({ length: MASK_LAST + 1 }, (_, level) => level);

/** What a name may be: RV_LOGGER_NAME_BYTES - 1 of printable ASCII without blanks. */
const LOGGER_NAME = /^[!-~]{1,23}$/;

export function isLoggerName(name: string): boolean {
  return LOGGER_NAME.test(name);
}

/** The bits of one half of the mask. */
export function bitsOf(numbers: readonly number[]): number {
  return numbers.reduce((bits, number) => bits | (1 << Math.min(number, MASK_LAST)), 0) >>> 0;
}

/** The levels, or types, of one half of the mask, ascending. */
export function numbersOf(bits: number): number[] {
  return ALL_LEVELS.filter((bit) => ((bits >>> bit) & 1) !== 0);
}

export function maskOf(levelBits: number, typeBits: number): LoggerMask {
  return { levels: numbersOf(levelBits), types: numbersOf(typeBits) };
}

function beyond(number: number): string {
  return number === MASK_LAST ? ' and above' : '';
}

/** Levels of which texts carry a stack: `error, warning`, `all levels`; empty for none. */
export function stackWords(levels: readonly number[]): string {
  return levels.length === ALL_LEVELS.length
    ? 'all levels'
    : levels.map((level) => `${levelName(level)}${beyond(level)}`).join(', ');
}

/** What is off, by names: `trace`, `level 4`, `text`, `type 7`, `type 31 and above`; none if nothing is. */
export function offNames({ levels, types }: LoggerMask): string[] {
  return [
    ...levels.map((level) => `${levelName(level)}${beyond(level)}`),
    ...types.map((type) => (type === 0 ? 'text' : `type ${type}${beyond(type)}`)),
  ];
}

/**
 * Reads a list such as `info,trace,text,type:7`: names or numbers of levels, and types. The value is null for a word that is
 * neither.
 */
export function parseOff(list: string): LoggerMask | null {
  const levels = new Set<number>();
  const types = new Set<number>();
  for (const word of list.split(',').map((each) => each.trim().toLowerCase())) {
    const named = (LEVEL_NAMES as readonly string[]).indexOf(word);
    const [, isType, digits = ''] = /^(type:)?(\d{1,5})$/.exec(word) ?? [];
    if (word === 'text') types.add(0);
    else if (named >= 0) levels.add(named);
    else if (digits === '') return null;
    else (isType === undefined ? levels : types).add(Math.min(Number(digits), MASK_LAST));
  }
  const sorted = (numbers: Set<number>): number[] => [...numbers].sort((a, b) => a - b);
  return { levels: sorted(levels), types: sorted(types) };
}

/** Reads a list of levels such as `error,warning,4`, or `all`. The value is null for a word that is none. */
export function parseLevels(list: string): readonly number[] | null {
  if (list.trim().toLowerCase() === 'all') return ALL_LEVELS;
  const parsed = parseOff(list);
  return parsed === null || parsed.types.length > 0 ? null : parsed.levels;
}
