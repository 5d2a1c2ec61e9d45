import { expect, it } from 'vitest';
import { priorityBehind } from './thread-priority.ts';

it('a thread that gives way goes behind the one that started it, and if it is to, behind a page that was not raised', () => {
  // Electron raises its main process by eight steps, and its page by none.
  expect([priorityBehind('drain', -8), priorityBehind('page', -8)]).toEqual([-3, 5]);
  expect([priorityBehind('drain', 0), priorityBehind('page', 0)]).toEqual([5, 5]);
  // Of a program that was started with a lower one.
  expect([priorityBehind('drain', 10), priorityBehind('page', 10)]).toEqual([15, 15]);
  expect([priorityBehind('drain', 19), priorityBehind('page', 19)]).toEqual([19, 19]);
});
