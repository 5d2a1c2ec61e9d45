import { expect, it } from 'vitest';
import { MOST_FIELD_TEXT } from '../../electron/contract/field-columns.ts';
import { printFilter } from '../../electron/contract/filter/print.ts';
import { elementsOf, fieldTerm } from './field-term.ts';

it('is a value of a field as a filter has it', () => {
  const term = fieldTerm('Network.remote_port', '443');
  expect(term && printFilter(term)).toBe('network.remote_port:443');
});

it.each([
  ['nothing', ''],
  ['flags that are set together', 'sync|direct'],
  ['what a cell may have cut', 'x'.repeat(MOST_FIELD_TEXT)],
])('is none for %s', (_, value) => {
  expect(fieldTerm('lab.x', value)).toBeNull();
});

it('are the different ones of an array, as far as the cell tells them apart', () => {
  const field = { name: 'x', description: '', several: true } as const;
  const numbers = { ...field, values: [], ordered: true };
  const texts = { ...field, values: [], ordered: false };
  expect(elementsOf(numbers, '[80, 443, 80]')).toEqual(['80', '443']);
  expect(elementsOf(numbers, '[[1, 2], [3]]')).toEqual(['1', '2', '3']);
  expect(elementsOf({ ...texts, values: ['read', 'write'] }, '[read, write]')).toEqual(['read', 'write']);
  expect(elementsOf(numbers, '[]')).toEqual([]);
  expect(elementsOf(texts, '[one [two]]')).toEqual(['one [two]']);
  expect(elementsOf(texts, '[one, two]')).toEqual([]);
  const cut = `[${'12, '.repeat(80)}`.slice(0, MOST_FIELD_TEXT - 2);
  expect(elementsOf(numbers, `${cut}1\u2026`)).toEqual(['12']);
});
