import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import type { Scan, Scanner, ScanPiece, ScanQuery } from '../search/scanner.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { type FindRequest, FindSearch } from './find.ts';
import { FindHits } from './find-hits.ts';
import { Finder } from './finder.ts';
import { LogView } from './view.ts';

const SMALL: StoreOptions = { memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 4096 };
/** Holds some 30 rows. */
const EVICTING: StoreOptions = { memoryCapBytes: 1500, segmentRows: 8, chunkBytes: 64, segmentBytes: 128 };

const messages = (from: number, count: number) =>
  batchOf(Array.from({ length: count }, (_, i) => entry(from + i, `message ${from + i}`)));

function viewOf(rows: number, options = SMALL) {
  const store = new SessionStore(options);
  store.append(messages(0, rows));
  const threads = new FakeThreads(1);
  const view = new LogView(store, threads.pool);
  const find = (pattern: string, from: number, direction: FindRequest['direction']) =>
    new FindSearch(view, threads.pool, {
      generation: view.generation,
      query: { pattern, regex: true, caseSensitive: true },
      from,
      direction,
    });
  return { store, threads, view, find };
}

describe('a search over a row that cannot be read', () => {
  it('finds forwards what lies before it, and says which row it is when nothing does', async () => {
    const { threads, find } = viewOf(60);
    threads.refused.add('message 50');
    const before = find('[45]5$', 40, 'next');
    threads.settle();
    expect(await before.result).toEqual({ ok: true, value: { position: 45, wrapped: false } });
    const beyond = find('55$', 46, 'next');
    threads.settle();
    expect(await beyond.result).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    expect(JSON.stringify(await beyond.result)).toContain('index 50');
  });

  it('does not go backwards past it to a match that may not be the next', async () => {
    // 55 is the match a person means; it lies beyond the row, and 45 is not it.
    for (const kind of ['refused', 'endless'] as const) {
      const { threads, find } = viewOf(60);
      threads[kind].add('message 50');
      const search = find('[45]5$', 59, 'previous');
      threads.settle();
      const code = kind === 'refused' ? 'bad-pattern' : 'pattern-too-slow';
      expect(await search.result).toMatchObject({ ok: false, failure: { code } });
      expect(JSON.stringify(await search.result)).toContain('index 50');
    }
  });

  it('blames no row for a thread that died', async () => {
    const { threads, find } = viewOf(60);
    const search = find('x', 0, 'next');
    threads.die('out of memory');
    expect(await search.result).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(JSON.stringify(await search.result)).toContain('out of memory');
  });
});

