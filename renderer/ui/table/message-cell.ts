/**
 * The message of a row. Most messages are a single piece of ASCII, which is cut here by characters and needs no box.
 * Other messages, and those with badges before them, have a width that only the browser knows, so they are put into a
 * box that the browser clips.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import type { Piece } from '../../../electron/contract/text-matches.ts';
import { RowFlag } from '../../../native/core/entry.ts';
import { cutLine, cutPieces, isNarrowLine, messageLine, messagePieces } from '../../model/cell-text.ts';
import { runsRightToLeft, stretchesOf, turnsLeft } from '../../model/directions.ts';
import type { TimeColumns } from '../../model/time-columns.ts';
import { overlaid } from '../../model/word-marks.ts';
import { keyFor } from '../../store/commands.ts';
import type { Highlighter } from '../../store/highlights.ts';
import { make, writer } from './nodes.ts';

/** How messages are drawn. */
export interface MessageLook {
  readonly times: Pick<TimeColumns, 'reference'>;
  /** By how many characters messages are moved to the left, and how many characters fit. */
  readonly shift: number;
  readonly room: number;
  readonly find: Highlighter | null;
  readonly filter: Highlighter | null;
  readonly words: readonly WordLook[];
}

/** A word that the person highlights, and the class of its look. */
export interface WordLook {
  readonly highlighter: Highlighter;
  readonly mark: string;
}

const LATE =
  'Late: this record was delivered after newer ones, because its CPU stayed inside a write. Its index and time are right; its place is where it arrived.';
const CUT = 'Truncated: the driver cut this message to fit its formatting buffer. The rest was never recorded.';
const REFERENCE = `You measure from this row: the status bar and the deltas say how far others are from it. ${keyFor('measure')} on it ends that.`;

/**
 * So many UTF-16 units may take the width of a single character of the table's font, so that more of a text is kept.
 */
const NARROWEST = 4;

/** Returns a function that writes the message of a row into its cell: badges, and the text with its highlights. */
export function messageCell(element: HTMLElement): (row: LogRow, look: MessageLook) => void {
  let plain: ((text: string) => void) | null = writer(element);
  let boxed = false;

  const box = (is: boolean, room: number) => {
    if (!is && !boxed) return;
    if (boxed !== is) element.classList.toggle('measured', is);
    boxed = is;
    const width = is ? `${room + 1}ch` : '';
    if (element.style.width !== width) element.style.width = width;
  };
  const write = (parts: readonly (HTMLElement | string)[]) => {
    plain = null;
    element.replaceChildren(...parts);
  };

  return (row, { find, filter, words, shift, room, times }) => {
    const pieces = markedPieces(row.text, find ?? filter, words);
    const marked = pieces === null ? null : messagePieces(pieces, row.textCut);
    const line = messageLine(row);
    const badges = badgesOf(row, times);
    const narrow = badges.length === 0 && isNarrowLine(line);
    box(!narrow, room);
    if (!narrow) {
      write([
        ...badges,
        messageBox(marked ?? [{ text: line, match: false }], line, { shift, room, found: find !== null }),
      ]);
    } else if (marked !== null) {
      write([' ', ...cutPieces(marked, shift, room).map((piece) => pieceNode(piece, find !== null))]);
    } else {
      if (plain === null) {
        element.replaceChildren();
        plain = writer(element);
      }
      plain(` ${cutLine(line, shift, room)}`);
    }
  };
}

interface BoxLook {
  readonly shift: number;
  readonly room: number;
  readonly found: boolean;
}

/** A text in a box that clips its end. Text that can never be in sight is left out, because layout takes time. */
function messageBox(pieces: readonly Piece[], line: string, { shift, room, found }: BoxLook): HTMLElement {
  const box = make('span', 'message-box');
  const rightToLeft = runsRightToLeft(line);
  if (rightToLeft) box.dir = 'rtl';
  const text = box.appendChild(make('span', 'message-text'));
  if (shift > 0) text.style.marginInlineStart = `${-shift}ch`;
  // Of a part that runs from right to left in a line that does not, the box would clip the begin.
  const widest = !rightToLeft && turnsLeft(line) ? 1 : NARROWEST;
  const shown = cutPieces(pieces, 0, (shift + room) * widest);
  for (const { isLatin, pieces: some } of rightToLeft ? stretchesOf(shown) : [{ isLatin: false, pieces: shown }]) {
    const nodes = some.map((piece) => pieceNode(piece, found));
    text.append(...(isLatin ? [inOrder(nodes)] : nodes));
  }
  return box;
}

/** What runs from left to right within a line that does not. */
function inOrder(nodes: readonly (HTMLElement | string)[]): HTMLElement {
  const element = make('bdi', '');
  element.dir = 'ltr';
  element.append(...nodes);
  return element;
}

/** The text with all that is marked in it; null if nothing is. */
export function markedPieces(
  text: string,
  sought: Highlighter | null,
  words: readonly WordLook[],
): readonly Piece[] | null {
  let pieces = sought?.split(text) ?? [{ text, match: false }];
  for (const { highlighter, mark } of words) pieces = overlaid(pieces, highlighter.split(text), mark);
  return pieces.some(({ match, mark }) => match || mark !== undefined) ? pieces : null;
}

export function pieceNode({ text, match, mark }: Piece, found: boolean): HTMLElement | string {
  if (mark !== undefined) {
    const element = make('mark', mark);
    element.textContent = text;
    return element;
  }
  return match ? hit(text, found) : text;
}

const BADGES = RowFlag.Late | RowFlag.Truncated;

/** The badges before a message with special flags, and that of the row that others are measured from. */
export function badgesOf({ flags, row }: LogRow, { reference }: MessageLook['times']): HTMLElement[] {
  const isReference = reference?.row === row;
  if ((flags & BADGES) === 0 && !isReference) return [];
  return [
    ...(isReference ? [referenceBadge()] : []),
    ...((flags & RowFlag.Late) !== 0 ? [badge('late', LATE)] : []),
    ...((flags & RowFlag.Truncated) !== 0 ? [badge('cut', CUT)] : []),
  ];
}

export function referenceBadge(): HTMLElement {
  const element = badge('reference', REFERENCE);
  // Nothing to be warned of, unlike the others.
  element.classList.add('calm');
  return element;
}

function badge(word: string, title: string): HTMLElement {
  const element = make('span', 'badge');
  element.title = title;
  element.textContent = word;
  return element;
}

function hit(text: string, found: boolean): HTMLElement {
  const element = make('mark', found ? 'hit' : 'filter-hit');
  element.textContent = text;
  return element;
}
