import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PositionFlags } from './position-flags.ts';

it('knows the flag of every position that was not dropped, over any number of chunks', () => {
  const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 7 }), fc.boolean()), {
    minLength: 3,
    maxLength: 9,
  });
  fc.assert(
    fc.property(fc.nat(40_000), runs, (first, made) => {
      const flags = new PositionFlags(first);
      const plain: boolean[] = [];
      let dropped = 0;
      for (const [count, every, drops] of made) {
        const next = Uint8Array.from({ length: count }, (_, n) => (n % every === 0 ? 1 : 0));
        flags.append(next, count);
        for (const each of next) plain.push(each === 1);
        if (drops) {
          dropped = Math.floor(plain.length / 2);
          flags.dropBefore(first + dropped);
        }
        const wrong = plain.findIndex((flag, at) => at >= dropped && flags.has(first + at) !== flag);
        expect(wrong).toBe(-1);
        expect(flags.has(first + plain.length)).toBe(false);
        // A bit a position, and a chunk at either end.
        expect(flags.bytes).toBeLessThanOrEqual((plain.length - dropped) / 8 + 3 * 2048);
      }
    }),
    { numRuns: 20 },
  );
});
