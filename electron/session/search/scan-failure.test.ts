import { expect, it } from 'vitest';
import { scanFailure } from './scan-failure.ts';

it('a scan that ended is told apart: a slow row, a row that is refused, a thread that died', () => {
  const slow = scanFailure({ kind: 'slow', offset: 3, text: '' }, 1_234_567);
  expect(slow.code).toBe('pattern-too-slow');
  expect(slow.message).toContain('more than 1 s on the message with index 1,234,567');
  expect(scanFailure({ kind: 'slow', offset: null, text: '' }, null).message).toContain('on a message');
  const refused = scanFailure({ kind: 'broken', offset: 0, text: 'too large' }, 0);
  expect(refused.code).toBe('bad-pattern');
  expect(refused.message).toContain('the message with index 0: too large');
  const died = scanFailure({ kind: 'broken', offset: null, text: 'out of memory' }, null);
  expect(died.code).toBe('internal');
  expect(died.message).toContain('out of memory');
  for (const failure of [slow, refused, died]) expect(failure.action).not.toBe('');
});
