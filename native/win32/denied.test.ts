import { expect, it } from 'vitest';
import { fail, ok } from '../core/result.ts';
import { deniedToUser } from './denied.ts';

it('a refusal says that rights would help only where this program has not got them', () => {
  const needs = (elevated: Parameters<typeof deniedToUser>[3]) => {
    const denied = deniedToUser('what', 'action', { code: '5', text: 'denied' }, elevated);
    expect(denied).toMatchObject({ ok: false, failure: { code: 'permission-denied', system: { code: '5' } } });
    return denied.ok ? null : denied.failure.needs;
  };
  expect(needs(ok(false))).toBe('elevation');
  for (const other of [ok(true), ok(null), fail('source-unsupported', 'no', 'none')])
    expect(needs(other)).toBe(undefined);
});
