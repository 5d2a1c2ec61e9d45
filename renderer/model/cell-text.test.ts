import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitMatches } from '../../electron/contract/text-matches.ts';
import {
  cutLine,
  cutPieces,
  fitParts,
  fitText,
  isNarrow,
  isNarrowLine,
  messageLine,
  messagePieces,
  wholeMessage,
} from './cell-text.ts';

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

  it('are told whole where a part is out of sight, with nothing hidden', () => {
    expect(wholeMessage({ text: 'two\nlines', textCut: false })).toBe('two\u240a\nlines');
    expect(wholeMessage({ text: '\u202eevil', textCut: true })).toBe('\u2426evil\u2026');
    expect(wholeMessage({ text: 'x'.repeat(5000), textCut: false })).toHaveLength(2001);
  });
});

describe('messages as lines', () => {
  const whole = (text: string) => messageLine({ text, textCut: false });

  it('show what breaks lines, controls terminals, turns direction or is not seen', () => {
    expect(whole('ab\rcd')).toBe('ab\u240dcd');
    expect(whole('one\r\ntwo\u2028three')).toBe('one\u240d\u240atwo\u2424three');
    expect(whole('\u001b[31mred\u009b0m')).toBe('\u241b[31mred\ufffd0m');
    expect(whole('a\u202eb\u200bc')).toBe('a\u2426b\u2426c');
    expect(whole('plain')).toBe('plain');
  });

  it('go on at the next tab stop, and say that they were cut', () => {
    expect(whole('a\tb')).toBe('a   b');
    expect(whole('abc\t\td')).toBe('abc     d');
    expect(messageLine({ text: 'begin', textCut: true })).toBe('begin\u2026');
    expect(isNarrowLine('begin\u2026')).toBe(true);
    expect(isNarrowLine('be\u2026gin')).toBe(false);
  });

  it('are the same in pieces and in one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'm', 'x', '\t', '\n', '\u202e', '\u4e2d', '\ud83d\ude00') });
    fc.assert(
      fc.property(text, fc.boolean(), (message, textCut) => {
        const pieces = messagePieces(splitMatches(message, /[a-m\t]+/gu), textCut);
        expect(pieces.map((piece) => piece.text).join('')).toBe(messageLine({ text: message, textCut }));
      }),
    );
    expect(messagePieces(splitMatches('ab\tc', /\t/gu), false)).toEqual([
      { text: 'ab', match: false },
      { text: '  ', match: true },
      { text: 'c', match: false },
    ]);
  });
});
