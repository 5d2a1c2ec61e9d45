import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { textExpression } from '../contract/text-pattern.ts';
import { fitColumns, visibleText, widthOf } from './terminal-text.ts';

// Whatever a terminal obeys or hides; written apart from the code, by category.
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const HOSTILE = [
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\r',
  '\n',
  '\t',
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
        // Marks of Arabic and old scripts that are drawn are left, and joiners; no terminal acts on them.
        const shown = visibleText(given).replace(/[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u200c\u200d]/g, '');
        const left = [...shown].filter(
          (character) => OBEYED.test(character) && (character.codePointAt(0) as number) < 0x10000,
        );
        expect(left).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(hostile).toBeGreaterThan(250);
  });

  it('shows what it replaces by the signs of the table', () => {
    expect(visibleText('a\u001b[31mb')).toBe('a\u241b[31mb');
    expect(visibleText('one\r\ntwo\nthree\r\n')).toBe('one\u240d\u240atwo\u240athree');
    expect(visibleText('a\tb\u007f\u0000')).toBe('a\u2409b\u2421\u2400');
    expect(visibleText('user\u202egnp.exe')).toBe('user\u2426gnp.exe');
    expect(visibleText('\u009b2J\ud800')).toBe('\ufffd2J\ufffd');
    expect(visibleText('Größe 日本 😀')).toBe('Größe 日本 😀');
  });

  it('is found again by a search when it is copied from a terminal', () => {
    const cases = countCases('a sign', 'a tab', 'a line break');
    fc.assert(
      fc.property(text, fc.nat(30), fc.integer({ min: 1, max: 8 }), (given, from, length) => {
        const units = [...visibleText(given)];
        const pattern = units
          .slice(from % Math.max(1, units.length))
          .slice(0, length)
          .join('');
        if (pattern === '') return;
        const found = textExpression({ pattern, regex: false, caseSensitive: true });
        expect(found.ok && found.value.test(given)).toBe(true);
        cases.note('a sign', /[\u2400-\u2426\ufffd]/.test(pattern));
        cases.note('a tab', pattern.includes('\u2409'));
        cases.note('a line break', /[\u240a\u240d]/.test(pattern));
      }),
      { numRuns: 1000 },
    );
    cases.expectEach(10);
  });

  it('takes no long time for many line breaks before the end of a message', () => {
    const message = `${'\n'.repeat(1 << 18)}x`;
    expect(visibleText(message)).toBe(`${'\u240a'.repeat(1 << 18)}x`);
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
    ['e\u200dx', 2, 'e\u200dx'],
    ['a\u2409b', 3, 'a\u2409b'],
    ['a\u2409bc', 3, 'a\u2409\u2026'],
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
