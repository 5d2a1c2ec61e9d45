/** How far long messages are moved sideways. Widths and places are in characters of the table's face. */

/** A part of a line, from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The sign of a cut takes the last place of a line that goes on. */
const SIGN = 1;
/** The share of the room that is left of what is brought into sight, where the line has so much before it. */
const LEFT_SHARE = 1 / 3;

/**
 * The move that brings a match into sight: none if one is in sight, back to the begin of the line if the first is seen
 * there, else to what surrounds the first one. `room`: what is in sight of a line.
 */
export function shiftToMatch(matches: readonly Span[], shift: number, room: number): number {
  const [first] = matches;
  if (first === undefined) return shift;
  const inSight = ({ start, end }: Span, from: number) => start >= from && end <= from + room - SIGN;
  if (matches.some((match) => inSight(match, shift))) return shift;
  if (inSight(first, 0)) return 0;
  const spare = Math.max(0, room - SIGN - (first.end - first.start));
  return Math.max(0, Math.floor(first.start - spare * LEFT_SHARE));
}

/** How far lines can be moved until the longest of them ends at the edge; each has its width and its room. */
export function longestShift(lines: readonly { readonly width: number; readonly room: number }[]): number {
  return lines.reduce((most, { width, room }) => Math.max(most, Math.ceil(width - room)), 0);
}
