import { describe, expect, it } from 'vitest';
import { holdsLetterTwins, isAscii, LOWER_ASCII } from './ascii.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('whether bytes are ASCII', () => {
  it('is told by every one of them, wherever they begin in memory and however many they are', () => {
    const memory = new Uint8Array(700).fill(0x7f);
    for (const offset of [0, 1, 2, 3]) {
      // Long ranges are looked at in words, and words eight at a time.
      for (const length of [1, 2, 3, 4, 5, 9, 255, 256, 257, 258, 259, 260, 287, 288, 300]) {
        const bytes = memory.subarray(offset);
        for (const from of [0, 1, 5]) {
          const to = from + length;
          expect(isAscii(bytes, from, to)).toBe(true);
          // What lies around the range says nothing of it.
          for (const outside of [from - 1, to]) {
            if (outside < 0) continue;
            bytes[outside] = 0x80;
            expect(isAscii(bytes, from, to)).toBe(true);
            bytes[outside] = 0x7f;
          }
          for (let at = from; at < to; at++) {
            bytes[at] = 0x80;
            if (isAscii(bytes, from, to)) expect.fail(`byte ${at} of ${from} to ${to} at ${offset} is not seen`);
            bytes[at] = 0x7f;
          }
        }
      }
    }
  });

  it('is not so for the first byte beyond', () => {
    expect([isAscii(Uint8Array.of(0x80), 0, 1), isAscii(Uint8Array.of(0x7f), 0, 1)]).toEqual([false, true]);
    const long = new Uint8Array(400);
    long[130] = 0x80;
    expect([isAscii(long, 0, 400), isAscii(long, 131, 400)]).toEqual([false, true]);
  });

  it('is so for none', () => {
    expect(isAscii(Uint8Array.of(0xff), 0, 0)).toBe(true);
    expect(isAscii(Uint8Array.of(0xff), 1, 1)).toBe(true);
  });
});

describe('letters outside ASCII that a search without case takes for others', () => {
  it.each([
    ['a long s', 'mi\u017fs', true],
    ['a Kelvin sign', '4 \u212a', true],
    ['neither', 'Gr\u00fc\u00dfe \u20ac \u0144', false],
    ['ASCII', 'kiss', false],
  ])('are seen: %s', (_what, text, holds) => {
    const bytes = utf8(text);
    expect(holdsLetterTwins(bytes, 0, bytes.length)).toBe(holds);
  });

  it('are seen at the begin and at the end of a range, and not outside', () => {
    for (const twin of ['\u017f', '\u212a']) {
      const bytes = utf8(`..${twin}..`);
      const end = 2 + utf8(twin).length;
      expect(holdsLetterTwins(bytes, 2, end)).toBe(true);
      expect([holdsLetterTwins(bytes, 0, 2), holdsLetterTwins(bytes, end, end + 2)]).toEqual([false, false]);
      expect(holdsLetterTwins(bytes, 0, 3)).toBe(false);
    }
    // Their last bytes, behind others.
    expect(holdsLetterTwins(Uint8Array.of(0xe2, 0xbf, 0xc5, 0x84), 0, 4)).toBe(false);
  });
});

it('only A to Z have another case', () => {
  const changed = [...LOWER_ASCII].flatMap((lower, byte) => (lower === byte ? [] : [[byte, lower]]));
  expect(changed).toEqual(Array.from({ length: 26 }, (_, n) => [65 + n, 97 + n]));
});
