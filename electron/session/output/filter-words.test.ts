import { expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import { filterWords } from './filter-words.ts';

it('says how rows were chosen, and nothing where all are', () => {
  expect(filterWords(SHOW_ALL)).toBeNull();
  const terms = { text: 'cpu:3 level>=warning', caseSensitive: false };
  expect(filterWords({ ...SHOW_ALL, terms })).toBe('cpu:3 level>=warning');
  const text = { pattern: 'irp', regex: false, caseSensitive: false };
  expect(filterWords({ ...SHOW_ALL, text, hiddenCpus: [0, 7], hiddenLevels: [3] })).toBe(
    'message has "irp"; without CPU 0, 7; without trace',
  );
  expect(
    filterWords({
      ...{ ...SHOW_ALL, text: { pattern: '^a', regex: true, caseSensitive: true }, hiddenSources: [2] },
      ...{ types: [1], pids: [4, 8], origins: [3], time: { fromNs: 0, toNs: 1_500_000_000 } },
    }),
  ).toBe(
    'message matches /^a/, case as it is; without source 2; type 1; process 4, 8; origin 3; from 0.000000000 s to 1.500000000 s',
  );
});
