/**
 * Finds messages that name one of some numbers. Rows that do not hold the last digits of any are left out by one search; the
 * expression tells of the others whether the number stands there by itself.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { lastDigits, valueSource } from '../../../native/decode/modules/addresses.ts';
import { payloadText } from '../text/text.ts';
import { literalFilter, type RowTest, textFilter } from './match-region.ts';
import type { TextMatcher } from './match-text.ts';

/** `values`: each as `0x` and its digits. */
export function hexMatcher(values: readonly string[]): TextMatcher {
  const numbers = values.map((value) => BigInt(value));
  // Without the flag `u` only ASCII letters are equal to ASCII letters, as digits are.
  const expression = new RegExp(numbers.map(valueSource).join('|'), 'i');
  const test = (text: string): boolean => expression.test(text);
  const matches: RowTest = (segment, offset) =>
    segment.kind.get(offset) === RowKind.Entry && test(payloadText(segment.type.get(offset), segment.payload(offset)));
  const confirm = textFilter(test, matches);
  const mayMatch = literalFilter(numbers.map(lastDigits), true, false, () => true);
  return {
    test,
    matches,
    filter: (segment, offsets, count) => confirm(segment, offsets, mayMatch(segment, offsets, count)),
  };
}
