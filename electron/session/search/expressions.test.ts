/** A person's expression may never come to an end: it runs where that is noticed, in the scanning threads, and nowhere else. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { CaptureFilter } from '../ingest/capture-filter.ts';
import { ExportJob } from '../output/export-job.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { Finder } from '../view/finder.ts';
import { LogView } from '../view/view.ts';
import { compileFilter } from './filter.ts';
import { FilterScan } from './filter-scan.ts';

/** Of no other expression of the program. */
const PATTERN = 'quux [0-4]+7$';
const QUERY = { pattern: PATTERN, regex: true, caseSensitive: true };
const SPEC: FilterSpec = { ...SHOW_ALL, text: QUERY };

const rowsOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => entry(from + at, `quux ${from + at}`));
const matching = (count: number) => rowsOf(count).filter((_, at) => /^[0-4]+7$/.test(`${at}`)).length;

/** Times the expression was run. */
let runs = 0;

beforeEach(() => {
  runs = 0;
  for (const name of ['exec', 'test'] as const) {
    const real = RegExp.prototype[name] as (this: RegExp, text: string) => never;
    vi.spyOn(RegExp.prototype, name).mockImplementation(function (this: RegExp, text: string) {
      if (this.source.includes('quux')) runs++;
      return real.call(this, text);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an expression', () => {
  it.each([1, 10, 1023, 1024, 5000])('filters %i rows in a thread, and those that follow them', (count) => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const threads = new FakeThreads(1);
    const view = new LogView(store, threads.pool);
    view.setFilter(SPEC);
    for (const [from, rows] of [
      [0, count],
      [count, 1],
    ] as const) {
      store.append(batchOf(rowsOf(rows, from)));
      const before = runs;
      view.advance(WHOLE);
      expect(runs).toBe(before);
      threads.settle();
      expect(view.scan).toBeNull();
      expect(view.end).toBe(matching(from + rows));
    }
    expect(runs).toBeGreaterThan(0);
  });

  it('is put to the threads again after each stop', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    store.append(batchOf(rowsOf(200)));
    const threads = new FakeThreads(1);
    const filter = compileFilter(SPEC);
    if (!filter.ok) throw new Error(filter.failure.message);
    let found = 0;
    const scan = new FilterScan({
      store,
      filter: filter.value,
      scanner: threads.pool,
      take: (_segment, _offsets, count) => {
        found += count;
      },
      changed: () => {},
    });
    scan.advance(WHOLE);
    scan.stop({ code: 'cancelled', message: '', action: '' });
    scan.resume();
    scan.advance(WHOLE);
    expect(runs).toBe(0);
    threads.settle();
    expect([scan.row, found]).toEqual([200, matching(200)]);
  });

  it('is searched for, counted, exported and kept by in threads, or not run at all', async () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    store.append(batchOf(rowsOf(50)));
    const threads = new FakeThreads(1);
    const view = new LogView(store, threads.pool);
    const finder = new Finder(view, threads.pool, () => {});
    const search = finder.find({ generation: view.generation, query: QUERY, from: 0, direction: 'next' });
    expect(finder.setCounted(QUERY)).toMatchObject({ ok: true });
    finder.advance();
    const job = ExportJob.create(store, {
      format: 'csv',
      filter: SPEC,
      endRow: store.endRow,
      info: null,
      scanner: threads.pool,
    });
    if (!job.ok) throw new Error(job.failure.message);
    const part = job.value.next();
    // What it hides is kept: a capture waits for no expression.
    const batch = batchOf(rowsOf(50));
    const filter = new CaptureFilter();
    filter.set(SPEC);
    expect(filter.take(batch)).toBe(batch);
    expect(runs).toBe(0);

    threads.settle();
    expect(await search).toMatchObject({ ok: true, value: { position: 17 } });
    expect(await part).toMatchObject({ ok: true });
    expect(finder.count?.count).toBe(matching(50));
    expect(job.value.writtenRows).toBe(matching(50));
    expect(runs).toBeGreaterThan(0);
  });

  it('leaves a plain text of few rows to be looked for at once, without a thread', () => {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const threads = new FakeThreads(1);
    const view = new LogView(store, threads.pool);
    view.setFilter({ ...SHOW_ALL, text: { pattern: '7', regex: false, caseSensitive: true } });
    store.append(batchOf(rowsOf(50)));
    view.advance(WHOLE);
    expect([view.scan, view.end, threads.started]).toEqual([null, 5, 0]);
  });
});
