import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LEAST_MEMORY_CAP } from '../../contract/retention.ts';
import { sharesOf } from './memory-shares.ts';

const MIB = 1024 ** 2;

it('gives a session alone all of the memory, whatever it uses', () => {
  expect(sharesOf(2048 * MIB, [5000 * MIB])).toEqual([2048 * MIB]);
});

it('gives one of several what the others leave', () => {
  expect(sharesOf(2048 * MIB, [100 * MIB, 0])).toEqual([2048 * MIB, 1936 * MIB]);
});

it('takes from one that has all when another comes, until each has its part', () => {
  const [hoarder, newcomer] = sharesOf(2048 * MIB, [2048 * MIB, 0]);
  expect(newcomer).toBe(1024 * MIB);
  expect(hoarder).toBe(2048 * MIB);
  expect(sharesOf(2048 * MIB, [2048 * MIB, 512 * MIB])).toEqual([1536 * MIB, 1024 * MIB]);
});

it('never lets the sum stay above the cap, nor a session starve', () => {
  const bytes = fc.integer({ min: 0, max: 4096 * MIB });
  fc.assert(
    fc.property(
      fc.integer({ min: 1024 * MIB, max: 8192 * MIB }),
      fc.array(bytes, { minLength: 1, maxLength: 16 }),
      (cap, wanted) => {
        // Each fills its share as far as it wants to, and gives back what is beyond it.
        let used = wanted.map(() => 0);
        for (let turn = 0; turn < 100; turn++) {
          const shares = sharesOf(cap, used);
          used = used.map((_, at) => Math.min(wanted[at] as number, shares[at] as number));
        }
        const least = Math.min(...sharesOf(cap, used));
        expect(least).toBeGreaterThanOrEqual(Math.min(LEAST_MEMORY_CAP, cap));
        expect(least).toBeGreaterThanOrEqual(Math.floor(cap / used.length));
        const sum = used.reduce((a, b) => a + b, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(cap, used.length * LEAST_MEMORY_CAP));
      },
    ),
  );
});
