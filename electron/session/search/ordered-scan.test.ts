import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { OrderedScan } from './ordered-scan.ts';

const ROWS = 5120;
const SEGMENT_ROWS = 256;

/** A scan of a log of twenty segments, one piece each, and the rows it has handed over. */
function scanOf(memoryCapBytes: number) {
  const store = new SessionStore({ memoryCapBytes, segmentRows: SEGMENT_ROWS, chunkBytes: 4096 });
  store.append(batchOf(Array.from({ length: ROWS }, (_, i) => entry(i, `message ${i}`))));
  const threads = new FakeThreads(4);
  const found: number[] = [];
  let next = store.firstRow;
  const scan = new OrderedScan<null>({
    store,
    scanner: threads.pool,
    query: { filter: { ...SHOW_ALL, text: { pattern: '7$', regex: true, caseSensitive: true } } },
    take: ({ segment }, { offsets }) => found.push(...[...offsets].map((offset) => segment.firstRow + offset)),
    rest: () => submit(),
  });
  /** Submits what the scan takes, and returns how many segments that were. */
  const submit = () => {
    let count = 0;
    for (; scan.ready && next < store.endRow; count++) {
      const segment = store.segmentOf(next) as Segment;
      scan.submit({ segment, from: 0, to: segment.count, offsets: null }, null);
      next += segment.count;
    }
    return count;
  };
  const bytes = (store.segmentOf(store.firstRow) as Segment).totalBytes;
  return { store, threads, submit, found, bytes };
}

describe('OrderedScan', () => {
  it('hands over in order, whichever thread is first', () => {
    const { store, threads, submit, found } = scanOf(1 << 30);
    submit();
    for (let which = 3; threads.work(which); which = (which + 3) % 4);
    threads.settle();
    const rows = Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 10 === 7);
    expect(store.firstRow).toBe(0);
    expect(found).toEqual(rows);
  });

  it('keeps no more segments where they are than the memory is for', () => {
    const plenty = scanOf(1 << 30);
    expect(plenty.submit()).toBeGreaterThan(8);
    // Room for all twenty, an eighth of which is two and a half.
    const tight = scanOf(plenty.bytes * 20);
    expect(tight.store.firstRow).toBe(0);
    expect(tight.submit()).toBe(3);
    tight.threads.settle();
    expect(tight.found).toHaveLength(ROWS / 10);
  });
});
