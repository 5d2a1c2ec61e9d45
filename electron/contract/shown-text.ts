/**
 * One rule for the text of messages: what is shown, searched, marked, copied and exported.
 *
 * - A payload is kept as it came. Searches and marks look at its text itself.
 * - The shown form puts a visible stand-in, one character, in the place of each character that would not be seen as it
 *   is: that breaks a line, controls a terminal, turns the direction of what follows, or leaves no trace at all. So a
 *   record is always one line, and reads in the order in which it was written:
 *     U+0000-U+001F but the tab, U+007F   their control pictures, U+2400-U+241F and U+2421
 *     U+0085, U+2028, U+2029              U+2424, the picture of a new line
 *     U+0080-U+009F else, half a pair     U+FFFD, as bytes that are not UTF-8
 *     format characters that are not seen U+2426: marks, embeddings and isolates of direction, zero-width blanks, tags
 *   A tab stays a tab; the table moves on to the next tab stop for it. Joiners and variation selectors stay as well: they
 *   change how their neighbours look.
 * - The table, the clipboard and the text export have the shown form. The details have it too, with each line break made
 *   behind its picture. CSV and JSON Lines are for programs and have the text itself.
 * - A stand-in that is looked for finds what it stands for, and itself (text-pattern.ts): what somebody reads or copies
 *   is found again. A search takes the query apart for that, never the text, so that bytes can be searched as they lie.
 */

/** A visible character that stands in for others, and the ranges of code points for which it stands. */
interface Sign {
  readonly standIn: number;
  readonly ranges: readonly (readonly [number, number])[];
}

const picture = (code: number): Sign => ({ standIn: 0x2400 + code, ranges: [[code, code]] });

const TAB_PICTURE = 0x2409;
const SIGNS: readonly Sign[] = [
  ...Array.from({ length: 32 }, (_, code) => picture(code)),
  { standIn: 0x2421, ranges: [[0x7f, 0x7f]] },
  {
    standIn: 0x2424,
    ranges: [
      [0x85, 0x85],
      [0x2028, 0x2029],
    ],
  },
  {
    standIn: 0xfffd,
    ranges: [
      [0x80, 0x84],
      [0x86, 0x9f],
      [0xd800, 0xdfff],
    ],
  },
  {
    standIn: 0x2426,
    ranges: [
      [0xad, 0xad],
      [0x061c, 0x061c],
      [0x180e, 0x180e],
      [0x200b, 0x200b],
      [0x200e, 0x200f],
      [0x202a, 0x202e],
      [0x2060, 0x206f],
      [0xfeff, 0xfeff],
      [0xfff9, 0xfffb],
      [0xe0000, 0xe007f],
    ],
  },
];

const escaped = (code: number): string => `\\u{${code.toString(16)}}`;

/** The ranges as they are written in a character class of an expression with the flag `u`. */
const classOf = ({ ranges }: Sign): string =>
  ranges.map(([from, to]) => (from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`)).join('');

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

const STANDS_FOR: ReadonlyMap<string, string> = new Map(
  SIGNS.map((sign) => [String.fromCharCode(sign.standIn), classOf(sign)]),
);

const HIDDEN = SIGNS.filter(({ standIn }) => standIn !== TAB_PICTURE);
const EACH_HIDDEN = new RegExp(`[${HIDDEN.map(classOf).join('')}]`, 'gu');
/**
 * A quick test by UTF-16 units, which also matches every surrogate pair. If nothing is hidden, it takes a quarter of
 * the time.
 */
const MAY_HIDE = new RegExp(
  `[${HIDDEN.flatMap(({ ranges }) => ranges)
    .filter(([, to]) => to <= 0xffff)
    .map((range) => range.map(unitEscape).join('-'))
    .join('')}]`,
);
const LINE_END = /\u240d\u240a|[\u240a\u240d\u2424]/g;

function standInOf(character: string): string {
  const code = character.codePointAt(0) as number;
  const sign = SIGNS.find(({ ranges }) => ranges.some(([from, to]) => code >= from && code <= to));
  return sign === undefined ? character : String.fromCharCode(sign.standIn);
}

/** The shown form: a single line in which no character is invisible. Tabs stay. */
export function shownText(text: string): string {
  return MAY_HIDE.test(text) ? text.replace(EACH_HIDDEN, standInOf) : text;
}

/** The shown form of a name or another field that stands beside others: tabs are replaced by their picture too. */
export function shownField(text: string): string {
  return shownText(text).replaceAll('\t', String.fromCharCode(TAB_PICTURE));
}

/**
 * The shown form with real line breaks behind the pictures of line breaks. Text copied from it can still be found by a
 * search.
 */
export function shownLines(text: string): string {
  return shownText(text).replace(LINE_END, '$&\n');
}

/**
 * What a stand-in stands for, as members of a character class with the flag `u`; null if the character is no stand-in.
 */
export function standsFor(character: string): string | null {
  return STANDS_FOR.get(character) ?? null;
}

/** The stand-ins whose code points lie in a range. */
export function standInsBetween(from: string, to: string): string[] {
  return [...STANDS_FOR.keys()].filter((standIn) => standIn >= from && standIn <= to);
}
