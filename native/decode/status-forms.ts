/**
 * In which forms a status code stands in a message, and where. The finder and the filter go by the same rules:
 *
 * - A name is a whole word.
 * - A number from 0x40000000 on is a code wherever it stands as `0xC00000B5`, also with zeros before it or widened to 64
 *   bits by its sign, and in decimal, unsigned or signed.
 * - A smaller number is one only behind a word such as `status`, because it can be anything else: `status=0x102`,
 *   `error 258`. There eight hexadecimal digits need no `0x`.
 *
 * Sources of expressions without flags. `Letters` says how a letter is written, so that the same expression can be used
 * with and without regard to case.
 */

/** Writes a text of an expression so that letters match as they are to: as they stand, or both of their cases. */
export type Letters = (text: string) => string;

/** For an expression that ignores case. */
export const asWritten: Letters = (text) => text;

/** For an expression that may mind case: each letter is a class of its two cases. No classes in what is given. */
export const bothCases: Letters = (text) =>
  text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** Numbers from here on are codes wherever they stand. */
export const FIRST_DISTINCT = 0x4000_0000;

/** What cannot stand before and behind a word or a hexadecimal number; the tick divides an address in two halves. */
export const WORD_START = '(?<![0-9A-Za-z_`])';
export const WORD_END = '(?![0-9A-Za-z_`])';
/** The same of decimal numbers: no part of a fraction, and no sign that is not read. */
export const DECIMAL_START = '(?<![0-9A-Za-z_`-]|[0-9][.,])';
export const DECIMAL_END = '(?![0-9A-Za-z_`]|[.,][0-9])';

/** Words that may be the end of a longer one, as in `IoStatus` and `LastError`, and those that stand alone. */
export const ENDS_OF_WORDS = [
  'status',
  'error',
  'hresult',
  'statuscode',
  'errorcode',
  'status_code',
  'error_code',
  'status code',
  'error code',
];
export const WHOLE_WORDS = ['hr', 'err', 'rc', 'result', 'ret', 'returned', 'returns', 'exit code', 'return code'];
export const LINKS = [' is', ' was'];

/** What may stand between a word and its number. */
export const MOST_SIGNS = 6;
export const SIGNS = `[ \\t"'=:(\\[<#]{1,${MOST_SIGNS}}`;

/** The word behind which a number is a status code, up to where the number begins. */
export const statusWord = (letters: Letters): string =>
  `(?:(?:${ENDS_OF_WORDS.map(letters).join('|')})|${WORD_START}(?:${WHOLE_WORDS.map(letters).join('|')}))(?:${LINKS.map(letters).join('|')})?${SIGNS}`;

/** The digits of a code, from the first that is not 0. */
export const hexDigits = (code: number): string => code.toString(16);

/** The code as a signed number, without its sign; null for one that is not negative. */
export const negativeDigits = (code: number): string | null => (code >= 0x8000_0000 ? `${2 ** 32 - code}` : null);
