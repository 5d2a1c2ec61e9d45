/** What a view says of rows that it does not show: evicted, hidden, held back, not reached yet. */
import { describe, expect, it } from 'vitest';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { type Slice, WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { locate } from './locate.ts';
import { LogView } from './view.ts';

const SMALL: StoreOptions = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 1024 };
/** Holds some 30 rows. */
const EVICTING: StoreOptions = { memoryCapBytes: 1500, segmentRows: 8, chunkBytes: 64, segmentBytes: 128 };
/** One step of the filter: at most a segment. */
const ONE_STEP: Slice = { spent: () => true };
/** Hides every third row, from the first on. */
const THIRDS: FilterSpec = { ...SHOW_ALL, hiddenCpus: [1] };

const rows = (from: number, count: number) =>
  batchOf(
    Array.from({ length: count }, (_, n) => entry(from + n, `row ${from + n}`, { cpu: (from + n) % 3 === 0 ? 1 : 0 })),
  );

function viewOf(count: number, options = SMALL, spec = SHOW_ALL) {
  const store = new SessionStore(options);
  const view = new LogView(store);
  view.setFilter(spec);
  const append = (more: number) => {
    for (let left = more; left > 0; left -= 4) {
      store.append(rows(store.endRow, Math.min(4, left)));
      view.advance(WHOLE);
    }
  };
  append(count);
  return { store, view, append };
}

describe('a row that a view does not show has no position', () => {
  it('because it was evicted, is not there yet, or is held back', () => {
    const { store, view, append } = viewOf(100, EVICTING);
    const { first } = view;
    expect(first).toBeGreaterThan(50);
    expect([first - 1, first, 99, 100].map((row) => view.locateRow(row))).toEqual([null, first, 99, null]);
    view.setPaused(true);
    append(4);
    expect([99, 100, 103].map((row) => view.locateRow(row))).toEqual([99, null, null]);
    expect([view.reachedRow, view.heldBackRow, store.endRow]).toEqual([100, 100, 104]);
    view.setPaused(false);
    expect([view.locateRow(103), view.reachedRow, view.heldBackRow]).toEqual([103, 104, 104]);
  });

  it('because a filter hides it, or has not come to it', () => {
    const { view, append } = viewOf(40, SMALL, THIRDS);
    expect([0, 1, 2, 3, 4, 38, 39, 40, 1000].map((row) => view.locateRow(row))).toEqual([
      null,
      0,
      1,
      null,
      2,
      25,
      null,
      null,
      null,
    ]);
    view.setPaused(true);
    append(4);
    // Row 40 matches, and came after the pause.
    expect([view.locateRow(40), view.heldBack, view.end]).toEqual([null, 3, 26]);
    expect([view.reachedRow, view.heldBackRow]).toEqual([40, 40]);
    view.setPaused(false);
    expect([view.locateRow(40), view.heldBack, view.end]).toEqual([26, 0, 29]);
  });

  it('and is looked for among the rows that are shown, with the reason why', () => {
    const store = new SessionStore(SMALL);
    const view = new LogView(store);
    store.append(rows(0, 40));
    view.setFilter(THIRDS);
    view.advance(ONE_STEP);
    expect(view.reachedRow).toBe(16);
    expect([3, 16, 39].map((row) => locate(view, { row })?.absence)).toEqual(['hidden', 'not-reached', 'not-reached']);
    view.setPaused(true);
    store.append(rows(40, 10));
    expect([3, 39, 40].map((row) => locate(view, { row })?.absence)).toEqual(['hidden', 'not-reached', 'held-back']);
    expect(locate(view, { row: 50 })).toBeNull();
  });

  it('and of two neighbours just as near the later one stands for it', () => {
    const { view } = viewOf(40, SMALL, THIRDS);
    // Row 3 lies between rows 2 and 4.
    expect(locate(view, { row: 3 })).toMatchObject({ position: null, nearest: view.locateRow(4) });
    expect(locate(view, { row: 0 })).toMatchObject({ nearest: 0 });
    expect(locate(view, { row: 39 })).toMatchObject({ nearest: view.end - 1 });
  });
});

