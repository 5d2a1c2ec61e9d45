import { expect, it } from 'vitest';
import { filterTree } from '../../electron/contract/filter/parse.ts';
import type { NameField } from '../../electron/contract/filter/tree.ts';
import { unnamedField, unnamedWords } from './unnamed.ts';

it.each([
  ['process:nic*', 'process'],
  ['cpu:3 (process:nic* or provider:storport)', 'process'],
  ['source:sim:lab provider:storport', 'provider'],
  ['source_file:a.c', 'source_file'],
  // What is hidden by a name is there all the same.
  ['-process:nic* link', null],
  ['pid:4 nic', null],
] as const)('%s asks for the name of %s', (text, field) => {
  const read = filterTree(text);
  if (!read.ok) throw new Error(read.failure.message);
  expect(unnamedField(read.value, new Set<NameField>(['source']))).toBe(field);
  expect(unnamedField(read.value, new Set<NameField>(['source', 'process', 'provider', 'source_file']))).toBeNull();
});

it('says what there is instead', () => {
  expect(unnamedWords('process')).toBe(
    'No record of this log states the name of its process. Process numbers are filtered by `pid:`.',
  );
  expect(unnamedWords('source_file')).toBe('No record of this log states the name of its source file.');
});
