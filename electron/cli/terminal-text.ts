/**
 * Text from a log on its way to a terminal. A message is whatever a driver logs: it must not move the cursor, change
 * colours, retitle the window or turn the direction of what stands beside it. What would do so is shown as a sign.
 */

// Control characters; marks and overrides of direction; separators of lines; what is invisible; halves of pairs.
const HOSTILE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu;
// What a terminal shows as it is.
const PLAIN = /^[\u0020-\u007e]*$/;

/** One line that a terminal shows and does not obey. A tab becomes a blank, a line break its sign. */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/[\r\n]+$/, '')
    .replace(/\r\n/g, '\n')
    .replace(HOSTILE, sign);
}

/** The picture of a control character where Unicode has one, else its number. */
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

/** Columns of a terminal that a character takes, as far as terminals agree: 0, 1 or 2. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** As much of a visible text as fits `columns`; a text that is cut ends with an ellipsis. */
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

/** Columns a visible text takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let used = 0;
  for (const character of text) used += columnsOf(character);
  return used;
}
