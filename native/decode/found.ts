/** A value in a message that is worth explaining, its place, and what it can mean. */
import { type Reading, readingText } from './reading.ts';

export interface Found {
  /** Characters `from..to-1` of the message. */
  readonly from: number;
  readonly to: number;
  /** What it can be, at least one. */
  readonly readings: readonly Reading[];
  /** Whether nothing else comes into question; else it is said as what it is read. */
  readonly certain: boolean;
  /** Whether it is a name, whose number is told; else it is a number. */
  readonly isName: boolean;
  /** What a filter term `status:` looks for to find it again; null where it is no status code. */
  readonly status: string | null;
}

/** Looks for values of one kind. Ends in a time in proportion to the length of the text. */
export type Finder = (text: string) => Iterable<Found>;

/** The place of a group that ends a match. */
export const placeOf = (match: RegExpExecArray, group: string): { readonly from: number; readonly to: number } => {
  const to = match.index + match[0].length;
  return { from: to - group.length, to };
};

/** What is said of a value: `STATUS_IO_TIMEOUT - severity error, facility 0, code 181`. */
export function meaningOf({ readings, certain }: Pick<Found, 'readings' | 'certain'>): string {
  const alone = certain && readings.length === 1;
  return readings.map((reading) => readingText(reading, alone)).join('; ');
}
