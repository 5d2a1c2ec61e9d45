import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress } from './test-support.ts';
import { decompress } from './xpress.ts';

const decompressed = (bytes: Uint8Array, most: number): string | null => {
  const to = new Uint8Array(most);
  const end = decompress(bytes, to, 0);
  return end < 0 ? null : Buffer.from(to.subarray(0, end)).toString('latin1');
};

describe('compressed data', () => {
  it('is read as the specification has its examples', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    expect(decompressed(Buffer.concat([Buffer.from('3f000000', 'hex'), Buffer.from(letters)]), 100)).toBe(letters);
    expect(decompressed(Buffer.from('ffffff1f61626317000fff2601', 'hex'), 1000)).toBe('abc'.repeat(100));
  });

  it('comes back as it was, whatever it was', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(255), fc.nat(600)).map(([value, count]) => new Uint8Array(count).fill(value)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const whole = Buffer.concat(pieces);
        expect(decompressed(compress(whole), whole.length)).toBe(whole.toString('latin1'));
      }),
    );
  });

  it('of any bytes never gives more than there is room for, and ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(2000), (bytes, most) => {
        const end = decompress(bytes, new Uint8Array(most + 10), 10);
        expect(end === -1 || (end >= 10 && end <= most + 10)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
