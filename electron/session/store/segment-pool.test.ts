/** The buffers of segments: each byte is counted once while it is there, and none is used by two at a time. */
import { describe, expect, it } from 'vitest';
import { VARYING_NAMES } from '../../../native/core/columns.ts';
import { Segment } from './segment.ts';
import { SegmentPool } from './segment-pool.ts';
import { describeSegment, openSegment } from './shared-segment.ts';

const ROWS = 16;
const COLUMNS = ROWS * Segment.FIXED_ROW_BYTES;

describe('a pool of segments', () => {
  it('takes chunks of a power of two up to 16 MiB, and no others', () => {
    for (const bytes of [1, 64, 1 << 24]) expect(() => new SegmentPool(ROWS, bytes)).not.toThrow();
    for (const bytes of [0, 65, 1 << 25]) expect(() => new SegmentPool(ROWS, bytes)).toThrow('a power of two');
  });

  it('gives a payload larger than a chunk one of its own, a multiple of four bytes', () => {
    const pool = new SegmentPool(ROWS, 64);
    expect([1, 63, 64, 65, 68, 69].map((bytes) => pool.chunkBytesFor(bytes))).toEqual([64, 64, 64, 68, 68, 72]);
    expect(pool.takeChunk(65).bytes).toHaveLength(68);
    expect(pool.bytes).toBe(68);
  });

  it('uses a chunk again once all segments that share it are gone, and lets an outsized one go', () => {
    const pool = new SegmentPool(ROWS, 64);
    const [first, second] = [pool.takeSegment(0), pool.takeSegment(16)];
    const [shared, large] = [pool.takeChunk(10), pool.takeChunk(100)];
    first.chunks.push(shared);
    second.chunks.push(shared, large);
    shared.users++;
    expect([pool.bytes, pool.hasChunk(10), pool.hasSegment]).toEqual([164, false, false]);
    pool.recycle(first);
    expect([pool.bytes, pool.hasChunk(10), pool.hasSegment]).toEqual([164 + COLUMNS, false, true]);
    pool.recycle(second);
    expect([pool.bytes, pool.hasChunk(64), pool.hasChunk(65)]).toEqual([64 + 2 * COLUMNS, true, false]);
    expect(second.chunks).toEqual([]);
    const again = pool.takeChunk(64);
    expect([again, again.users, pool.bytes]).toEqual([shared, 1, 64 + 2 * COLUMNS]);
    expect(pool.hasChunk(1)).toBe(false);
    expect(pool.takeSegment(32)).toBe(second);
    expect([second.firstRow, second.count, pool.bytes]).toEqual([32, 0, 64 + COLUMNS]);
  });

  it('knows the bytes of columns that took memory when they began to vary, also in their next use', () => {
    const pool = new SegmentPool(ROWS, 64);
    const added = (segment: Segment): number =>
      VARYING_NAMES.reduce((sum, name) => sum + segment.varying(name).bytes, 0);
    const segment = pool.takeSegment(0);
    expect([segment.columnBytes, added(segment)]).toEqual([COLUMNS, 0]);
    segment.varying('pid').append(0, Uint32Array.of(4, 8), 0, 2);
    segment.varying('kind').append(0, Uint8Array.of(0, 1), 0, 2);
    segment.varying('type').append(0, Uint16Array.of(1, 1), 0, 2);
    expect([segment.columnBytes, added(segment)]).toEqual([COLUMNS + 5 * ROWS, 5 * ROWS]);
    pool.recycle(segment);
    expect([pool.takeSegment(2), segment.columnBytes]).toEqual([segment, COLUMNS + 5 * ROWS]);
    segment.varying('pid').append(0, Uint32Array.of(4, 8), 0, 2);
    expect([segment.columnBytes, added(segment)]).toEqual([COLUMNS + 5 * ROWS, 5 * ROWS]);
    const opened = openSegment(describeSegment(segment));
    expect([opened.columnBytes, added(opened)]).toEqual([COLUMNS + 4 * ROWS, 4 * ROWS]);
  });

  it('keeps the columns of a few segments for the next, and gives back chunks before columns', () => {
    const pool = new SegmentPool(ROWS, 64);
    const segments = Array.from({ length: 6 }, (_, n) => pool.takeSegment(n * 16));
    segments[0]?.chunks.push(pool.takeChunk(1));
    for (const segment of segments) pool.recycle(segment);
    expect(pool.bytes).toBe(64 + 4 * COLUMNS);
    expect([pool.dropSpare(), pool.bytes]).toEqual([true, 4 * COLUMNS]);
    expect([pool.dropChunk(), pool.bytes]).toEqual([false, 4 * COLUMNS]);
    for (let left = 3; left >= 0; left--) expect([pool.dropSpare(), pool.bytes]).toEqual([true, left * COLUMNS]);
    expect([pool.dropSpare(), pool.hasSegment]).toEqual([false, false]);
  });

  it('forgets all of it', () => {
    const pool = new SegmentPool(ROWS, 64);
    const segment = pool.takeSegment(0);
    segment.chunks.push(pool.takeChunk(1));
    pool.recycle(segment);
    pool.takeChunk(200);
    pool.clear();
    expect([pool.bytes, pool.hasSegment, pool.hasChunk(1)]).toEqual([0, false, false]);
  });
});
