import { expect, it } from 'vitest';
import { describeFailure, type Failure, failureMessage } from '../../native/core/result.ts';
import { failureSentences } from './format.ts';

it('says what failed, in whose words, and what to do next', () => {
  const failure: Failure = { code: 'io-error', message: 'a.log cannot be read', action: 'Check that the path exists' };
  expect(failureSentences(failure)).toBe('a.log cannot be read. Check that the path exists.');
  const system = { code: 'ENOENT', text: 'no such file or directory' };
  const told = 'a.log cannot be read (ENOENT: no such file or directory)';
  expect(failureMessage({ ...failure, system })).toBe(told);
  expect(failureSentences({ ...failure, system })).toBe(`${told}. Check that the path exists.`);
  expect(describeFailure({ ...failure, system })).toBe(`${told}. Check that the path exists`);
});
