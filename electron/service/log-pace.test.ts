import { expect, it } from 'vitest';
import { BEHIND_SHARE, restAfter } from './log-pace.ts';

/** How long a log waits after a part of 3 ms, where the drain has caught up after so many waits. */
async function waited(caughtUpAfter: number): Promise<number> {
  let ms = 0;
  let waits = 0;
  await restAfter(
    3,
    () => waits < caughtUpAfter,
    async (pause) => {
      waits++;
      ms += pause;
    },
  );
  return ms;
}

it('a log takes half of the time, a tenth where the drain is behind, and never none', async () => {
  expect(await waited(0)).toBe(3);
  expect(await waited(4)).toBe(12);
  expect(await waited(Number.POSITIVE_INFINITY)).toBe(3 * (BEHIND_SHARE - 1));
});
