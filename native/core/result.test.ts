import { expect, it } from 'vitest';
import { assertUnreachable, describeFailure, fail, failureMessage, ok, sentence } from './result.ts';

it('a failure is told in one line, with the system’s words where it said something', () => {
  const plain = fail('io-error', 'The file cannot be read', 'Look for it');
  expect(plain).toEqual({
    ok: false,
    failure: { code: 'io-error', message: 'The file cannot be read', action: 'Look for it' },
  });
  expect(describeFailure(plain.ok ? plain.value : plain.failure)).toBe('The file cannot be read. Look for it');
  const said = fail('io-error', 'The file cannot be read', 'Look for it', { code: 'ENOENT', text: 'no such file' });
  expect(describeFailure(said.ok ? said.value : said.failure)).toBe(
    'The file cannot be read (ENOENT: no such file). Look for it',
  );
  expect(ok(5)).toEqual({ ok: true, value: 5 });
});

it('a failure has one full stop between its sentences, and none where one of them is missing', () => {
  expect(describeFailure({ message: 'Is it there?', action: 'Look' })).toBe('Is it there? Look');
  expect(describeFailure({ message: 'It ended.', action: 'Begin again' })).toBe('It ended. Begin again');
  expect(describeFailure({ message: 'It ended', action: '' })).toBe('It ended.');
  expect(describeFailure({ message: '', action: 'Begin again' })).toBe('Begin again');
  expect(failureMessage({ message: 'It ended', system: { code: '5', text: 'denied' } })).toBe('It ended (5: denied)');
  expect([sentence('a'), sentence('a!'), sentence('')]).toEqual(['a.', 'a!', '']);
});

it('what cannot be is a loud defect', () => {
  expect(() => assertUnreachable('a case that is missing' as never)).toThrow('unreachable: "a case that is missing"');
});
