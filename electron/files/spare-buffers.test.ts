import { describe, expect, it } from 'vitest';
import type { Segment } from '../session/store/segment.ts';
import { roundedUp, SpareBuffers } from './spare-buffers.ts';

const MIB = 1024 ** 2;
/** All that is looked at of a segment is the buffer it lies in. */
const inBuffer = (buffer: SharedArrayBuffer) => ({ index: new Float64Array(buffer, 0, 1) }) as unknown as Segment;

function sparesOf(...sizes: readonly number[]): SpareBuffers {
  const spares = new SpareBuffers();
  for (const bytes of sizes) spares.giveBack(inBuffer(new SharedArrayBuffer(bytes)));
  return spares;
}

describe('a buffer for a segment that is read back', () => {
  it.each([1000, 800, 500])('is a spare one of 1000 bytes where %i are needed', (needed) => {
    const spares = sparesOf(1000);
    expect(spares.take(needed).byteLength).toBe(1000);
    expect(spares.bytes).toBe(0);
  });

  it.each([1001, 499])('is a new one where %i are needed, and the spare one is given up', (needed) => {
    const spares = sparesOf(1000);
    expect(spares.take(needed).byteLength).toBe(needed);
    expect(spares.bytes).toBe(0);
  });

  it('is the oldest spare one that fits, and the oldest of those that do not fit is given up', () => {
    const spares = sparesOf(4000, 1000, 1200);
    expect(spares.take(900).byteLength).toBe(1000);
    expect(spares.bytes).toBe(5200);
    expect(spares.take(100).byteLength).toBe(100);
    expect(spares.bytes).toBe(1200);
  });
});

describe('what is given back', () => {
  it('is kept as long as there are at most eight', () => {
    expect(sparesOf(...Array(9).fill(1000)).bytes).toBe(8000);
  });

  it('is kept as long as all of them are at most 48 MiB', () => {
    expect(sparesOf(40 * MIB, 8 * MIB, 8).bytes).toBe(48 * MIB);
    expect(sparesOf(40 * MIB, 8 * MIB + 8, 8).bytes).toBe(40 * MIB + 8);
  });

  it('is let go of when it is cleared', () => {
    const spares = sparesOf(1000, 1000);
    spares.clear();
    expect(spares.bytes).toBe(0);
  });
});

it('has a whole number of MiB from one MiB on, and else just as many bytes as are needed', () => {
  expect([0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB].map(roundedUp)).toEqual([0, 1, MIB - 1, MIB, 2 * MIB, 2 * MIB]);
});
