/**
 * Makes text from a log safe for a terminal. A message is whatever a driver logs: it must not move the cursor, change
 * colours, change the window's title or reverse the direction of the text beside it. Characters that would do so are
 * shown as a visible sign.
 */

// Control characters, marks and overrides of text direction, line separators, invisible characters, halves of surrogate
// pairs.
const HOSTILE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu;
// Text that needs no replacement.
const PLAIN = /^[\u0020-\u007e]*$/;

/**
 * Text for one line that a terminal displays without interpreting anything in it. A tab becomes a blank, a line break a
 * visible sign.
 */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/[\r\n]+$/, '')
    .replace(/\r\n/g, '\n')
    .replace(HOSTILE, sign);
}

/** The Unicode picture of a control character if there is one, otherwise its number. */
function sign(character: string): string {
  const code = character.codePointAt(0) as number;
  if (character === '\t') return ' ';
  if (character === '\n') return '\u21b5';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mark}/u;

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
