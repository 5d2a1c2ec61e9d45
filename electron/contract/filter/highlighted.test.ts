/** What of a filter is marked in messages. */
import { describe, expect, it } from 'vitest';
import type { TextQuery } from '../rows.ts';
import { matchExpression, splitMatches } from '../text-matches.ts';
import { highlightedBy } from './highlighted.ts';

const CODES = '0[xX][cC]0|STATUS_X';

function marked(terms: string, message: string, caseSensitive = false, source: string | null = CODES): string[] {
  const query: TextQuery | null = highlightedBy({ text: null, terms: { text: terms, caseSensitive } }, () => source);
  if (query === null) return [];
  return splitMatches(message, matchExpression(query)).flatMap(({ text, match }) => (match ? [text] : []));
}

describe('a filter marks', () => {
  it.each<[string, string[]]>([
    ['cpu:1', []],
    ['cpu:1 foo', ['Foo']],
    ['cpu:1 foo "bar"', ['Foo', 'bar']],
    ['status:X', ['0xC0', 'STATUS_X']],
    ['status:X foo', ['Foo', '0xC0', 'STATUS_X']],
    ['/Fo+/ status:X', ['Foo', '0xC0', 'STATUS_X']],
    ['/Fo+/ status:X bar', ['Foo', '0xC0', 'STATUS_X']],
    ['-status:X', []],
    ['-foo status:X', ['0xC0', 'STATUS_X']],
  ])('its texts, expressions and status codes, but not what it hides: %s', (terms, expected) => {
    expect(marked(terms, 'Foo 0xC0 bar STATUS_X')).toEqual(expected);
  });

  it('status codes whatever the case of texts, and none while it is not known what their names stand for', () => {
    expect(marked('foo status:X', 'Foo 0XC0 foo', true)).toEqual(['0XC0', 'foo']);
    expect(marked('status:X', '0xC0', false, null)).toEqual([]);
    expect(marked('foo status:X', 'Foo 0xC0', false, null)).toEqual(['Foo']);
  });
});
