import { expect, it } from 'vitest';
import { assertUnreachable, describeFailure, fail, ok } from './result.ts';

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

it('what cannot be is a loud defect', () => {
  expect(() => assertUnreachable('a case that is missing' as never)).toThrow('unreachable: "a case that is missing"');
});
