/**
 * Makes text from a log safe for a terminal, and measures it there. A message is whatever a driver logs: it must not
 * move the cursor, change colours, change the window's title or reverse the direction of the text beside it. Characters
 * that would do so are shown by the signs that the table has for them, so that what is copied here is found by a search.
 */
import { shownField } from '../contract/shown-text.ts';

// Text that needs no replacement.
const PLAIN = /^[\u0020-\u007e]*$/;

/**
 * Text for one line that a terminal displays without interpreting anything in it. Line breaks at its end are left out.
 * A tab is shown by its sign as well: copied from a terminal, a real one would mostly be blanks.
 */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return shownField(text.slice(0, end));
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Joiners stay in a text, because they change how their neighbours look. */
const NO_WIDTH = /[\p{Mark}\u200c\u200d]/u;

/** The columns that a character takes on a terminal, as far as terminals agree: 0, 1 or 2. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The beginning of a text that fits `columns`; a text that is cut ends with an ellipsis. */
export function fitColumns(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (text.length <= columns && PLAIN.test(text)) return text;
  let used = 0;
  // Where the ellipsis goes if the text turns out to be too long.
  let cut = 0;
  let at = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) return `${text.slice(0, cut)}\u2026`;
    at += character.length;
    if (used < columns) cut = at;
  }
  return text;
}

/** The number of columns that a text takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let used = 0;
  for (const character of text) used += columnsOf(character);
  return used;
}
