import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchExpression, type Piece, splitMatches } from '../../electron/contract/text-matches.ts';
import { overlaid, wordAt } from './word-marks.ts';

const split = (text: string, pattern: string): Piece[] =>
  splitMatches(text, matchExpression({ pattern, regex: false, caseSensitive: true }));
/** Each character with what marks it. */
const painted = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap(({ text, match, mark }) =>
    Array.from({ length: text.length }, () => (match ? 'found' : (mark ?? '-'))),
  );

describe('words laid over what is marked', () => {
  it('are each in their look, and what was there first stays', () => {
    const base = split('noise on the bus: noise', 'bus');
    const once = overlaid(base, split('noise on the bus: noise', 'noise'), 'red');
    expect(once).toEqual([
      { text: 'noise', match: false, mark: 'red' },
      { text: ' on the ', match: false },
      { text: 'bus', match: true },
      { text: ': ', match: false },
      { text: 'noise', match: false, mark: 'red' },
    ]);
    const twice = overlaid(once, split('noise on the bus: noise', 'e on the b'), 'blue');
    expect(twice.map(({ text, mark, match }) => [text, match ? 'found' : (mark ?? '')])).toEqual([
      ['noise', 'red'],
      [' on the ', 'blue'],
      ['bus', 'found'],
      [': ', ''],
      ['noise', 'red'],
    ]);
    expect(overlaid(base, split('noise on the bus: noise', 'nothing'), 'red')).toBe(base);
  });

  it('are the same as each character looked at by itself', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const sought = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(letters, sought, sought, sought, (text, find, first, second) => {
        const base = split(text, find);
        const more = [split(text, first), split(text, second)] as const;
        const pieces = overlaid(overlaid(base, more[0], 'one'), more[1], 'two');
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const [found, one, two] = [base, ...more].map(painted) as [string[], string[], string[]];
        const plain = found.map((mark, at) =>
          mark === 'found' ? mark : one[at] === 'found' ? 'one' : two[at] === 'found' ? 'two' : '-',
        );
        expect(painted(pieces)).toEqual(plain);
      }),
    );
  });
});

describe('the word at a place', () => {
  it.each([
    ['IRP 0x12 failed', 5, '0x12'],
    ['IRP 0x12 failed', 0, 'IRP'],
    ['IRP 0x12 failed', 3, 'IRP'],
    ['IRP 0x12 failed', 15, 'failed'],
    ['a, b', 2, ''],
    ['  ', 1, ''],
    ['', 0, ''],
    ['my_name.sys', 4, 'my_name'],
    ['слово 日本語 x', 2, 'слово'],
    ['слово 日本語 x', 7, '日本語'],
    ['\u{1d400}\u{1d401} b', 2, '\u{1d400}\u{1d401}'],
  ])('of %j at %d is %j', (text, at, word) => expect(wordAt(text, at)).toBe(word));
});
