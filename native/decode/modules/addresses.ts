/**
 * Numbers in a message that can be addresses, handles or other values worth following: hexadecimal digits with `0x`, with
 * a debugger's backtick, or so many of them side by side that they are nothing else. Pure.
 */
import { bothCases } from '../status-forms.ts';

/** A value in a message, and its place. */
export interface HexValue {
  /** Characters `from..to-1` of the message. */
  readonly from: number;
  readonly to: number;
  readonly value: bigint;
}

/** Only so much of a message is looked at; UTF-16 units. */
const MOST_TEXT = 65_536;
/** The most values of one message. */
export const MOST_VALUES = 64;

/**
 * `0x` and 1 to 16 digits, digits in two parts by a backtick, or 8 to 16 digits with a letter or leading zero's worth of
 * them. What stands in a longer word, in a GUID or behind a `.` or `-` that joins digits is none.
 */
const VALUE =
  /(?<![0-9a-z_`.])(?<![0-9a-f]-)(?:(?:0x)?([0-9a-f]{1,8})`([0-9a-f]{8})|0x([0-9a-f]{1,16})|([0-9a-f]{8,16}))(?![0-9a-z_`])(?!-[0-9a-f]{4})/gi;

/** The values of a message in the order of their places. Decimal numbers of 8 digits and more are found too. */
export function hexValues(message: string): readonly HexValue[] {
  const text = message.length > MOST_TEXT ? message.slice(0, MOST_TEXT) : message;
  const found: HexValue[] = [];
  for (const match of text.matchAll(VALUE)) {
    const [whole, high, low, marked, bare] = match;
    const digits = marked ?? bare ?? `${high}${low}`;
    found.push({ from: match.index, to: match.index + whole.length, value: BigInt(`0x${digits}`) });
    if (found.length >= MOST_VALUES) break;
  }
  return found;
}

/** How a value is written in a filter: `0xffffc01a12345678`. */
export const valueText = (value: bigint): string => `0x${value.toString(16)}`;

/** Values that say nothing by themselves: nothing points to the first and the last page of an address space. */
const LEAST_TELLING = 0x1000n;
const PAGE_OF_32 = 0xffff_f000n;
const PAGE_OF_64 = 0xffff_ffff_ffff_f000n;

/** Whether a value is one that a person would follow: an address or a handle rather than a count or a -1. */
export function isTelling(value: bigint): boolean {
  return value >= LEAST_TELLING && value < PAGE_OF_64 && !(value >= PAGE_OF_32 && value <= 0xffff_ffffn);
}

/**
 * The source of an expression that matches a value however it is written: with or without `0x`, zeros in front, a backtick.
 * Without `0x` only in so many digits as make a value by themselves. It finds both cases of letters, whether the expression
 * minds case or not.
 */
export function valueSource(value: bigint): string {
  const written = value.toString(16);
  const digits = bothCases(written);
  const tail = bothCases(written.slice(-8));
  const head = bothCases(written.slice(0, -8));
  const padded = bothCases(written.padStart(8, '0'));
  const zeros = (most: number, least = 0): string => `0{${least},${most}}`;
  const marked = `0[xX]${zeros(16 - written.length)}${digits}`;
  const forms =
    head === ''
      ? [marked, `(?:0[xX])?${zeros(8, 1)}\`${padded}`, `${zeros(8)}${padded}`]
      : [
          marked,
          `(?:0[xX])?${zeros(8 - (written.length - 8))}${head}\`${tail}`,
          `${zeros(16 - written.length)}${head}${tail}`,
        ];
  return `(?<![0-9A-Za-z_\`.])(?<![0-9A-Fa-f]-)(?:${forms.join('|')})(?![0-9A-Za-z_\`])(?!-[0-9A-Fa-f]{4})`;
}

/** The digits that every way of writing a value ends with, for a quick look: lower case, at most 8. */
export const lastDigits = (value: bigint): string => value.toString(16).slice(-8);
