/**
 * Finds messages that have one of some status codes, and records with one in a field. Where the codes are few, rows that hold none of their texts are left
 * out by one search; the expression tells of the others whether the text stands there as a code.
 */

import { RowKind } from '../../../native/core/entry.ts';
import { type StatusQuery, statusTest, statusTexts } from '../../../native/decode/status-query.ts';
import { payloadText, TYPE_TEXT } from '../text/text.ts';
import { hasStatus } from './field-tests.ts';
import { literalFilter, type RowTest, textFilter } from './match-region.ts';
import type { TextMatcher } from './match-text.ts';

/** With more texts a search moves on by such small steps that the expression alone is as fast. */
const MOST_TEXTS = 24;

export function statusMatcher(query: StatusQuery): TextMatcher {
  // Without the flag `u` only ASCII letters are equal to ASCII letters, as the names have no others.
  const expression = new RegExp(statusTest(query), 'i');
  const test = (text: string): boolean => expression.test(text);
  const codes = new Set(query.codes);
  const matches: RowTest = (segment, offset) => {
    if (segment.kind.get(offset) !== RowKind.Entry) return false;
    const type = segment.type.get(offset);
    const payload = segment.payload(offset);
    return test(payloadText(type, payload)) || (type !== TYPE_TEXT && hasStatus(type, payload, codes));
  };
  const confirm = textFilter(test, matches);
  const texts = statusTexts(query);
  if (texts.length > MOST_TEXTS) return { test, matches, filter: confirm };
  const mayMatch = literalFilter(texts, true, false, () => true);
  return {
    test,
    matches,
    filter: (segment, offsets, count) => confirm(segment, offsets, mayMatch(segment, offsets, count)),
  };
}
