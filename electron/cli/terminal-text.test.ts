import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitColumns, visibleText, widthOf } from './terminal-text.ts';

// Whatever a terminal obeys or hides; written apart from the code, by category.
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const HOSTILE = [
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\r',
  '\n',
  '\b\b\b',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\u0085',
  '\u{e0041}',
  '\ud800',
];
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('日', 'e\u0301'),
    ),
    {
      maxLength: 30,
      size: 'max',
    },
  )
  .map((parts) => parts.join(''));

describe('visibleText', () => {
  it('leaves nothing a terminal obeys, in one line', () => {
    let hostile = 0;
    fc.assert(
      fc.property(text, (given) => {
        if (OBEYED.test(given)) hostile++;
        // Marks of Arabic and old scripts that are drawn are left; no terminal acts on them.
        const shown = visibleText(given).replace(/[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u180e]/g, '');
        const left = [...shown].filter(
          (character) => OBEYED.test(character) && (character.codePointAt(0) as number) < 0x10000,
        );
        expect(left).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(hostile).toBeGreaterThan(250);
  });

  it('says what it replaced', () => {
    expect(visibleText('a\u001b[31mb')).toBe('a\u241b[31mb');
    expect(visibleText('one\r\ntwo\nthree\r\n')).toBe('one\u21b5two\u21b5three');
    expect(visibleText('a\tb\u007f\u0000')).toBe('a b\u2421\u2400');
    expect(visibleText('user\u202egnp.exe')).toBe('user<U+202E>gnp.exe');
    expect(visibleText('\u009b2J\ud800')).toBe('<U+009B>2J<U+D800>');
    expect(visibleText('Größe 日本 😀')).toBe('Größe 日本 😀');
  });
});

describe('fitColumns', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde\u2026'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本\u2026'],
    ['日本語', 4, '日\u2026'],
    ['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
    ['x', 0, ''],
    ['xy', 1, '\u2026'],
  ])('fits %s into %i columns', (given, columns, shown) => {
    expect(fitColumns(given, columns)).toBe(shown);
  });

  it('never takes more columns than there are', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (given, columns) => {
        const visible = visibleText(given);
        const fitted = fitColumns(visible, columns);
        expect(widthOf(fitted)).toBeLessThanOrEqual(columns);
        if (widthOf(visible) <= columns) expect(fitted).toBe(columns === 0 ? '' : visible);
        else if (columns > 0) expect(fitted.endsWith('\u2026')).toBe(true);
      }),
    );
  });
});
