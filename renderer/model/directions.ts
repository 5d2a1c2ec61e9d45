/**
 * Texts that run from right to left, with names, paths and addresses in them that do not. In such a line the signs at the
 * ends of a path would move to its other side, so each stretch of Latin words is kept in its own order.
 */
import type { Piece } from '../../electron/contract/text-matches.ts';

/** Scripts that run from right to left: Hebrew, Arabic and those beside them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Words of ASCII with a letter among them: `\Device\Harddisk0:`, `IRP 0xffffc01a`. */
const LATIN = /[!-~]*[A-Za-z][!-~]*(?: [!-~]*[A-Za-z0-9][!-~]*)*/g;

/** Whether a text is read from right to left, as its first letter says. What is cut of one is at its left. */
export function runsRightToLeft(text: string): boolean {
  const letter = /\p{L}/u.exec(text)?.[0];
  return letter !== undefined && RIGHT_TO_LEFT.test(letter);
}

/** Whether any of a text does. */
export const turnsLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** Pieces that belong together: those of a stretch of Latin words, or those between two. */
export interface Stretch {
  readonly isLatin: boolean;
  readonly pieces: readonly Piece[];
}

/** A text in stretches; a piece that reaches over the end of one becomes two. */
export function stretchesOf(pieces: readonly Piece[]): Stretch[] {
  const whole = pieces.map(({ text }) => text).join('');
  const stretches: Stretch[] = [];
  const add = (from: number, end: number, isLatin: boolean): void => {
    if (end > from) stretches.push({ isLatin, pieces: within(pieces, from, end) });
  };
  let at = 0;
  for (const { index, 0: latin } of whole.matchAll(LATIN)) {
    add(at, index, false);
    at = index + latin.length;
    add(index, at, true);
  }
  add(at, whole.length, false);
  return stretches;
}

function within(pieces: readonly Piece[], from: number, end: number): Piece[] {
  let at = 0;
  return pieces.flatMap((piece) => {
    const begin = at;
    at += piece.text.length;
    const text = piece.text.slice(Math.max(0, from - begin), Math.max(0, end - begin));
    return text === '' ? [] : [{ ...piece, text }];
  });
}
