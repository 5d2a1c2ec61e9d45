/** The search of the HTML report, held against that of the app: what one finds and marks, the other does. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownField, shownText } from '../../../contract/shown-text.ts';
import { countCases } from '../../../contract/test-support.ts';
import { matchExpression, type Piece, splitMatches } from '../../../contract/text-matches.ts';
import { SEARCH_SCRIPT } from './html-search.ts';

interface Search {
  readonly expressionOf: (text: string, regex: boolean) => RegExp;
  readonly piecesOf: (text: string, pattern: RegExp) => Piece[];
}
/** As a page runs it: it sees nothing of this process. */
const search: Search = runInNewContext(`'use strict';${SEARCH_SCRIPT}({ expressionOf, piecesOf })`);

/** The marks of a message in the report. */
const marks = (message: string, typed: string, regex = false): string[] =>
  [...search.piecesOf(shownText(message), search.expressionOf(typed, regex))]
    .filter(({ match }) => match)
    .map(({ text }) => text);
/** The marks of a message in the app, as it shows them. */
const appMarks = (message: string, pattern: string): string[] =>
  splitMatches(message, matchExpression({ pattern, regex: false, caseSensitive: false }))
    .filter(({ match }) => match)
    .map(({ text }) => shownText(text));

const unit = fc.constantFrom(
  ...[
    'a',
    'A',
    'k',
    'K',
    '\u212a',
    's',
    '\u017f',
    '\u00e9',
    '\u00c9',
    '\u03c3',
    '\u03c2',
    '\u03a3',
    '\u00b5',
    '\u03bc',
  ],
  ...['\u0130', '\u0131', '\u00df', '\u1e9e', '\u{10400}', '\u{10428}', '\u4e2d', '\ud83d\ude00', 'e\u0301'],
  ...['.', '-', '[', ']', '(', ')', '{', '}', '\\', '*', '+', '?', '$', '^', '/', '|', ' ', '"', '<'],
  ...['\t', '\r', '\n', '\0', '\u001b', '\u009b', '\u2028', '\u202e', '\u200b', '\ud800', '\u2409', '\u240a', '\ufffd'],
);

describe('the search of an HTML report', () => {
  it('marks just what the app marks, whatever was typed of what is seen', () => {
    const cases = countCases('marked', 'not marked', 'another case', 'a sign');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 12, size: 'max' }),
        fc.string({ unit, minLength: 1, maxLength: 2, size: 'max' }).map(shownField),
        (message, typed) => {
          const expected = appMarks(message, typed);
          expect(marks(message, typed)).toEqual(expected);
          cases.note('marked', expected.length > 0);
          cases.note('not marked', expected.length === 0);
          cases.note(
            'another case',
            expected.some((mark) => mark !== typed && mark.toLowerCase() === typed.toLowerCase()),
          );
          cases.note('a sign', expected.length > 0 && /[\u2400-\u2426\ufffd]/.test(typed));
        },
      ),
      { numRuns: 3000 },
    );
    cases.expectEach(10);
  });

  it('takes a letter for its other case alone: a k never for the Kelvin sign', () => {
    expect(marks('kK\u212a', 'k')).toEqual(['k', 'K']);
    expect(marks('kK\u212a', '\u212a')).toEqual(['\u212a']);
    expect(marks('s\u017fS', 'S')).toEqual(['s', 'S']);
    expect(marks('\u03c3\u03c2\u03a3', '\u03c2')).toEqual(['\u03c3', '\u03c2', '\u03a3']);
  });

  it('finds a tab by its picture, as the table writes a name with one', () => {
    expect(marks('a\tb \u2409', '\u2409')).toEqual(['\t', '\u2409']);
  });

  it('loses no text with any expression, and ends on matches of nothing beside a surrogate pair', () => {
    for (const source of ['x*', '', '(?=b)', '.', '\\b', '(?<=\ud83d\ude00)']) {
      const pattern = search.expressionOf(source, true);
      for (const text of ['xxb', '\ud83d\ude00x\ud83d\ude00', '', 'x'.repeat(200)]) {
        const pieces = search.piecesOf(text, pattern);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        expect(pieces.length).toBeLessThanOrEqual(81);
      }
    }
    expect(() => search.expressionOf('(', true)).toThrow();
  });
});
