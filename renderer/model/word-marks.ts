/** The words that a person highlights in a message, laid over what a search or a filter marks in it. */
import type { Piece } from '../../electron/contract/text-matches.ts';

/**
 * The pieces of a text in which the matches of `over` have a look, where nothing is marked yet: of several that a character
 * is part of, the first wins. Both are all of the same text.
 */
export function overlaid(pieces: readonly Piece[], over: readonly Piece[], mark: string): readonly Piece[] {
  if (!over.some(({ match }) => match)) return pieces;
  const all: Piece[] = [];
  let at = 0;
  let used = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.text.length; ) {
      const other = over[at] ?? { text: piece.text, match: false };
      const length = Math.min(piece.text.length - from, other.text.length - used);
      const text = piece.text.slice(from, from + length);
      const free = other.match && !piece.match && piece.mark === undefined;
      const last = all.at(-1);
      if (free) all.push({ text, match: false, mark });
      // Cut where only the other one is, so put together again.
      else if (last !== undefined && from > 0 && last.mark === piece.mark)
        all[all.length - 1] = { ...last, text: last.text + text };
      else all.push({ ...piece, text });
      from += length;
      used += length;
      if (used === other.text.length && at < over.length) {
        at++;
        used = 0;
      }
    }
  }
  return all;
}

/** What belongs to a word: letters and digits of any script, and what joins them in names. */
const PART_OF_WORD = /[\p{L}\p{M}\p{N}_]/u;

/** The word of a text that the character at `at`, or the one before it, belongs to; empty if there is none. */
export function wordAt(text: string, at: number): string {
  const characters = [...text];
  let from = 0;
  let place = 0;
  while (place < characters.length && from + (characters[place] as string).length <= at) {
    from += (characters[place] as string).length;
    place++;
  }
  const isPart = (index: number): boolean => PART_OF_WORD.test(characters[index] ?? '');
  if (!isPart(place)) place--;
  if (!isPart(place)) return '';
  let first = place;
  let end = place + 1;
  while (first > 0 && isPart(first - 1)) first--;
  while (isPart(end)) end++;
  return characters.slice(first, end).join('');
}
