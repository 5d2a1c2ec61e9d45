import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import { LineSplitter } from './lines.ts';
import { cut } from './test-support.ts';

it('lines end with LF, CR LF or CR, whatever bytes are between and wherever a piece ends', () => {
  const cases = countCases('cr at the end of a piece', 'control character', 'no line end', 'high byte');
  const byte = fc.oneof(
    fc.constantFrom(10, 13, 13, 10, 0, 9, 31, 32, 127, 128, 141, 138, 255),
    fc.constantFrom(97, 98, 99, 100, 101),
  );
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 80 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 3 }),
      (content, piece, shift) => {
        // At any alignment.
        const bytes = Uint8Array.from([...new Array<number>(shift).fill(10), ...content]).subarray(shift);
        const lines: string[] = [];
        const numbers: number[] = [];
        const take = (line: Uint8Array, start: number, end: number): void => {
          lines.push(Buffer.from(line.subarray(start, end)).toString('latin1'));
          numbers.push(splitter.line);
        };
        const splitter = new LineSplitter(false, take, 80);
        for (let at = 0; at < bytes.length; at += piece) splitter.push(bytes.subarray(at, at + piece));
        splitter.finish();
        const text = Buffer.from(bytes).toString('latin1');
        const expected = text.split(/\r\n|\r|\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(lines).toEqual(expected);
        expect(numbers).toEqual(lines.map((_, at) => at + 1));
        cases.note(
          'cr at the end of a piece',
          content.some((each, at) => each === 13 && (at + 1) % piece === 0),
        );
        cases.note(
          'control character',
          content.some((each) => each < 32 && each !== 10 && each !== 13),
        );
        cases.note('no line end', !/[\r\n]/.test(text));
        cases.note(
          'high byte',
          content.some((each) => each > 127),
        );
      },
    ),
    { numRuns: 500 },
  );
  cases.expectEach(10);
});

it('a line that is too long comes in parts of the same length wherever a piece ends, and no character is cut', () => {
  const cases = countCases('one part', 'several parts', 'a piece within a character');
  const MOST = 12;
  const character = fc.constantFrom('a', 'b', 'ü', '€', '😀', '\n');
  fc.assert(
    fc.property(fc.array(character, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (characters, piece) => {
      const bytes = Buffer.from(characters.join(''));
      const parts: [string, boolean, boolean][] = [];
      const take = (line: Uint8Array, start: number, end: number, part: boolean, more: boolean): void => {
        parts.push([Buffer.from(line.subarray(start, end)).toString(), part, more]);
      };
      const splitter = new LineSplitter(false, take, MOST);
      for (let at = 0; at < bytes.length; at += piece) splitter.push(bytes.subarray(at, at + piece));
      splitter.finish();
      const lines = characters.join('').split('\n');
      if (lines.at(-1) === '') lines.pop();
      const expected = lines.map((line) => cut(line, MOST));
      expect(parts).toEqual(
        expected.flatMap((texts) => texts.map((text, at) => [text, at > 0, at < texts.length - 1])),
      );
      cases.note('one part', expected.filter(({ length }) => length === 1).length);
      cases.note('several parts', expected.filter(({ length }) => length > 1).length);
      cases.note('a piece within a character', (bytes[piece] ?? 0) >>> 6 === 2);
    }),
    { numRuns: 500 },
  );
  cases.expectEach(10);
});
