import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore, type StoreOptions } from '../store/store.ts';
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