describe('a search that the store is cleared under', () => {
  it('is told that it was cancelled, and waits for no row that is gone', async () => {
    const { store, threads, find } = viewOf(60);
    const search = find('nothing like it', 0, 'next');
    store.clear();
    threads.settle();
    expect(await search.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
});

describe('a match that is evicted before it is told', () => {
  it('is not gone to: the search goes on to one that is still there, or says there is none', async () => {
    for (const direction of ['next', 'previous'] as const) {
      const { store, threads, view, find } = viewOf(24, EVICTING);
      // Submitted while row 3 was there; the thread answers when it is not.
      const found = find('(^|[^0-9])3$', direction === 'next' ? 0 : 5, direction);
      const other = find('message (3|23)$', direction === 'next' ? 0 : 5, direction);
      while (view.first <= 3) store.append(messages(store.endRow, 1));
      expect(view.first).toBeLessThanOrEqual(23);
      threads.settle();
      expect(await found.result).toEqual({ ok: true, value: null });
      expect(await other.result).toEqual({ ok: true, value: { position: 23, wrapped: direction === 'previous' } });
    }
  });

  it('is no longer counted, also when it is told afterwards', () => {
    const { store, threads, view } = viewOf(24, EVICTING);
    const query = { pattern: '3$', regex: true, caseSensitive: true };
    const hits = new FindHits(view, threads.pool, query, () => {});
    hits.advance();
    while (view.first <= 3) store.append(messages(store.endRow, 1));
    const { first, end } = view;
    for (let turn = 0; hits.progress !== null && turn < 100; turn++) {
      hits.advance();
      threads.settle();
    }
    const wanted = Array.from({ length: end - first }, (_, i) => first + i).filter((at) => at % 10 === 3);
    expect(wanted[0]).toBeGreaterThan(3);
    expect(hits.count).toBe(wanted.length);
    expect(wanted.map((at) => hits.rank(at))).toEqual(wanted.map((_, at) => at + 1));
    expect(hits.rank(3)).toBeNull();
  });
});

describe('the count of matches', () => {
  const query = { pattern: '7$', regex: true, caseSensitive: true };

  it('says how far it has got, and stays there at a row that cannot be read', () => {
    const { threads, view, store } = viewOf(60);
    threads.refused.add('message 50');
    const hits = new FindHits(view, threads.pool, query, () => {});
    expect(hits.progress).toEqual({ done: 0, total: 60 });
    hits.advance();
    threads.settle();
    expect([hits.count, hits.progress]).toEqual([5, { done: 50, total: 60 }]);
    expect(hits.failure?.message).toContain('index 50');
    store.append(messages(60, 8));
    hits.advance();
    threads.settle();
    expect([hits.count, hits.progress]).toEqual([5, { done: 50, total: 68 }]);
    threads.refused.clear();
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    view.advance(WHOLE);
    expect([hits.count, hits.failure]).toEqual([0, null]);
    hits.advance();
    threads.settle();
    expect([hits.count, hits.progress]).toEqual([7, null]);
  });

  it('knows the rank of matches alone, and of none that is not counted', () => {
    const { threads, view } = viewOf(60);
    const hits = new FindHits(view, threads.pool, query, () => {});
    expect(hits.rank(7)).toBeNull();
    hits.advance();
    threads.settle();
    expect([7, 17, 57].map((position) => hits.rank(position))).toEqual([1, 2, 6]);
    expect([-1, 0, 6, 8, 58, 59, 60, 1000].map((position) => hits.rank(position))).toEqual(Array(8).fill(null));
    expect([hits.spread(1), hits.spread(0)]).toEqual([[6], []]);
    // Positions of another generation: nothing is known of them until they are counted anew.
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    view.advance(WHOLE);
    expect([hits.rank(7), hits.count, hits.progress]).toEqual([null, 0, { done: 0, total: 60 }]);
  });

  it('says how far it is among the rows that are kept', () => {
    const { store, threads, view } = viewOf(100, EVICTING);
    const hits = new FindHits(view, threads.pool, query, () => {});
    const length = view.end - view.first;
    expect(store.firstRow).toBeGreaterThan(50);
    expect(hits.progress).toEqual({ done: 0, total: length });
    hits.advance();
    threads.settle();
    expect([hits.progress, hits.count]).toEqual([null, [67, 77, 87, 97].filter((at) => at >= view.first).length]);
    store.append(messages(100, 1));
    expect(hits.progress).toEqual({ done: view.end - 1 - view.first, total: view.end - view.first });
  });

  it('stays before rows whose thread died, and blames none of them', () => {
    const { threads, view } = viewOf(60);
    const hits = new FindHits(view, threads.pool, query, () => {});
    hits.advance();
    threads.die('out of memory');
    expect([hits.count, hits.progress]).toEqual([0, { done: 0, total: 60 }]);
    expect(hits.failure).toMatchObject({ code: 'internal' });
    expect(hits.failure?.message).toContain('out of memory');
  });

  it('gives its memory back to the history when it is closed', () => {
    const { threads, view, store } = viewOf(60);
    const hits = new FindHits(view, threads.pool, query, () => {});
    const before = store.usedBytes;
    hits.advance();
    threads.settle();
    expect(store.usedBytes - before).toBe(16_384 * 4);
    hits.close();
    expect(store.usedBytes).toBe(before);
  });
});

/** A scanner that notes what it is asked for and does it when it is told to; it takes as many pieces at a time as it is set to. */
class SlowScanner implements Scanner {
  readonly opened: boolean[] = [];
  readonly pieces: ScanPiece[] = [];
  room = 2;
  private readonly waiting: (() => void)[] = [];

  open(_query: ScanQuery, urgent = false): Scan {
    this.opened.push(urgent);
    const { waiting, pieces } = this;
    const free = () => waiting.length < this.room;
    return {
      get ready() {
        return free();
      },
      submit: (piece, done) => {
        pieces.push(piece);
        waiting.push(() => done({ offsets: new Uint32Array(0), trouble: null }));
      },
      cancel: () => {},
    };
  }

  forget(): void {}

  /** Does one piece; false if none waits. */
  work(): boolean {
    const next = this.waiting.shift();
    next?.();
    return next !== undefined;
  }
}

describe('what a search asks of a scanner', () => {
  const query = { pattern: 'nothing', regex: false, caseSensitive: true };

  it('is urgent, for a person waits; a count is not', () => {
    const scanner = new SlowScanner();
    const { view } = viewOf(60);
    new FindSearch(view, scanner, { generation: view.generation, query, from: 0, direction: 'next' });
    const hits = new FindHits(view, scanner, query, () => {});
    hits.advance();
    expect(scanner.opened).toEqual([true, false]);
  });

  it('is no more than the scanner takes, and then goes on by itself', async () => {
    for (const direction of ['next', 'previous'] as const) {
      const scanner = new SlowScanner();
      const { view } = viewOf(640);
      const from = direction === 'next' ? 100 : 500;
      const search = new FindSearch(view, scanner, { generation: view.generation, query, from, direction });
      for (let count = 2; ; count++) {
        expect(scanner.pieces).toHaveLength(Math.min(count, scanner.pieces.length));
        if (!scanner.work()) break;
      }
      expect(await search.result).toEqual({ ok: true, value: null });
      // Each position once, from where it began and round.
      const positions = scanner.pieces.flatMap(({ segment, from, to }) =>
        Array.from({ length: to - from }, (_, n) => segment.firstRow + from + n),
      );
      expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 640 }, (_, at) => at));
    }
  });

  it('for a filter is as much as it takes too, from the first moment on', () => {
    const scanner = new SlowScanner();
    const { store } = viewOf(640);
    let changes = 0;
    const view = new LogView(store, scanner, () => changes++);
    view.setFilter({ ...SHOW_ALL, text: { ...query, regex: true } });
    expect(view.advance(WHOLE)).toBe(false);
    expect(scanner.pieces).toHaveLength(2);
    expect(view.advance(WHOLE)).toBe(false);
    expect(scanner.pieces).toHaveLength(2);
    scanner.work();
    expect([scanner.pieces.length, changes, view.scan?.done]).toEqual([3, 1, 64]);
    while (scanner.work());
    expect([view.scan, changes]).toEqual([null, scanner.pieces.length]);
  });

  it('is answered by a filter once what there was is looked at, though rows go on coming', () => {
    const scanner = new SlowScanner();
    const { store } = viewOf(640);
    const view = new LogView(store, scanner);
    expect(view.isAnswered).toBe(true);
    view.setFilter({ ...SHOW_ALL, text: { ...query, regex: true } });
    view.advance(WHOLE);
    for (let row = 640; view.reachedRow < 640; row++) {
      expect(view.isAnswered).toBe(false);
      store.append(messages(row, 1));
      scanner.work();
    }
    expect([view.isAnswered, view.scan]).toEqual([true, { done: view.reachedRow, total: store.endRow }]);
    view.setFilter({ ...SHOW_ALL, text: { ...query, caseSensitive: false } });
    expect(view.isAnswered).toBe(false);
  });

  it('for a count goes on by itself as well, and says that there is news', () => {
    const scanner = new SlowScanner();
    const { view } = viewOf(640);
    let changes = 0;
    const hits = new FindHits(view, scanner, query, () => changes++);
    hits.advance();
    expect(scanner.pieces).toHaveLength(2);
    hits.advance();
    expect(scanner.pieces).toHaveLength(2);
    scanner.work();
    expect([scanner.pieces.length, changes]).toEqual([3, 1]);
    while (scanner.work());
    expect([hits.progress, hits.count]).toEqual([null, 0]);
    expect(changes).toBe(scanner.pieces.length);
  });
});

