import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsRightToLeft, stretchesOf, turnsLeft } from './directions.ts';

const FAILED = '\u0641\u0634\u0644';

describe('texts that run from right to left', () => {
  it('are those whose first letter does', () => {
    const texts = [FAILED, '12: \u05d0bc', '\u{10840}', '\u{1e900}'];
    expect(texts.map(runsRightToLeft)).toEqual([true, true, true, true]);
    const others = ['', '12', `nicfilt: ${FAILED}`, `\u9a71 ${FAILED}`, '\u0434', '\u{1f600}'];
    expect(others.map(runsRightToLeft)).toEqual([false, false, false, false, false, false]);
  });

  it('are parts of others', () => {
    expect([`nicfilt: ${FAILED}`, FAILED, 'nicfilt', '\u9a71'].map(turnsLeft)).toEqual([true, true, false, false]);
  });

  it('keep paths and names in their order, whatever is marked in them', () => {
    const pieces = [
      { text: `${FAILED} \\Dev`, match: false },
      { text: `ice\\0: ${FAILED} 12`, match: true },
      { text: ' IRP 0x1f', match: false },
    ];
    expect(stretchesOf(pieces)).toEqual([
      { isLatin: false, pieces: [{ text: `${FAILED} `, match: false }] },
      {
        isLatin: true,
        pieces: [
          { text: '\\Dev', match: false },
          { text: 'ice\\0:', match: true },
        ],
      },
      {
        isLatin: false,
        pieces: [
          { text: ` ${FAILED} 12`, match: true },
          { text: ' ', match: false },
        ],
      },
      { isLatin: true, pieces: [{ text: 'IRP 0x1f', match: false }] },
    ]);
    expect(stretchesOf([])).toEqual([]);
  });

  it('lose nothing', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '0', ' ', '\\', ':', '\u0641', '\u05d0', '\n') });
    fc.assert(
      fc.property(fc.array(fc.record({ text, match: fc.boolean() })), (pieces) => {
        const marked = (some: readonly { text: string; match: boolean }[]) =>
          some.flatMap(({ text: own, match }) => [...own].map((sign) => [sign, match]));
        expect(marked(stretchesOf(pieces).flatMap((stretch) => stretch.pieces))).toEqual(marked(pieces));
      }),
    );
  });
});
