import { expect, it } from 'vitest';
import { openSource } from './open.ts';

it.each(['', 'demo', 'nothing:x', ':x'])('says what sources there are when asked for %j', (spec) => {
  const opened = openSource(spec);
  expect(opened.ok ? null : opened.failure).toMatchObject({
    code: 'bad-argument',
    action: expect.stringContaining('sim:NAME'),
  });
});

it.skipIf(process.platform !== 'linux')('passes the rest of the spec to its kind', () => {
  const opened = openSource(`sim:not-there.${process.pid}`);
  expect(opened.ok ? null : opened.failure.code).toBe('source-not-found');
});

it('opens a log file by its path', () => {
  const opened = openSource('file:/nowhere/x.log');
  expect(opened.ok ? null : opened.failure).toMatchObject({ code: 'source-not-found' });
});
