import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import { LineSplitter } from './lines.ts';

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
        const splitter = new LineSplitter(false, (line, start, end) => {
          lines.push(Buffer.from(line.subarray(start, end)).toString('latin1'));
          numbers.push(splitter.line);
        });
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
