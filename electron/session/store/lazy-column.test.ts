/** A column that takes memory only once two rows differ: whatever it was given, it gives back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../contract/test-support.ts';
import { LazyColumn } from './lazy-column.ts';

type IntegerArray = Uint8Array | Uint16Array | Uint32Array;
const ROWS = 2048;

const KINDS = [
  { name: 'bytes', make: (rows: number): IntegerArray => new Uint8Array(rows), most: 0xff },
  { name: 'shorts', make: (rows: number): IntegerArray => new Uint16Array(rows), most: 0xffff },
  { name: 'words', make: (rows: number): IntegerArray => new Uint32Array(rows), most: 0xffff_ffff },
] as const;

describe.each(KINDS)('a column of $name', ({ make, most }) => {
  it('holds what it was given, however it came and wherever it began to vary', () => {
    const cases = countCases('varies', 'never varies', 'varies in a long run', 'a run that begins inside a word');
    // Runs of one value, long ones too: those are compared four bytes at a time.
    const run = fc.tuple(
      fc.constantFrom(0, 1, 7, most),
      fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(255, 256, 300, 517)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(run, { minLength: 1, maxLength: 3 }), fc.nat(5)), { minLength: 1, maxLength: 4 }),
        (batches) => {
          const column = new LazyColumn(() => make(ROWS));
          const all: number[] = [];
          for (const [runs, from] of batches) {
            const values = runs.flatMap(([value, rows]) => Array<number>(rows).fill(value));
            if (all.length + values.length > ROWS) continue;
            // What lies around the rows is not among them.
            const source = make(from + values.length + 3).fill(5);
            source.set(values, from);
            column.append(all.length, source, from, from + values.length);
            all.push(...values);
            cases.note('a run that begins inside a word', values.length >= 256 && from % 4 !== 0);
            cases.note('varies in a long run', runs.length > 1 && values.length > 256);
          }
          expect(all.map((_, at) => column.get(at))).toEqual(all);
          const varies = new Set(all).size > 1;
          expect(column.data !== null).toBe(varies);
          expect([...column.values(all.length, (count, value) => make(count).fill(value))]).toEqual(all);
          cases.note('varies', varies);
          cases.note('never varies', !varies && all.length > 0);
        },
      ),
      { numRuns: 200 },
    );
    cases.expectEach();
  });

  it('finds the one row that differs, at every place of a long run', () => {
    for (let from = 0; from < 4; from++) {
      for (const at of [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255, 256, 257, 258, 259]) {
        const column = new LazyColumn(() => make(ROWS));
        const source = make(from + 260).fill(most);
        source[from + at] = most - 1;
        column.append(0, make(1).fill(most), 0, 1);
        column.append(1, source, from, from + 260);
        expect(column.get(at + 1)).toBe(most - 1);
        expect([column.get(0), column.get(at), column.get(at + 2)]).toEqual([most, most, at === 259 ? 0 : most]);
      }
    }
  });
});

describe('the memory of a column', () => {
  const source = (...values: number[]) => Uint16Array.from(values);

  it('is taken with the first row that differs, and used again after a reset', () => {
    let made = 0;
    const column = new LazyColumn(() => {
      made++;
      return new Uint16Array(8);
    });
    expect(column.bytes).toBe(0);
    column.append(0, source(3, 3), 0, 2);
    expect([column.bytes, column.data, column.constant]).toEqual([0, null, 3]);
    column.append(2, source(3, 4), 0, 2);
    const { data } = column;
    expect([column.bytes, made]).toEqual([16, 1]);
    column.reset();
    expect([column.bytes, column.data, column.get(0)]).toEqual([16, null, 0]);
    // A reset while nothing varies does not lose it either.
    column.append(0, source(9), 0, 1);
    column.reset();
    expect(column.bytes).toBe(16);
    column.append(0, source(5, 6), 0, 2);
    expect(column.data).toBe(data);
    expect([made, column.get(0), column.get(1)]).toEqual([1, 5, 6]);
  });

  it('is that of the values another column has, where it takes them', () => {
    const column = new LazyColumn(() => new Uint16Array(8));
    column.become(7);
    expect([column.get(5), column.data]).toEqual([7, null]);
    const values = source(1, 2, 3);
    column.become(values);
    expect([column.get(1), column.data]).toEqual([2, values]);
    expect([...column.values(2, () => source())]).toEqual([1, 2]);
  });
});