describe('what stands for a row that is not shown', () => {
  const shownAt = (...wanted: number[]) => {
    const store = new SessionStore(SMALL);
    const view = new LogView(store);
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    store.append(batchOf(Array.from({ length: 40 }, (_, n) => entry(n, 'x', { cpu: wanted.includes(n) ? 0 : 1 }))));
    view.advance(WHOLE);
    return view;
  };

  it('is the nearest one that is', () => {
    const view = shownAt(10, 20);
    for (const [row, nearest] of [
      [0, 0],
      [9, 0],
      [11, 0],
      [14, 0],
      [15, 1],
      [16, 1],
      [19, 1],
      [21, 1],
      [39, 1],
    ] as const) {
      expect(locate(view, { row })).toMatchObject({ row, index: row, position: null, nearest, absence: 'hidden' });
    }
    expect(locate(view, { row: 20 })).toMatchObject({ position: 1, nearest: 1, absence: null });
  });

  it('is none where none is', () => {
    expect(locate(shownAt(), { row: 5 })).toMatchObject({ row: 5, position: null, nearest: null, absence: 'hidden' });
    expect(locate(new LogView(new SessionStore(SMALL)), { row: 0 })).toBeNull();
    expect(locate(new LogView(new SessionStore(SMALL)), { index: 0 })).toBeNull();
  });
});

describe('rows and details', () => {
  it('know the row above only where the view has one', () => {
    const { store, view } = viewOf(100, EVICTING, THIRDS);
    const { first, end } = view;
    const row = view.rowAt(first);
    expect(first).toBeGreaterThan(20);
    expect(view.rows(first, 2).rows.map(({ deltaNs }) => deltaNs)).toEqual([
      null,
      (view.rowAt(first + 1) - row) * 1000,
    ]);
    expect(view.details(row, 0)?.row.deltaNs).toBeNull();
    expect(view.details(view.rowAt(first + 1), 0)?.row.deltaNs).toBe((view.rowAt(first + 1) - row) * 1000);
    // A row of the store that is hidden has details, and nothing above it in this view.
    const hidden = Math.ceil(store.firstRow / 3) * 3;
    expect(view.details(hidden, 0)).toMatchObject({ text: `row ${hidden}`, row: { row: hidden, deltaNs: null } });
    expect(view.details(store.firstRow - 1, 0)).toBeNull();
    expect(view.rows(end, 5)).toEqual({ generation: view.generation, first: end, rows: [] });
    expect(view.rows(end + 7, 5).rows).toEqual([]);
  });

  it('beyond the end are none, where all rows are shown too', () => {
    const { view } = viewOf(20);
    expect(view.rows(20, 3).rows).toEqual([]);
    expect(view.rows(500, 3).rows).toEqual([]);
    expect(view.rows(19, 3).rows.map(({ row, deltaNs }) => [row, deltaNs])).toEqual([[19, 1000]]);
    expect(view.details(18, 0)?.text).toBe('row 18');
  });

  it('at the end are as many as there are, also when the first ones were evicted', () => {
    const { view } = viewOf(100, EVICTING);
    expect(view.tail(3).map(({ row }) => row)).toEqual([97, 98, 99]);
    expect(view.tail(1000).map(({ row }) => row)[0]).toBe(view.first);
    expect(view.tail(1000)).toHaveLength(view.end - view.first);
    expect([view.tail(0), view.tail(-1), viewOf(0).view.tail(5)]).toEqual([[], [], []]);
    expect(view.update(1, 0).tail).toEqual([]);
  });
});

