import { expect, it } from 'vitest';
import { ALL_LEVELS } from '../../native/core/logger-mask.ts';
import { chosenStacks, stackChoices } from './stack-choices.ts';

const words = (now: readonly number[]) => stackChoices(now).map((choice) => choice.words);

it('offers none, the levels that matter, and all', () => {
  expect(words([])).toEqual(['none', 'error', 'error, warning', 'all levels']);
  for (const [at, now] of [[], [0], [0, 1], ALL_LEVELS].entries()) {
    expect(chosenStacks(stackChoices(now), [...now])).toBe(at);
  }
});

it('offers what is set as well where it is another one', () => {
  expect(words([1, 4])).toEqual(['none', 'error', 'error, warning', 'all levels', 'warning, level 4']);
  expect(chosenStacks(stackChoices([1, 4]), [1, 4])).toBe(4);
  expect(chosenStacks(stackChoices([1]), [1])).toBe(4);
});
