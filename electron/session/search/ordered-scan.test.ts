import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { OrderedScan, PieceLength } from './ordered-scan.ts';
import type { Scanner, ScanOutcome } from './scanner.ts';

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
  return { store, threads, scan, submit, found, bytes };
}

/** Segments that are kept where they are, counted from here on. */
function pinsOf(store: SessionStore): { count: number } {
  const pins = { count: 0 };
  const { pin, unpin } = store;
  store.pin = (segment) => {
    pins.count++;
    pin.call(store, segment);
  };
  store.unpin = (segment) => {
    pins.count--;
    unpin.call(store, segment);
  };
  return pins;
}

it('pieces are twice as long each time, up to where that is of no more use', () => {
  const length = new PieceLength(8192);
  expect(Array.from({ length: 6 }, () => length.next())).toEqual([8192, 16_384, 32_768, 65_536, 65_536, 65_536]);
});

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

  it('keeps no segment where it is once its rows were handed over, given up, or cleared away', () => {
    for (const end of ['settle', 'cancel', 'cancel late', 'clear'] as const) {
      const { store, threads, scan, submit, found } = scanOf(1 << 30);
      const pins = pinsOf(store);
      submit();
      expect(pins.count).toBeGreaterThan(8);
      expect(scan.idle).toBe(false);
      // The first is under way all the time, so that none of those behind it can be handed over.
      if (end === 'cancel late') for (let which = 1; which < 4; which++) threads.work(which);
      if (end === 'settle') expect(found).toEqual([]);
      else if (end === 'clear') store.clear();
      else scan.cancel();
      if (end.startsWith('cancel')) expect(scan.ready).toBe(false);
      threads.settle();
      expect(pins.count).toBe(0);
      expect(found.length).toBe(end === 'settle' ? ROWS / 10 : 0);
      scan.cancel();
      expect([pins.count, scan.ready]).toEqual([0, false]);
    }
  });

  it('takes nothing more behind a piece that met trouble, until that is handed over', () => {
    const { store } = scanOf(1 << 30);
    const done: ((outcome: ScanOutcome | null) => void)[] = [];
    const scanner: Scanner = {
      open: () => ({ ready: true, submit: (_piece, tell) => done.push(tell), cancel: () => {} }),
      forget: () => {},
    };
    const taken: string[] = [];
    let rests = 0;
    const scan = new OrderedScan<string>({
      store,
      scanner,
      query: { filter: SHOW_ALL },
      take: (_piece, { trouble }, tag) => taken.push(`${tag} ${trouble?.kind ?? 'whole'}`),
      rest: () => rests++,
    });
    const piece = { segment: store.segmentOf(0) as Segment, from: 0, to: 10, offsets: null };
    for (const tag of ['first', 'second', 'third']) scan.submit(piece, tag);
    const offsets = new Uint32Array(0);
    expect([scan.ready, scan.idle]).toEqual([true, false]);
    done[1]?.({ offsets, trouble: { kind: 'slow', offset: 3, text: '' } });
    expect([scan.ready, taken, rests]).toEqual([false, [], 0]);
    done[0]?.({ offsets, trouble: null });
    expect([scan.ready, taken, rests]).toEqual([true, ['first whole', 'second slow'], 1]);
    // One that was given up by the scanner is not handed over, and nobody waits for it.
    done[2]?.(null);
    expect([taken.length, rests]).toEqual([2, 1]);
  });
});
