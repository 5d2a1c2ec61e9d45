/**
 * How the HTML report searches: the part of its script that makes an expression of what is typed and cuts a message at
 * the matches. It is a script of its own so that a test can hold it against the rules of the app (text-pattern.ts,
 * text-matches.ts), which a page that is a single file cannot import. The report has messages in their shown form, so a
 * sign that stands for a character is looked for as it is; only tabs are kept there.
 */
import { CASED_RANGES } from '../../../contract/text-pattern.ts';

/** Declares `plainSource(text)`, `expressionOf(text, regex)` and `piecesOf(text, pattern)`. */
export const SEARCH_SCRIPT = String.raw`const CASED = ${JSON.stringify(CASED_RANGES)}, MOST_MARKS = 40;
const beyondAscii = (mapped, otherwise) => (mapped > '\x7f' && [...mapped].length === 1 ? mapped : otherwise);
const foldOf = (letter) => beyondAscii(beyondAscii(letter.toUpperCase(), letter).toLowerCase(), letter);
let casesByFold = null;
function casesOf(letter) {
  if (letter <= '\x7f') {
    const lower = letter.toLowerCase(), upper = letter.toUpperCase();
    return lower === upper ? [letter] : [lower, upper];
  }
  if (casesByFold === null) {
    casesByFold = new Map();
    for (const [from, to] of CASED) {
      for (let code = from; code <= to; code++) {
        const each = String.fromCodePoint(code), fold = foldOf(each), same = casesByFold.get(fold);
        if (same) same.push(each); else casesByFold.set(fold, [each]);
      }
    }
  }
  return casesByFold.get(foldOf(letter)) || [letter];
}
function plainSource(text) {
  return [...text.replace(/[\ud800-\udfff]/gu, '\ufffd')].map((typed) => {
    if (typed === '\u2409') return '[\u2409\t]';
    const cases = casesOf(typed);
    if (cases.length > 1) return '[' + cases.join('') + ']';
    return /[\\^$.*+?()[\]{}|/]/.test(typed) ? '\\' + typed : typed;
  }).join('');
}
function expressionOf(text, regex) {
  return regex ? new RegExp(text, 'giu') : new RegExp(plainSource(text), 'gu');
}
function piecesOf(text, pattern) {
  const pieces = [];
  let at = 0;
  pattern.lastIndex = 0;
  for (let found; pieces.length < 2 * MOST_MARKS && (found = pattern.exec(text)) !== null; ) {
    if (found[0] === '') {
      // Within a surrogate pair the expression would go back to where it was.
      pattern.lastIndex += text.codePointAt(found.index) > 0xffff ? 2 : 1;
      continue;
    }
    pieces.push({ text: text.slice(at, found.index), match: false }, { text: found[0], match: true });
    at = pattern.lastIndex;
  }
  pieces.push({ text: text.slice(at), match: false });
  return pieces;
}
`;
