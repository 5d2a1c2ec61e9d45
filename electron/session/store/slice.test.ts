/** A share of time is spent at its end, not after it. */
import { expect, it } from 'vitest';
import { sliceOf } from './slice.ts';

it('a slice is spent once its time has come, and not before', () => {
  let now = 100;
  const slice = sliceOf(() => now, 5);
  expect(slice.spent()).toBe(false);
  now = 104.9;
  expect(slice.spent()).toBe(false);
  now = 105;
  expect(slice.spent()).toBe(true);
});
