import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterTree } from '../../electron/contract/filter/parse.ts';
import { countCases } from '../../electron/contract/test-support.ts';
import { boxOf, readBox } from './filter-edit.ts';
import { type FilterRow, ROW_COLUMNS, relationsOf, rowsOfBox, textOfRows } from './filter-rows.ts';

const box = (pattern: string) => ({ pattern, regex: false, caseSensitive: false });

it.each<[string, FilterRow[]]>([
  ['', []],
  ['plain words', [{ column: 'message', relation: 'contains', value: 'plain words', hides: false }]],
  [
    'cpu:3,5-7 level>=warning -noise',
    [
      { column: 'cpu', relation: 'is', value: '3,5-7', hides: false },
      { column: 'level', relation: '>=', value: 'warning', hides: false },
      { column: 'message', relation: 'contains', value: 'noise', hides: true },
    ],
  ],
  [
    '/a\\/b/i -like:"read # bytes" time>12:31:05.5 process:"my tool",nic*',
    [
      { column: 'message', relation: 'matches, any case', value: 'a/b', hides: false },
      { column: 'message', relation: 'is like', value: 'read # bytes', hides: true },
      { column: 'time', relation: '>', value: '12:31:05.5', hides: false },
      { column: 'process', relation: 'is', value: '"my tool",nic*', hides: false },
    ],
  ],
  ['-(cpu:1 or timeout)', [{ column: 'any', relation: 'is', value: 'cpu:1 or timeout', hides: true }]],
])('%s is these rows, and they are it', (pattern, rows) => {
  expect(rowsOfBox(box(pattern))).toEqual(rows);
  const written = textOfRows(rows);
  if ('failure' in written) throw new Error(written.failure.message);
  const [before, after] = [readBox(box(pattern)), readBox(box(written.text))];
  expect(after).toEqual(
    'part' in before && before.part.terms
      ? { part: { text: null, terms: { ...before.part.terms, text: written.text } } }
      : before,
  );
});

it('has no rows for a mistake, and for an expression of the whole box', () => {
  expect(rowsOfBox(box('cpu:'))).toBeNull();
  expect(rowsOfBox({ ...box('a.*b'), regex: true })).toBeNull();
});

it('writes any rows as a text that is read as the same rows, or says which of them means nothing', () => {
  const cases = countCases('written', 'refused');
  const value = fc.oneof(
    fc.constantFrom(
      '3',
      '5-7',
      'warning',
      '12.5s',
      'nic*',
      'a b',
      'x',
      '"',
      '(a',
      'a or b',
      '5',
      '/',
      '0x10',
      'or',
      '-b',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const row = fc.constantFrom(...ROW_COLUMNS).chain((column) =>
    fc.record({
      column: fc.constant(column),
      relation: fc.constantFrom(...relationsOf(column)),
      value,
      hides: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      const written = textOfRows(rows);
      if ('failure' in written) {
        expect(rows[written.at]).toBeDefined();
        cases.note('refused');
        return;
      }
      cases.note('written', rows.length > 0);
      if (rows.length === 0) return;
      const tree = filterTree(written.text);
      expect(tree.ok).toBe(true);
      const again = rowsOfBox(boxOf({ text: null, terms: { text: written.text, caseSensitive: false } }));
      const twice = textOfRows(again ?? []);
      expect('text' in twice && filterTree(twice.text)).toEqual(tree);
    }),
    { numRuns: 300 },
  );
  cases.expectEach();
});
