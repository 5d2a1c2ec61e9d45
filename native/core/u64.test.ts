import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance, difference, distance, setBigInt, setNumber, toNumber } from './u64.ts';

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const toBigInt = (hi: number, lo: number) => (BigInt(hi) << 32n) | BigInt(lo);
const words = (value: bigint) => {
  const pair = new Uint32Array(2);
  setBigInt(pair, value);
  return { lo: pair[0] as number, hi: pair[1] as number };
};

it('keeps every 64-bit value', () => {
  fc.assert(
    fc.property(u64, (value) => {
      const { hi, lo } = words(value);
      expect(toBigInt(hi, lo)).toBe(value);
    }),
  );
});

it('keeps every whole number', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const pair = new Uint32Array(2);
      setNumber(pair, value);
      expect(toNumber(pair[1] as number, pair[0] as number)).toBe(value);
    }),
  );
});

it('moves and measures exactly at any magnitude', () => {
  fc.assert(
    fc.property(u64, fc.integer({ min: 0, max: 2 ** 31 }), (value, bytes) => {
      fc.pre(value + BigInt(bytes) < 2n ** 64n);
      const from = words(value);
      const to = words(value);
      advance(to, bytes);
      expect(toBigInt(to.hi, to.lo)).toBe(value + BigInt(bytes));
      expect(distance(to, from)).toBe(bytes);
      expect(difference(from.hi, from.lo, to.hi, to.lo)).toBe(0 - bytes);
    }),
  );
});
