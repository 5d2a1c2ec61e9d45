/**
 * Finds where a query matches in the text of a message, for highlighting. Callers that show the pieces convert each
 * into its shown form (shown-text.ts).
 */
import type { TextQuery } from './rows.ts';
import { textExpression } from './text-pattern.ts';

export interface Piece {
  readonly text: string;
  readonly match: boolean;
  /** The look of a word that a person highlights; none of what a search or a filter looks for. */
  readonly mark?: string;
}

/** The most highlights in one row: more help nobody, and each costs an element. */
const MAX_MATCHES = 40;

/**
 * An expression that finds all matches of a query. Null if the query does not compile, which is reported at its text
 * box and not here.
 */
export function matchExpression(query: TextQuery): RegExp | null {
  const expression = textExpression(query, true);
  return expression.ok ? expression.value : null;
}

/**
 * Cuts the text into matching and other pieces, which joined are the text again. `pattern`: with the flag `g`, or null
 * for none.
 */
export function splitMatches(text: string, pattern: RegExp | null): Piece[] {
  if (!pattern || text === '') return [{ text, match: false }];
  const pieces: Piece[] = [];
  let at = 0;
  pattern.lastIndex = 0;
  for (let count = 0; count < MAX_MATCHES; ) {
    const found = pattern.exec(text);
    if (!found) break;
    if (found[0] === '') {
      // An empty match highlights nothing. The search continues after a whole code point; within a surrogate pair, the
      // unicode flag would move it back.
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
