/**
 * Finds messages that name one of some numbers, and records with one in a field that is an address or a handle. Rows that do not hold the last digits of any are left out by one search; the
 * expression tells of the others whether the number stands there by itself.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { lastDigits, valueSource } from '../../../native/decode/modules/addresses.ts';
import { payloadText, TYPE_TEXT } from '../text/text.ts';
import { hasHex } from './field-tests.ts';
import { literalFilter, type RowTest, textFilter } from './match-region.ts';
import type { TextMatcher } from './match-text.ts';

/** `values`: each as `0x` and its digits. */
export function hexMatcher(values: readonly string[]): TextMatcher {
  const numbers = values.map((value) => BigInt(value));
  // Without the flag `u` only ASCII letters are equal to ASCII letters, as digits are.
  const expression = new RegExp(numbers.map(valueSource).join('|'), 'i');
  const test = (text: string): boolean => expression.test(text);
  const sought = new Set(numbers);
  const matches: RowTest = (segment, offset) => {
    if (segment.kind.get(offset) !== RowKind.Entry) return false;
    const type = segment.type.get(offset);
    const payload = segment.payload(offset);
    return test(payloadText(type, payload)) || (type !== TYPE_TEXT && hasHex(type, payload, sought));
  };
  const confirm = textFilter(test, matches);
  const mayMatch = literalFilter(numbers.map(lastDigits), true, false, () => true);
  return {
    test,
    matches,
    filter: (segment, offsets, count) => confirm(segment, offsets, mayMatch(segment, offsets, count)),
  };
}
