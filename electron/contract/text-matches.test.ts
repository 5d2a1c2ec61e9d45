import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchExpression, splitMatches } from './text-matches.ts';

const plain = (pattern: string, caseSensitive = false) => matchExpression({ pattern, regex: false, caseSensitive });

describe('match pieces', () => {
  it('marks every occurrence, ignoring case unless told otherwise', () => {
    expect(splitMatches('IRP irp', plain('irp'))).toEqual([
      { text: 'IRP', match: true },
      { text: ' ', match: false },
      { text: 'irp', match: true },
    ]);
    expect(splitMatches('IRP irp', plain('irp', true)).filter((p) => p.match)).toHaveLength(1);
  });

  it('takes a plain pattern literally', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        fc.string({ unit: 'grapheme-ascii' }),
        (pattern, rest) => {
          const pieces = splitMatches(rest + pattern, plain(pattern, true));
          expect(pieces.map((p) => p.text).join('')).toBe(rest + pattern);
          expect(pieces.some((p) => p.match && p.text === pattern)).toBe(true);
        },
      ),
    );
  });

  it('loses no text with any expression, and ends on empty matches', () => {
    for (const source of ['a*', '', '(?=b)', '.', '\\b']) {
      const pattern = matchExpression({ pattern: source, regex: true, caseSensitive: true });
      for (const text of ['aab', '😀a😀', '', 'x'.repeat(200)])
        expect(
          splitMatches(text, pattern)
            .map((p) => p.text)
            .join(''),
        ).toBe(text);
    }
  });

  it('gives null for an expression that does not compile', () => {
    expect(matchExpression({ pattern: '(', regex: true, caseSensitive: false })).toBeNull();
    expect(splitMatches('a', null)).toEqual([{ text: 'a', match: false }]);
  });
});