describe('a search', () => {
  it('for what the engine refuses fails with its words, and asks no thread', async () => {
    const { threads, find } = viewOf(60);
    expect(await find('(', 0, 'next').result).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    expect(threads.started).toBe(0);
  });

  it('does not go to a match in rows that another filter has taken away', async () => {
    const { threads, view, find } = viewOf(60);
    const search = find('message 55$', 0, 'next');
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [0] });
    threads.settle();
    expect(await search.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('that was given up stays so, whatever the threads find', async () => {
    const { threads, find } = viewOf(60);
    const search = find('message 55$', 0, 'next');
    search.cancel();
    threads.settle();
    search.cancel();
    expect(await search.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('begins where the view does, or ends, where it is asked to begin outside', async () => {
    for (const [from, direction, pattern, position] of [
      [-5, 'next', '0$', 0],
      [500, 'next', '0$', 0],
      [500, 'previous', '9$', 59],
      [-5, 'previous', '9$', 59],
      [59, 'next', '9$', 59],
      [0, 'previous', 'message 0$', 0],
    ] as const) {
      const { threads, find } = viewOf(60);
      const search = find(pattern, from, direction);
      threads.settle();
      expect(await search.result).toMatchObject({ ok: true, value: { position } });
    }
  });
});

describe('Finder', () => {
  const asked = (pattern: string) => ({ pattern, regex: true, caseSensitive: true });

  function finderOf(rows: number) {
    const { store, threads, view } = viewOf(rows);
    let changes = 0;
    const finder = new Finder(view, threads.pool, () => changes++);
    const find = (pattern: string, from = 0) =>
      finder.find({ generation: view.generation, query: asked(pattern), from, direction: 'next' });
    return { store, threads, view, finder, find, changes: () => changes };
  }

  it('gives up the search before the one a person has typed on to', async () => {
    const { threads, find } = finderOf(60);
    const [first, second] = [find('5$'), find('55$')];
    threads.settle();
    expect(await first).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(await second).toEqual({ ok: true, value: { position: 55, wrapped: false } });
  });

  it('tells of its progress until all is counted that there was when it began, not as long as rows come', () => {
    const { threads, store, view, finder } = finderOf(60);
    finder.setCounted(asked('5$'));
    finder.advance();
    expect(finder.count).toMatchObject({ count: 0, progress: { done: 0, total: 60 } });
    store.append(batchOf(Array.from({ length: 10 }, (_, at) => entry(60 + at, `message ${60 + at}`))));
    view.advance(WHOLE);
    threads.settle();
    expect(finder.count).toMatchObject({ count: 7, progress: null });
    store.append(batchOf([entry(75, 'message 75')]));
    view.advance(WHOLE);
    finder.advance();
    expect(finder.count).toMatchObject({ count: 7, progress: null });
    threads.settle();
    expect(finder.count).toMatchObject({ count: 8, progress: null });
    // Of another filter, all is counted anew.
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    view.advance(WHOLE);
    finder.advance();
    expect(finder.count).toMatchObject({ count: 0, progress: { done: 0 } });
  });

  it('says which of the matches was gone to last, until positions mean something else', async () => {
    const { threads, view, finder, find, changes } = finderOf(60);
    expect(finder.count).toBeNull();
    expect(finder.setCounted(asked('5$'))).toEqual({ ok: true, value: null });
    expect(finder.count).toMatchObject({ count: 0, at: null, progress: { done: 0, total: 60 } });
    finder.advance();
    threads.settle();
    const before = changes();
    const found = find('5$', 20);
    threads.settle();
    await found;
    expect(changes()).toBe(before + 1);
    expect(finder.count).toMatchObject({ count: 6, at: 3, progress: null, generation: view.generation });
    expect(finder.spread(view.generation, 2)).toEqual({
      ok: true,
      value: { generation: view.generation, counts: [3, 3] },
    });
    const old = view.generation;
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    view.advance(WHOLE);
    finder.advance();
    threads.settle();
    expect(finder.count).toMatchObject({ count: 6, at: null });
    expect(finder.spread(old, 2)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('finds nothing where there is nothing, which is no match to have gone to', async () => {
    const { threads, finder, find, changes } = finderOf(60);
    finder.setCounted(asked('5$'));
    finder.advance();
    threads.settle();
    const before = changes();
    const found = find('nothing like it');
    threads.settle();
    expect(await found).toEqual({ ok: true, value: null });
    expect([finder.count?.at, changes()]).toEqual([null, before]);
  });

  it('stops counting and searching when it is told to, and still knows where it was', async () => {
    const { threads, finder, find } = finderOf(60);
    finder.setCounted(asked('5$'));
    finder.advance();
    threads.settle();
    const found = find('5$', 20);
    threads.settle();
    await found;
    const given = find('55$');
    finder.stopCounting();
    expect(await given).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(finder.count).toBeNull();
    finder.advance();
    finder.stopCounting();
    finder.setCounted(asked('5$'));
    finder.advance();
    threads.settle();
    expect(finder.count).toMatchObject({ count: 6, at: 3 });
  });

  it('tells that it counts something else, and forgets where it was once it counts nothing', async () => {
    const { threads, finder, find, changes } = finderOf(60);
    finder.setCounted(asked('5$'));
    expect(changes()).toBe(1);
    const found = find('5$', 20);
    threads.settle();
    await found;
    const given = find('55$');
    finder.setCounted(null);
    expect(await given).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    finder.setCounted(asked('5$'));
    finder.advance();
    threads.settle();
    expect(finder.count).toMatchObject({ count: 6, at: null });
  });

  it('counts nothing when there is nothing to count, or nothing the engine takes', () => {
    const { view, finder } = finderOf(60);
    finder.setCounted(asked('5$'));
    expect(finder.setCounted(asked('('))).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    expect(finder.count).toBeNull();
    finder.setCounted(asked('5$'));
    expect(finder.setCounted(null)).toEqual({ ok: true, value: null });
    expect(finder.count).toBeNull();
    expect(finder.spread(view.generation, 2).ok).toBe(false);
  });
});
