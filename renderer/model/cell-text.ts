/**
 * Cells of a row as text of a fixed number of characters. The table's font gives each character the same width, so
 * blanks can place the cells where boxes would otherwise be needed. A row is then a single line of text for the
 * browser, which it lays out in a third of the time that so many boxes would take. Texts are also cut here, because
 * nothing else clips a cell.
 */
import { shownLines, shownText } from '../../electron/contract/shown-text.ts';
import type { Piece } from '../../electron/contract/text-matches.ts';
import type { Parts } from './format.ts';

const CUT = '\u2026';
const TAB_STOP = 4;
/** Longer messages are cut in a tooltip; the details pane shows all. */
const LONGEST_TOOLTIP = 2000;

/** Whether all characters of a text are as wide as a digit. This is certain only for ASCII. */
export function isNarrow(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** The text in `width` characters, cut or padded, between two blanks. */
export function fitText(text: string, width: number, align: 'start' | 'end'): string {
  const shown = text.length > width ? `${text.slice(0, width - 1)}${CUT}` : text;
  return ` ${align === 'end' ? shown.padStart(width) : shown.padEnd(width)} `;
}

/** Two parts that fill the column together and end at its right edge. */
export function fitParts({ quiet, strong }: Parts, width: number): Parts {
  const spare = width - quiet.length - strong.length;
  if (spare >= 0) return { quiet: `${' '.repeat(spare + 1)}${quiet}`, strong: `${strong} ` };
  const shown = `${(quiet + strong).slice(0, width - 1)}${CUT}`;
  return { quiet: ` ${shown.slice(0, quiet.length)}`, strong: `${shown.slice(quiet.length)} ` };
}

/**
 * A message as one line: its shown form, with tabs expanded to the next tab stop, and a sign at the end if it was cut.
 */
export function messageLine({ text, textCut }: MessageText): string {
  const shown = shownText(text);
  const line = shown.includes('\t') ? withoutTabs(shown, 0) : shown;
  return textCut ? line + CUT : line;
}

/** The same for a message in pieces. */
export function messagePieces(pieces: readonly Piece[], textCut: boolean): Piece[] {
  let column = 0;
  const line = pieces.map((piece) => {
    const shown = withoutTabs(shownText(piece.text), column);
    column += shown.length;
    return { ...piece, text: shown };
  });
  return textCut ? [...line, { text: CUT, match: false }] : line;
}

/**
 * Whether a line is as many cells wide as it has characters. The sign at the end of a cut message has the width of a
 * digit.
 */
export function isNarrowLine(line: string): boolean {
  return isNarrow(line.endsWith(CUT) ? line.slice(0, -CUT.length) : line);
}

/** The part of a message that the table has. */
export interface MessageText {
  readonly text: string;
  readonly textCut: boolean;
}

/** Expands the tabs of a text that begins at a column. */
function withoutTabs(text: string, column: number): string {
  if (!text.includes('\t')) return text;
  let line = '';
  for (const part of text.split(/(\t)/)) {
    line += part === '\t' ? ' '.repeat(TAB_STOP - ((column + line.length) % TAB_STOP)) : part;
  }
  return line;
}

/**
 * The part of a line that is in sight if the line is moved `shift` characters to the left and `room` characters fit.
 */
export function cutLine(line: string, shift: number, room: number): string {
  const { from, end } = inSight(line, shift, room);
  if (end === line.length) return from === 0 ? line : line.slice(from);
  return `${line.slice(from, end)}${CUT}`;
}

/** The same for a line in pieces; pieces that are out of sight are left out. */
export function cutPieces(pieces: readonly Piece[], shift: number, room: number): Piece[] {
  const line = pieces.map(({ text }) => text).join('');
  const { from, end } = inSight(line, shift, room);
  const shown: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const { text } = piece;
    const part = text.slice(Math.max(0, from - at), Math.max(0, end - at));
    if (part !== '') shown.push({ ...piece, text: part });
    at += text.length;
  }
  if (end < line.length) shown.push({ text: CUT, match: false });
  return shown;
}

/** The tooltip of a message that is partly out of sight: everything that the table has of it. */
export function wholeMessage({ text, textCut }: MessageText): string {
  const whole = shownLines(text);
  if (whole.length > LONGEST_TOOLTIP) return `${whole.slice(0, LONGEST_TOOLTIP)}${CUT}`;
  return textCut ? whole + CUT : whole;
}

/** Where the visible part begins and ends. If it ends before the line does, there is room for the sign of a cut. */
function inSight(line: string, shift: number, room: number): { readonly from: number; readonly end: number } {
  const from = Math.min(line.length, splitsPair(line, shift) ? shift + 1 : shift);
  if (line.length - from <= room) return { from, end: line.length };
  const end = from + room - 1;
  return { from, end: splitsPair(line, end) ? end - 1 : end };
}

/** Whether a cut at `at` would separate the two halves of a surrogate pair. */
function splitsPair(line: string, at: number): boolean {
  if (at <= 0 || at >= line.length) return false;
  const before = line.charCodeAt(at - 1);
  return before >= 0xd800 && before < 0xdc00;
}
