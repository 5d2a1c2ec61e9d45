import { expect, it } from 'vitest';
import { CALM_POLL_MS, FAST_POLL_MS, IDLE_POLL_MS, nextPollDelay, SLOW_POLL_MS } from './pacing.ts';

const idle = { rows: 0, bytes: 0, more: false };

it('does not wait while a ring holds more', () => {
  expect(nextPollDelay(30, { rows: 1, bytes: 1, more: true })).toBe(0);
});

it('waits a moment when busy', () => {
  expect(nextPollDelay(50, { rows: 5000, bytes: 500000, more: false })).toBe(FAST_POLL_MS);
  expect(nextPollDelay(50, { rows: 1, bytes: 128, more: false })).toBe(SLOW_POLL_MS);
  expect(nextPollDelay(50, { rows: 0, bytes: 128, more: false })).toBe(SLOW_POLL_MS);
  // Losses are rows without bytes.
  expect(nextPollDelay(50, { rows: 1, bytes: 0, more: false })).toBe(SLOW_POLL_MS);
  expect(nextPollDelay(50, { rows: 0, bytes: 65_536, more: false })).toBe(FAST_POLL_MS);
  expect(nextPollDelay(50, { rows: 9, bytes: 65_535, more: false })).toBe(SLOW_POLL_MS);
});

it('waits a little longer for a source that is known to be far from full', () => {
  const load = { rows: 200, bytes: 30_000, more: false };
  expect(nextPollDelay(2, { ...load, fill: 0.001 })).toBe(CALM_POLL_MS);
  expect(nextPollDelay(2, { ...load, fill: 0.01 })).toBe(SLOW_POLL_MS);
  expect(nextPollDelay(2, { ...load, bytes: 65_536, fill: 0.001 })).toBe(FAST_POLL_MS);
  expect(nextPollDelay(2, { ...load, more: true, fill: 0.001 })).toBe(0);
  // Losses alone: nothing was read of what is full.
  expect(nextPollDelay(2, { rows: 1, bytes: 0, more: false, fill: 0 })).toBe(CALM_POLL_MS);
});

it('waits longer and longer when idle, up to its limit', () => {
  const delays: number[] = [];
  let delay = 0;
  for (let poll = 0; poll < 20; poll++) {
    delay = nextPollDelay(delay, idle);
    delays.push(delay);
  }
  expect(delays.slice(0, 4)).toEqual([SLOW_POLL_MS, 3, 4.5, 6.75]);
  expect(delays.at(-1)).toBe(IDLE_POLL_MS);
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
});
