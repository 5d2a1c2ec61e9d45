/** How far long messages are moved sideways. Widths and places are in characters of the table's font. */

/** A part of a line, from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The sign of a cut, which takes the last place of a line that continues. */
const SIGN = 1;
/**
 * If a match is brought into sight, this share of the room is left of it, provided that the line has so much before it.
 */
const LEFT_SHARE = 1 / 3;

/**
 * The move that brings a match into sight: the present one if a match is in sight; none if the first match is in sight
 * without moving; otherwise one that shows the first match with text around it. `room`: how much of a line is in
 * sight.
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

/**
 * How far lines can be moved until the end of the longest one reaches the edge; each line has its width and its room.
 */
export function longestShift(lines: readonly { readonly width: number; readonly room: number }[]): number {
  return lines.reduce((most, { width, room }) => Math.max(most, Math.ceil(width - room)), 0);
}
