import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../contract/test-support.ts';
import { LOWER_ASCII, SAME_BYTE } from './ascii.ts';
import { bestSkipTable, pairPlace, rarestByte, sampleOf, skipTable } from './skip-table.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const asItIs = (byte: number): readonly number[] => [byte];
const pair = (text: string) => pairPlace(text.charCodeAt(0) | (text.charCodeAt(1) << 8));

describe('skip tables', () => {
  it('move as far as the next place of the pair', () => {
    const { moves, end } = skipTable([bytes('abcab')], asItIs, 4);
    expect(end).toBe(4);
    expect(moves[pair('ab')]).toBe(0);
    expect(moves[pair('ca')]).toBe(1);
    expect(moves[pair('bc')]).toBe(2);
    expect(moves[pair('zz')]).toBe(4);
  });

  it('move no further than a byte can say, and are as short as the nearest of several texts asks for', () => {
    const long = new Uint8Array(301).map((_, at) => (at < 300 ? 97 : 98));
    const { moves, end } = skipTable([long], asItIs, 300);
    expect([end, moves[pair('zz')], moves[pair('aa')], moves[pair('ab')]]).toEqual([300, 255, 1, 0]);
    const both = skipTable([bytes('abcd'), bytes('xabx')], asItIs, 3).moves;
    expect([both[pair('ab')], both[pair('bc')], both[pair('cd')], both[pair('bx')]]).toEqual([1, 1, 0, 0]);
  });

  it('take every byte for all it may stand for', () => {
    const eitherCase = (byte: number) => [byte, byte - 32];
    const { moves } = skipTable([bytes('abc')], eitherCase, 2);
    expect(['bc', 'bC', 'Bc', 'BC'].map((text) => moves[pair(text)])).toEqual([0, 0, 0, 0]);
    expect(['ab', 'aB', 'Ab', 'AB'].map((text) => moves[pair(text)])).toEqual([1, 1, 1, 1]);
    expect(moves[pair('1c')]).toBe(2);
  });

  it('look only at the window they are for', () => {
    const { moves, end } = skipTable([bytes('abcde')], asItIs, 2);
    expect([end, moves[pair('bc')], moves[pair('ab')], moves[pair('cd')], moves[pair('de')]]).toEqual([2, 0, 1, 2, 2]);
  });

  it('never move past a place at which a text begins, whichever window is chosen', () => {
    const unit = fc.constantFrom('a', 'b', '0', ' ');
    const text = fc.string({ unit, minLength: 2, maxLength: 12, size: 'max' });
    // Of the same letters as the texts, or else nothing of them would ever be met in it.
    const data = fc.oneof(fc.string({ unit, maxLength: 300, size: 'max' }), fc.string({ maxLength: 300, size: 'max' }));
    const cases = countCases('hit', 'miss', 'several texts', 'the longest window', 'a shorter window');
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), data, (texts, like) => {
        const { moves, end } = bestSkipTable(texts.map(bytes), asItIs, bytes(like));
        for (const each of texts) {
          for (let at = 1; at <= end; at++) {
            // A window that ends within the text must come to stand at its start.
            expect(moves[pair(each.slice(at - 1, at + 1))]).toBeLessThanOrEqual(end - at);
          }
        }
        const found = texts.some((each) => like.includes(each));
        cases.note(found ? 'hit' : 'miss');
        cases.note('several texts', texts.length > 1);
        const longest = Math.min(...texts.map(({ length }) => length)) - 1;
        cases.note(end === longest ? 'the longest window' : 'a shorter window');
      }),
      { numRuns: 400 },
    );
    cases.expectEach(3);
  });

  it('choose a window that does not end with what is everywhere', () => {
    const like = bytes('status 0x00000000 offset 0x00000000 length 0x00000000 '.repeat(40));
    expect(bestSkipTable([bytes('0xc00000')], asItIs, like).end).toBeLessThan(7);
    expect(bestSkipTable([bytes('0xc00000')], asItIs, bytes('nothing of that kind '.repeat(40))).end).toBe(7);
  });

  it('choose a window that is not led to where it has to be looked at', () => {
    // `done after`, in each row, leads the longest window right to its end, time and again.
    const like = bytes('fltr: request 17 done after 250 us '.repeat(100));
    expect(bestSkipTable([bytes('0123456789 done after')], asItIs, like).end).toBeLessThan(20);
  });
});

describe('a sample', () => {
  it('is all of few bytes', () => {
    expect(sampleOf(bytes('only a few'), 5, 10)).toEqual(bytes('a few'));
  });

  it('is no copy as long as it is all of them', () => {
    const many = new Uint8Array(20_000).map((_, at) => at);
    const all = sampleOf(many, 100, 100 + 16_384);
    expect([all.buffer === many.buffer, all.length, all.byteOffset]).toEqual([true, 16_384, 100]);
    const some = sampleOf(many, 100, 100 + 16_385);
    expect([some.buffer === many.buffer, some.length]).toEqual([false, 16_384]);
    expect([...some.subarray(0, 512)]).toEqual([...many.subarray(100, 612)]);
    expect([...some.subarray(-512)]).toEqual([...many.subarray(100 + 16_385 - 512, 100 + 16_385)]);
  });

  it('is taken all over many', () => {
    const many = new Uint8Array(1_000_000).map((_, at) => at / 10_000);
    const sample = sampleOf(many, 100_000, 900_000);
    expect([sample[0], sample.at(-1)]).toEqual([10, 89]);
    expect(new Set(sample).size).toBeGreaterThan(30);
  });
});

describe('the rarest byte', () => {
  it('is where the text differs from the rest', () => {
    expect(rarestByte(bytes('0xc0'), SAME_BYTE, bytes('0x00 0x01'))).toBe(2);
    expect(rarestByte(bytes('late'), LOWER_ASCII, bytes('ALTER TALE LA'))).toBe(2);
  });
});
