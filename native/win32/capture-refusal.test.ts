import { expect, it } from 'vitest';
import { captureRefusal } from './capture-refusal.ts';

it.each([
  [5, /INTEGRITYCHECK; .*testsigning/],
  [183, /unload that driver/],
  [50, /driver status/],
  [87, /Unload a driver/],
  [1450, /Unload a driver/],
])('error %i of the capture request says what to do', (error, action) => {
  expect(captureRefusal(error)?.action).toMatch(action);
});

it('other errors are not about captures', () => {
  expect([0, 6, 31, 170].map(captureRefusal)).toEqual([null, null, null, null]);
});
