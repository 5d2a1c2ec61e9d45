import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLine, cutPieces, fitParts, fitText, isNarrow, wholeIfCut } from './cell-text.ts';
import { splitMatches } from './matches.ts';

describe('cells as text', () => {
  it('fill their column and stand at its edge', () => {
    expect(fitText('7', 4, 'end')).toBe('    7 ');
    expect(fitText('info', 7, 'start')).toBe(' info    ');
    expect(fitText('1234567', 4, 'end')).toBe(' 123\u2026 ');
    expect(fitParts({ quiet: '+0.00', strong: '7' }, 8)).toEqual({ quiet: '   +0.00', strong: '7 ' });
    expect(fitParts({ quiet: '12.', strong: '345' }, 5)).toEqual({ quiet: ' 12.', strong: '3\u2026 ' });
    expect(fitParts({ quiet: '12.345', strong: '' }, 4)).toEqual({ quiet: ' 12.\u2026', strong: ' ' });
  });

  it('are always as wide as their column', () => {
    const part = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(part, part, fc.integer({ min: 1, max: 20 }), (quiet, strong, width) => {
        const parts = fitParts({ quiet, strong }, width);
        expect(parts.quiet + parts.strong).toBe(fitText(quiet + strong, width, 'end'));
        expect(fitText(quiet, width, 'start')).toHaveLength(width + 2);
      }),
    );
  });

  it('know which texts are as wide as they have characters', () => {
    expect(isNarrow('nicfilt.sys (4)')).toBe(true);
    for (const text of ['\u9a71\u52a8', '\u00fc', '\ud83d\ude00', 'a\tb']) expect(isNarrow(text)).toBe(false);
  });
});

describe('lines that are cut', () => {
  it('show what fits, and say where they go on', () => {
    expect(cutLine('0123456789', 0, 10)).toBe('0123456789');
    expect(cutLine('0123456789', 0, 9)).toBe('01234567\u2026');
    expect(cutLine('0123456789', 4, 4)).toBe('456\u2026');
    expect(cutLine('0123456789', 4, 6)).toBe('456789');
    expect(cutLine('0123456789', 40, 6)).toBe('');
  });

  it('never show half a character', () => {
    const line = '\ud83d\ude00'.repeat(4);
    for (let shift = 0; shift < 8; shift++) {
      for (let room = 1; room < 9; room++) {
        const shown = cutLine(line, shift, room);
        expect(shown.replace(/\ud83d\ude00/g, '').replace(/\u2026$/, '')).toBe('');
        expect(shown.length).toBeLessThanOrEqual(room);
      }
    }
  });

  it('are cut alike in pieces and in one', () => {
    const shift = fc.integer({ min: 0, max: 30 });
    const room = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(fc.string({ maxLength: 30, unit: 'grapheme' }), shift, room, (line, by, width) => {
        const pieces = cutPieces(splitMatches(line, /[a-m]+/gu), by, width);
        expect(pieces.map(({ text }) => text).join('')).toBe(cutLine(line, by, width));
      }),
    );
  });

  it('keep what is a match', () => {
    const pieces = [
      { text: 'IRP ', match: false },
      { text: 'late', match: true },
      { text: ' again', match: false },
    ];
    expect(cutPieces(pieces, 6, 5)).toEqual([
      { text: 'te', match: true },
      { text: ' a', match: false },
      { text: '\u2026', match: false },
    ]);
  });

  it('are told whole where a part is out of sight', () => {
    expect(wholeIfCut('short', ' short')).toBe('');
    expect(wholeIfCut('two\nlines', 'late two\u21b5lines')).toBe('');
    expect(wholeIfCut('two\nlines', ' two\u21b5l\u2026')).toBe('two\nlines');
    expect(wholeIfCut('moved to the left', ' ved to the left')).toBe('moved to the left');
    expect(wholeIfCut('x'.repeat(5000), ' xxx\u2026')).toHaveLength(2001);
  });
});
