import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { BatchScratch, joinPayloads } from './join-payloads.ts';

describe('joinPayloads', () => {
  it('puts payloads of every length one after the other', () => {
    const cases = countCases(
      'an empty one',
      'a long one',
      'one larger than a chunk',
      'several chunks',
      'not from the first',
    );
    const scratch = new BatchScratch();
    const payload = fc.oneof(
      { weight: 20, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      { weight: 1, arbitrary: fc.uint8Array({ minLength: 500, maxLength: 1500 }) },
    );
    fc.assert(
      fc.property(fc.array(payload, { minLength: 1, maxLength: 90 }), fc.nat({ max: 30 }), (payloads, skip) => {
        const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 1024 });
        store.append(batchOf(payloads.map((bytes, i) => ({ ...entry(i, ''), payload: bytes }))));
        for (const { firstRow, count } of store.held) {
          const segment = store.segmentOf(firstRow);
          if (segment === null) throw new Error('it is kept');
          const from = Math.min(skip, count - 1);
          const { valueOffsets, data } = joinPayloads(segment, from, count, scratch);
          const wanted = payloads.slice(firstRow + from, firstRow + count);
          const read = wanted.map((_, at) => [...data.subarray(valueOffsets[at], valueOffsets[at + 1])]);
          expect(read).toEqual(wanted.map((bytes) => [...bytes]));
          expect(data.length).toBe(wanted.reduce((sum, bytes) => sum + bytes.length, 0));
          cases.note(
            'an empty one',
            wanted.some((bytes) => bytes.length === 0),
          );
          cases.note(
            'a long one',
            wanted.some((bytes) => bytes.length > 512),
          );
          cases.note(
            'one larger than a chunk',
            wanted.some((bytes) => bytes.length > 1024),
          );
          cases.note('several chunks', segment.chunks.length > 1);
          cases.note('not from the first', from > 0);
        }
      }),
    );
    cases.expectEach();
  });
});
