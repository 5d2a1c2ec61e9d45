/** Where a query occurs in a row's text, for highlighting. The search itself is done where the rows are kept. */
import type { TextQuery } from '../../electron/contract/rows.ts';

export interface Piece {
  readonly text: string;
  readonly match: boolean;
}

/** More marks than this in one row help nobody and cost elements. */
const MAX_MATCHES = 40;

/** What the unicode flag allows to be escaped; it refuses a needless backslash. */
const ESCAPE = /[\\^$.*+?()[\]{}|/]/g;

/** Compiles a query as the session does; null for one that does not compile, which is shown at its box, not here. */
export function compileQuery(query: TextQuery): RegExp | null {
  const source = query.regex ? query.pattern : query.pattern.replace(ESCAPE, '\\$&');
  try {
    return new RegExp(source, query.caseSensitive ? 'gu' : 'giu');
  } catch {
    return null;
  }
}

/** The text cut into matching and other pieces; joined they are the text. */
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