describe('a filter', () => {
  it('is said to show all rows, or not', () => {
    const { view } = viewOf(10);
    expect([view.showsAll, view.advance(WHOLE)]).toEqual([true, false]);
    expect(view.setFilter(THIRDS)).toEqual({ ok: true, value: { generation: view.generation } });
    expect([view.showsAll, view.filterSpec]).toEqual([false, THIRDS]);
  });

  it('that is stopped says why and how far it is, and goes on from there', () => {
    const { store, view } = viewOf(0, EVICTING);
    for (let n = 0; n < 25; n++) store.append(rows(store.endRow, 4));
    const oldest = store.firstRow;
    view.setFilter(THIRDS);
    expect(view.advance(ONE_STEP)).toBe(true);
    view.stopScan();
    expect(view.stopped).toMatchObject({ code: 'cancelled' });
    expect(view.stopped?.message).not.toBe('');
    expect(view.advance(WHOLE)).toBe(false);
    expect(view.scan).toEqual({ done: 8, total: 100 - oldest });
    view.resumeScan();
    view.advance(WHOLE);
    expect([view.scan, view.stopped]).toEqual([null, null]);
  });

  it('that has seen all rows is not stopped, nor are those that come', () => {
    const { view, append } = viewOf(10, SMALL, THIRDS);
    view.stopScan();
    append(10);
    expect([view.stopped, view.scan, view.reachedRow]).toEqual([null, null, 20]);
  });

  it('that was stopped is not, once all it had before it was evicted', () => {
    const { store, view } = viewOf(0, EVICTING);
    for (let n = 0; n < 5; n++) store.append(rows(store.endRow, 4));
    view.setFilter(THIRDS);
    view.advance(ONE_STEP);
    view.setPaused(true);
    view.stopScan();
    expect([view.stopped?.code, view.scan]).toEqual(['cancelled', { done: 8, total: 20 }]);
    for (let n = 0; n < 20; n++) store.append(rows(store.endRow, 4));
    expect(store.firstRow).toBeGreaterThan(20);
    expect([view.scan, view.stopped, view.end - view.first]).toEqual([null, null, 0]);
  });

  it('counts only what is kept of before a pause', () => {
    for (const spec of [SHOW_ALL, THIRDS]) {
      const { store, view, append } = viewOf(20, EVICTING, spec);
      const before = store.figures.evictedEntries;
      view.setPaused(true);
      expect(view.searchedEntries).toBe(20 - before);
      while (store.figures.evictedEntries === before) append(1);
      expect(store.figures.evictedEntries).toBeLessThan(20);
      expect(view.searchedEntries).toBe(20 - store.figures.evictedEntries);
      append(60);
      expect([view.searchedEntries, view.matchedEntries]).toEqual([0, 0]);
    }
  });

  it('gives its memory back when another takes its place, and when its view is closed', () => {
    const { store, view, append } = viewOf(20, SMALL, THIRDS);
    const own = view.memoryBytes;
    expect(own).toBeGreaterThan(0);
    const used = store.usedBytes;
    view.setFilter(SHOW_ALL);
    expect([view.memoryBytes, store.usedBytes]).toEqual([0, used - own]);
    view.setFilter(THIRDS);
    view.advance(WHOLE);
    expect(store.usedBytes).toBe(used);
    view.close();
    expect(store.usedBytes).toBe(used - own);
    // Nor does it hear of the store any more.
    const { generation } = view;
    store.clear();
    expect(view.generation).toBe(generation);
    append(0);
  });

  it('whose view is closed looks at nothing more', () => {
    const store = new SessionStore(SMALL);
    store.append(rows(0, 40));
    const threads = new FakeThreads(1);
    let changes = 0;
    const view = new LogView(store, threads.pool, () => changes++);
    view.setFilter({ ...SHOW_ALL, text: { pattern: 'row', regex: true, caseSensitive: true } });
    view.advance(WHOLE);
    view.close();
    threads.settle();
    expect([changes, view.end, store.usedBytes]).toEqual([0, 0, store.memoryBytes]);
  });
});
