import { describe, expect, it } from 'vitest';
import { PositionIndex } from './position-index.ts';

describe('PositionIndex', () => {
  it('keeps rows beyond 2^32 apart', () => {
    const index = new PositionIndex();
    const start = 2 ** 32 - 20_000;
    const offsets = Uint32Array.from({ length: 10_000 }, (_, i) => i * 4);
    index.append(start, offsets, 10_000);
    index.append(start + 40_000, offsets, 10_000);
    for (let position = 0; position < 20_000; position += 7) {
      expect(index.row(position, start)).toBe(start + position * 4);
    }
    index.dropBefore(19_000);
    expect(index.row(19_000, start + 70_000)).toBe(start + 76_000);
    expect(index.end).toBe(20_000);
    expect(index.bytes).toBe(65_536);
  });
});
