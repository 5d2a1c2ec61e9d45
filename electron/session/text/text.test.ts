import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelName } from '../../../native/core/entry.ts';
import { EVENT_TYPE } from '../../../native/core/events.ts';
import {
  decodeAscii,
  decodeUtf8,
  encodeUtf8,
  hexText,
  lossText,
  payloadPreview,
  payloadText,
  TYPE_TEXT,
  withLoser,
} from './text.ts';

describe('bytes as text', () => {
  it('keep places where each byte is a character, with a stand-in for what is not ASCII', () => {
    // Long and short ones in turn: what is left of an earlier text is not seen in a later one.
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70, size: 'max' }), (bytes) => {
        const text = [...bytes].map((byte) => (byte < 128 ? String.fromCharCode(byte) : '\ufffd')).join('');
        expect(decodeAscii(bytes)).toBe(text);
      }),
    );
    expect(decodeAscii(encodeUtf8('\u00e9a'))).toBe('\ufffd\ufffda');
  });

  it('keep a byte order mark, which is part of the message', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  });

  it('are shown in hex where they are no text', () => {
    expect([hexText(new Uint8Array(0)), hexText(Uint8Array.of(0, 10, 255))]).toEqual(['', '0x000aff']);
    expect(payloadText(EVENT_TYPE.RESERVED, Uint8Array.of(1))).toBe('0x01');
    expect(payloadText(TYPE_TEXT, encodeUtf8('a'))).toBe('a');
  });
});

describe('a preview', () => {
  it('is all of a text that fits, and says that a longer one is cut', () => {
    for (const [length, cut] of [
      [7, false],
      [8, false],
      [9, true],
      [5000, true],
    ] as const) {
      const shown = payloadPreview(TYPE_TEXT, encodeUtf8('x'.repeat(length)), 8);
      expect(shown).toEqual({ text: 'x'.repeat(Math.min(8, length)), cut });
      // Three bytes a character is the most there is.
      expect(payloadPreview(TYPE_TEXT, encodeUtf8('\u20ac'.repeat(length)), 8)).toEqual({
        text: '\u20ac'.repeat(Math.min(8, length)),
        cut,
      });
    }
  });

  it('keeps a pair of surrogates whole, or leaves it out', () => {
    const emoji = '\u{1f600}';
    expect(payloadPreview(TYPE_TEXT, encodeUtf8(`1234567${emoji}`), 8)).toEqual({ text: '1234567', cut: true });
    expect(payloadPreview(TYPE_TEXT, encodeUtf8(`123456${emoji}9`), 8)).toEqual({ text: `123456${emoji}`, cut: true });
    // The bounds of the first halves of pairs: U+D7FF and U+E000 stand alone.
    for (const alone of ['\ud7ff', '\ue000']) {
      expect(payloadPreview(TYPE_TEXT, encodeUtf8(`1234567${alone}9`), 8).text).toBe(`1234567${alone}`);
    }
    for (const pair of ['\u{10000}', '\u{10ffff}']) {
      expect(payloadPreview(TYPE_TEXT, encodeUtf8(`1234567${pair}`), 8).text).toBe('1234567');
    }
  });

  it('of bytes in hex ends after whole bytes, as many as fit', () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, at) => at);
    expect(payloadPreview(9, bytes.subarray(0, 3), 8)).toEqual({ text: '0x000102', cut: false });
    expect(payloadPreview(9, bytes.subarray(0, 4), 8)).toEqual({ text: '0x000102', cut: true });
    expect(payloadPreview(9, bytes, 8)).toEqual({ text: '0x000102', cut: true });
  });
});

it('levels and losses are told in words', () => {
  expect([0, 1, 2, 3, 4, 200].map(levelName)).toEqual(['error', 'warning', 'info', 'trace', 'level 4', 'level 200']);
  expect(lossText(1, 5, 0)).toBe('1 record lost on CPU 5');
  expect(lossText(37, 5, 1)).toBe('37 records lost on CPU 5 (ring full)');
  expect(withLoser(lossText(37, 5, 1), ' by Boot: kernel buffers full')).toBe(
    '37 records lost on CPU 5 by Boot: kernel buffers full (ring full)',
  );
  expect(withLoser(lossText(1, 5, 0), ' by Boot: x')).toBe('1 record lost on CPU 5 by Boot: x');
  expect(lossText(2, 0, 0b100001)).toBe('2 records lost on CPU 0 (ring full or overwritten)');
});
