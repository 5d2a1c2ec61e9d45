/**
 * Where a query occurs in the text of a message: what is marked. Whoever wants to show the pieces puts each into its shown
 * form (shown-text.ts).
 */
import type { TextQuery } from './rows.ts';
import { textExpression } from './text-pattern.ts';

export interface Piece {
  readonly text: string;
  readonly match: boolean;
}

/** More marks than this in one row help nobody and cost elements. */
const MAX_MATCHES = 40;

/** What goes through all matches of a query; null if it does not compile, which is said at its box, not here. */
export function matchExpression(query: TextQuery): RegExp | null {
  const expression = textExpression(query, true);
  return expression.ok ? expression.value : null;
}

/** The text cut into matching and other pieces; joined they are the text. `pattern`: with the flag `g`, or null for none. */
export function splitMatches(text: string, pattern: RegExp | null): Piece[] {
  if (!pattern || text === '') return [{ text, match: false }];
  const pieces: Piece[] = [];
  let at = 0;
  pattern.lastIndex = 0;
  for (let count = 0; count < MAX_MATCHES; ) {
    const found = pattern.exec(text);
    if (!found) break;
    if (found[0] === '') {
      // An empty match marks nothing; a whole code point is stepped over, or the unicode flag would step back.
      pattern.lastIndex += (text.codePointAt(found.index) ?? 0) > 0xffff ? 2 : 1;
      if (pattern.lastIndex > text.length) break;
      continue;
    }
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), match: false });
    pieces.push({ text: found[0], match: true });
    at = found.index + found[0].length;
    count++;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), match: false });
  return pieces;
}
