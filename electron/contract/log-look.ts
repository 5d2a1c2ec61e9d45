/** How rows of the log look besides their theme: the size and family of their letters, and whether processes have colours. */

export interface LogLook {
  /** Pixels at the usual zoom: LEAST_FONT_SIZE to MOST_FONT_SIZE, in halves. Rows are as much higher as their letters. */
  readonly fontSize: number;
  /** The name of a family; empty for the one that the app has by itself. */
  readonly fontFamily: string;
  /** Whether cells that name a process have a colour of it. */
  readonly processColours: boolean;
}

export const DEFAULT_LOOK: LogLook = { fontSize: 12.5, fontFamily: '', processColours: false };

export const LEAST_FONT_SIZE = 9;
export const MOST_FONT_SIZE = 28;
const MOST_FAMILY = 64;

export const isFontSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(2 * value) && value >= LEAST_FONT_SIZE && value <= MOST_FONT_SIZE;

/** A single family: no list, and nothing that could end a value of a style. */
export const isFontFamily = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MOST_FAMILY && /^(?:[\p{L}\p{N}][\p{L}\p{N} ._-]*)?$/u.test(value);

/** What is wrong with the name of a family, as a sentence; null if nothing is. */
export function familyTrouble(family: string): string | null {
  if (family.length > MOST_FAMILY) return `At most ${MOST_FAMILY} characters`;
  return isFontFamily(family) ? null : 'The name of one family: letters, digits and blanks';
}

/** What of more is the look alone. */
export const lookOf = ({ fontSize, fontFamily, processColours }: LogLook): LogLook => ({
  ...{ fontSize, fontFamily, processColours },
});
