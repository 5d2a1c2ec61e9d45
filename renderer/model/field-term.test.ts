import { expect, it } from 'vitest';
import { MOST_FIELD_TEXT } from '../../electron/contract/field-columns.ts';
import { printFilter } from '../../electron/contract/filter/print.ts';
import { fieldTerm } from './field-term.ts';

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
