import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { type FilterSpec, MAX_ROW_TEXT, OTHER_LEVEL, SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { type Slice, WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import { batchOf, entry, FakeArchive, FakeThreads, gap, type PlainRow } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { FindSearch } from './find.ts';
import { FindHits } from './find-hits.ts';
import { locateIndex } from './locate-index.ts';
import { LogView } from './view.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 256, segmentBytes: 1024 };

/** Holds some 30 rows. */
const EVICTING = { memoryCapBytes: 1500, segmentRows: 8, chunkBytes: 64, segmentBytes: 128 };

/** Everything in memory; old rows dropped; old rows in an archive, with room for all of them or for few. */
const anyStore = fc.constantFrom<() => StoreOptions>(
  () => SMALL,
  () => EVICTING,
  () => ({ ...EVICTING, archive: new FakeArchive() }),
  () => ({ ...EVICTING, archive: new FakeArchive(3000) }),
);

const indexIn = (view: LogView, index: number): number | null => locateIndex(view, view.store, index);

/** Spent after one step: the shortest slice there is. */
const ONE_STEP: Slice = { spent: () => true };

/** The plain twin: which rows of a list a filter shows. */
function shown(rows: readonly PlainRow[], spec: FilterSpec): number[] {
  return [...rows.keys()].filter((at) => {
    const row = rows[at] as PlainRow;
    if (spec.hiddenCpus.includes(row.cpu) || spec.hiddenSources.includes(row.source)) return false;
    if (spec.time && !(row.timeNs >= spec.time.fromNs && row.timeNs < spec.time.toNs)) return false;
    if (row.kind !== RowKind.Entry) return true;
    if (spec.types && !spec.types.includes(row.type)) return false;
    if (spec.pids && !spec.pids.includes(row.pid)) return false;
    if (spec.origins && !spec.origins.includes(row.origin)) return false;
    if (spec.hiddenLevels.includes(Math.min(row.level, OTHER_LEVEL))) return false;
    return spec.text === null || decodeUtf8(row.payload).includes(spec.text.pattern);
  });
}

const text = (pattern: string) => ({ pattern, regex: false, caseSensitive: true });

const anyRow: fc.Arbitrary<PlainRow> = fc
  .record({
    gap: fc.nat(5).map((n) => n === 0),
    index: fc.nat(60),
    cpu: fc.nat(3),
    level: fc.nat(6),
    source: fc.nat(2),
    message: fc.constantFrom('alpha', 'beta', 'alphabet', ''),
    pid: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2)),
    origin: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2)),
  })
  .map(({ gap: isGap, index, cpu, level, source, message, pid, origin }) =>
    isGap ? { ...gap(index, cpu, 3), source } : entry(index, message, { cpu, level, source, pid, origin }),
  );

/** Whatever can be asked for at once: most of these leave few rows, or none. */
const strictFilter: fc.Arbitrary<FilterSpec> = fc.record(
  {
    hiddenCpus: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
    hiddenLevels: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
    hiddenSources: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
    text: fc.option(
      fc.record({
        pattern: fc.constantFrom('alpha', 'bet', 'zzz'),
        regex: fc.boolean(),
        caseSensitive: fc.constant(true),
      }),
    ),
    types: fc.uniqueArray(fc.nat(1)),
    pids: fc.uniqueArray(fc.nat(2)),
    origins: fc.uniqueArray(fc.nat(2)),
    time: fc
      .tuple(fc.nat(60), fc.nat(60))
      .map(([a, b]) => ({ fromNs: Math.min(a, b) * 1000, toNs: Math.max(a, b) * 1000 })),
  },
  { requiredKeys: ['hiddenCpus', 'hiddenLevels', 'hiddenSources', 'text'] },
);

/** One thing asked for: most of these leave many rows. */
const mildFilter: fc.Arbitrary<FilterSpec> = fc
  .constantFrom<Partial<FilterSpec>>(
    { hiddenCpus: [1] },
    { hiddenLevels: [2, 4] },
    { hiddenSources: [0] },
    { text: { pattern: 'alpha', regex: false, caseSensitive: true } },
    { text: { pattern: 'bet', regex: true, caseSensitive: true } },
    { pids: [0] },
  )
  .map((asked) => ({ ...SHOW_ALL, ...asked }));

const anyFilter = fc.oneof(strictFilter, mildFilter);

type Action =
  | { readonly do: 'append'; readonly rows: readonly PlainRow[] }
  | { readonly do: 'filter'; readonly spec: FilterSpec }
  | { readonly do: 'pause'; readonly paused: boolean }
  | { readonly do: 'advance'; readonly whole: boolean }
  | { readonly do: 'work'; readonly threads: readonly number[] }
  | { readonly do: 'stop' }
  | { readonly do: 'clear' };

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('append' as const), rows: fc.array(anyRow, { maxLength: 24 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), whole: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('filter' as const),
      spec: fc.oneof({ weight: 3, arbitrary: anyFilter }, fc.constant(SHOW_ALL)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause' as const), paused: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('work' as const), threads: fc.array(fc.nat(1), { maxLength: 5 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'stop' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'clear' as const }) },
);

/** Everything done by the view itself, or with two threads, or with one. */
const anyThreads = fc.constantFrom<() => FakeThreads | null>(
  () => null,
  () => new FakeThreads(2),
  () => new FakeThreads(1),
);

function filled(rows: readonly PlainRow[], spec: FilterSpec = SHOW_ALL): LogView {
  const store = new SessionStore(SMALL);
  const view = new LogView(store);
  view.setFilter(spec);
  store.append(batchOf(rows));
  view.advance(WHOLE);
  return view;
}

const someRows = Array.from({ length: 100 }, (_, i) => entry(i + 1, i % 10 === 0 ? 'tenth' : 'other', { cpu: i % 4 }));

describe('LogView against a plain list', () => {
  it('shows what it should at every moment of any history', () => {
    const cases = countCases(
      'a filtered view lost its front',
      'a scan was under way',
      'a scan was stopped',
      'a pause held rows back',
      'a filtered pause held rows back',
      'rows were paused and dropped',
      'all rows shown and dropped',
      'a row shown was a gap',
    );
    fc.assert(
      fc.property(
        fc.array(anyAction, { minLength: 12, maxLength: 40 }),
        anyStore,
        anyThreads,
        (actions, options, make) => {
          const store = new SessionStore(options());
          const threads = make();
          const view = new LogView(store, threads?.pool);
          let all: PlainRow[] = [];
          let spec: FilterSpec = SHOW_ALL;
          let pausedAt: number | null = null;
          let known = new Map<number, number>();
          for (const action of actions) {
            const before = { generation: view.generation, first: view.first, end: view.end };
            if (action.do === 'append') {
              store.append(batchOf(action.rows));
              all.push(...action.rows);
            } else if (action.do === 'filter') {
              spec = action.spec;
              view.setFilter(spec);
            } else if (action.do === 'pause') {
              if (!action.paused) pausedAt = null;
              else pausedAt ??= all.length;
              view.setPaused(action.paused);
            } else if (action.do === 'advance') {
              view.resumeScan();
              view.advance(action.whole ? WHOLE : ONE_STEP);
            } else if (action.do === 'work') {
              for (const which of action.threads) threads?.work(which);
            } else if (action.do === 'stop') {
              view.stopScan();
              expect(view.stopped === null).toBe(view.scan === null);
            } else {
              store.clear();
              all = [];
              if (pausedAt !== null) pausedAt = 0;
            }
            if (view.generation === before.generation) {
              expect(view.first).toBeGreaterThanOrEqual(before.first);
              if (action.do !== 'pause') expect(view.end).toBeGreaterThanOrEqual(before.end);
            } else {
              known = new Map();
            }
            // What is shown is a prefix of what will be, each position keeps its row, and nothing evicted is shown.
            const limit = pausedAt ?? all.length;
            const wanted = shown(all, spec).filter((row) => row < limit && row >= store.firstRow);
            const reply = view.rows(view.first, 1000);
            expect(reply.rows.map((row) => row.row)).toEqual(wanted.slice(0, reply.rows.length));
            expect(reply.rows.length).toBe(view.end - view.first);
            // One expectation for all rows: there are millions of rows to look at.
            const wrong = reply.rows.filter((row, at) => {
              const position = reply.first + at;
              const before = known.get(position) ?? row.row;
              known.set(position, row.row);
              const above = reply.rows[at - 1];
              const deltaNs = above === undefined ? null : row.timeNs - above.timeNs;
              return before !== row.row || row.deltaNs !== deltaNs || view.locateRow(row.row) !== position;
            });
            expect(wrong).toEqual([]);
            expect(view.matchedEntries).toBe(reply.rows.filter((row) => row.kind === RowKind.Entry).length);
            if (view.scan === null) expect(reply.rows.length).toBe(wanted.length);
            else expect(view.scan.done).toBeLessThan(view.scan.total);
            const dropped = store.firstRow > 0;
            cases.note('a filtered view lost its front', dropped && !view.showsAll && view.first > 0);
            cases.note('a scan was under way', view.scan !== null && view.scan.done > 0);
            cases.note('a scan was stopped', view.stopped !== null);
            cases.note('a pause held rows back', view.heldBack > 0 && view.showsAll);
            cases.note('a filtered pause held rows back', view.heldBack > 0 && !view.showsAll);
            cases.note('rows were paused and dropped', pausedAt !== null && store.firstRow > pausedAt);
            cases.note('all rows shown and dropped', dropped && view.showsAll);
            cases.note('a row shown was a gap', reply.rows.length > view.matchedEntries);
          }
          view.setPaused(false);
          view.resumeScan();
          for (let turns = 0; view.scan !== null && turns < 1000; turns++) {
            view.advance(WHOLE);
            threads?.settle();
          }
          const wanted = shown(all, spec).filter((row) => row >= store.firstRow);
          expect(view.rows(view.first, 1000).rows.map((row) => row.row)).toEqual(wanted.slice(0, 1000));
          expect(view.scan).toBeNull();
        },
      ),
      { numRuns: 80 },
    );
    cases.expectEach();
  });

  it('locates any index as a look through the list does', () => {
    const cases = countCases('the index itself', 'one above', 'a gap', 'an entry before a gap of its index', 'none');
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 80 }), anyFilter, fc.nat(70), (rows, spec, index) => {
        const candidates = shown(rows, spec)
          .map((row, position) => ({ position, ...(rows[row] as PlainRow) }))
          .filter((row) => row.index >= index)
          .sort((a, b) => a.index - b.index || a.kind - b.kind || a.position - b.position);
        expect(indexIn(filled(rows, spec), index)).toBe(candidates[0]?.position ?? null);
        const [best, second] = candidates;
        cases.note('the index itself', best?.index === index);
        cases.note('one above', best !== undefined && best.index > index);
        cases.note('a gap', best?.kind === RowKind.Gap);
        cases.note('an entry before a gap of its index', second?.kind === RowKind.Gap && best?.index === second.index);
        cases.note('none', best === undefined && rows.length > 0);
      }),
      { numRuns: 300, examples: [[[entry(5, 'alpha'), gap(5, 0, 2)], SHOW_ALL, 5]] },
    );
    cases.expectEach();
  });

  it('finds as a look through the list does', async () => {
    const cases = countCases('next', 'previous', 'wrapped to the front', 'wrapped to the end', 'none');
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { maxLength: 60 }),
        anyFilter,
        fc.oneof(fc.integer({ min: -2, max: 62 }), fc.integer({ min: -2, max: 4 }), fc.integer({ min: 40, max: 62 })),
        fc.constantFrom('next' as const, 'previous' as const),
        fc.boolean(),
        fc.array(fc.nat(1)),
        async (rows, spec, from, direction, regex, order) => {
          const view = filled(rows, spec);
          const hits = shown(rows, spec)
            .map((row, position) => ({ position, row: rows[row] as PlainRow }))
            .filter(({ row }) => row.kind === RowKind.Entry && decodeUtf8(row.payload).includes('bet'))
            .map(({ position }) => position);
          const direct = direction === 'next' ? hits.find((at) => at >= from) : hits.findLast((at) => at <= from);
          const around = direction === 'next' ? hits[0] : hits.at(-1);
          const position = direct ?? around;
          const expected = position === undefined ? null : { position, wrapped: direct === undefined };
          const threads = new FakeThreads(2);
          const request = { generation: view.generation, query: { ...text('bet'), regex }, from, direction };
          const search = new FindSearch(view, threads.pool, request);
          for (const which of order) threads.work(which);
          threads.settle();
          expect(await search.result).toEqual({ ok: true, value: expected });
          cases.note('next', direct !== undefined && direction === 'next');
          cases.note('previous', direct !== undefined && direction === 'previous');
          cases.note('wrapped to the front', expected?.wrapped === true && direction === 'next');
          cases.note('wrapped to the end', expected?.wrapped === true && direction === 'previous');
          cases.note('none', view.end > 0 && expected === null);
        },
      ),
      { numRuns: 200 },
    );
    cases.expectEach();
  });
});

describe('LogView', () => {
  it('counts the rows a pause holds back, and shows them afterwards', () => {
    const store = new SessionStore(SMALL);
    const view = new LogView(store);
    store.append(batchOf(someRows));
    view.setPaused(true);
    store.append(batchOf(someRows));
    expect(view.update(1, 2)).toMatchObject({ end: 100, heldBack: 100, paused: true, sessionRows: 200 });
    expect(view.tail(2).map((row) => row.row)).toEqual([98, 99]);
    view.setFilter({ ...SHOW_ALL, text: text('tenth') });
    view.advance(WHOLE);
    expect(view.update(2, 0)).toMatchObject({ end: 10, heldBack: 10, matchedEntries: 10, scan: null });
    view.setPaused(false);
    expect(view.update(3, 0)).toMatchObject({ end: 20, heldBack: 0, matchedEntries: 20, paused: false });
  });

  it('counts records without the losses between them, held back, shown and searched alike', () => {
    const store = new SessionStore(SMALL);
    const view = new LogView(store);
    const some = [entry(1, 'wanted'), gap(2, 0, 5), entry(2, 'other'), gap(3, 0, 1)];
    store.append(batchOf(some));
    expect(view.update(1, 0)).toMatchObject({ end: 4, matchedEntries: 2, searchedEntries: 2, sessionEntries: 2 });
    view.setPaused(true);
    store.append(batchOf(some));
    // No filter hides what came since: the count of matches is of what was there before.
    const paused = { matchedEntries: 2, searchedEntries: 2, sessionEntries: 4, heldBack: 2 };
    expect(view.update(2, 0)).toMatchObject(paused);
    view.setFilter({ ...SHOW_ALL, text: text('wanted') });
    view.advance(WHOLE);
    expect(view.update(3, 0)).toMatchObject({ ...paused, matchedEntries: 1, heldBack: 1 });
    view.setPaused(false);
    expect(view.update(4, 0)).toMatchObject({ matchedEntries: 2, searchedEntries: 4, heldBack: 0 });
  });

  it('keeps the filter it has when a new one is refused', () => {
    const view = filled(someRows, { ...SHOW_ALL, hiddenCpus: [0] });
    const { generation } = view;
    const refused = view.setFilter({ ...SHOW_ALL, text: { pattern: '[', regex: true, caseSensitive: false } });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    expect(view.setFilter({ ...SHOW_ALL, hiddenLevels: [9] })).toMatchObject({ ok: false });
    expect([view.generation, view.end]).toEqual([generation, 75]);
  });

  it('gives the difference to the row above also at the begin of a request', () => {
    const view = filled(someRows, { ...SHOW_ALL, text: text('tenth') });
    expect(view.rows(3, 2).rows.map((row) => [row.row, row.deltaNs])).toEqual([
      [30, 10_000],
      [40, 10_000],
    ]);
    expect(view.rows(500, 3).rows).toEqual([]);
    expect(view.rows(-5, 6).first).toBe(0);
  });

  it('cuts long texts in rows, and gives all of them in the details', () => {
    const long = 'y'.repeat(3000);
    const view = filled([entry(1, 'first'), entry(2, long, { timeNs: 2_500_000 }), gap(3, 1, 37)]);
    expect(view.rows(1, 1).rows[0]).toMatchObject({ text: long.slice(0, MAX_ROW_TEXT), textCut: true, length: 3000 });
    const details = view.details(1, 1000);
    expect(details).toMatchObject({ text: long, unixMs: 1002.5 });
    expect(details?.row.deltaNs).toBe(2_499_000);
    expect(details?.bytes.length).toBe(3000);
    expect(view.details(2, 0)).toMatchObject({ text: null, row: { remarks: 37, text: '' } });
    expect(view.details(3, 0)).toBeNull();
  });

  it('keeps positions when the front of a long view is evicted', () => {
    const store = new SessionStore({ memoryCapBytes: 2 ** 22, segmentRows: 4096, chunkBytes: 65_536 });
    const view = new LogView(store);
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [3] });
    const rows = Array.from({ length: 4096 }, (_, i) => entry(i, 'x'.repeat(40), { cpu: i % 4 }));
    for (let i = 0; i < 60; i++) {
      store.append(batchOf(rows));
      view.advance(WHOLE);
    }
    expect(view.end).toBe((60 * 4096 * 3) / 4);
    expect(view.first).toBe((store.firstRow * 3) / 4);
    expect(view.first).toBeGreaterThan(100_000);
    for (let position = view.first; position < view.end; position += 997) {
      expect(view.rowAt(position)).toBe(Math.floor(position / 3) * 4 + (position % 3));
    }
    expect(view.memoryBytes).toBeLessThan((view.end - view.first) * 4 + 3 * 65_536);
  });

  it('takes no evicted loss row for an entry, filtered or not', () => {
    for (const spec of [SHOW_ALL, { ...SHOW_ALL, hiddenCpus: [3] }]) {
      const store = new SessionStore(EVICTING);
      const view = new LogView(store);
      view.setFilter(spec);
      for (let from = 0; from < 120; from += 6) {
        const rows = Array.from({ length: 6 }, (_, i) =>
          i % 3 === 0 ? gap(from + i, i % 4, 2) : entry(from + i, 'x', { cpu: i % 4 }),
        );
        store.append(batchOf(rows));
        view.advance(WHOLE);
      }
      const { rows } = view.rows(view.first, 1000);
      expect(view.first).toBeGreaterThan(50);
      expect(rows.length).toBeGreaterThan(10);
      expect(view.matchedEntries).toBe(rows.filter((row) => row.kind === RowKind.Entry).length);
      expect(view.update(1, 0)).toMatchObject({
        sessionRows: store.rowCount,
        sessionEntries: store.figures.entryCount,
      });
      expect(store.figures.entryCount).toBeLessThan(store.rowCount);
    }
  });

  it('prefers an entry to a gap row of the same index in another segment', () => {
    const rows = Array.from({ length: 40 }, (_, i) => entry(i, 'x'));
    rows[15] = gap(16, 0, 2);
    expect(indexIn(filled(rows), 16)).toBe(16);
  });

  it('stops a search when the view changes or its owner says so', async () => {
    const view = filled(someRows);
    const threads = new FakeThreads();
    const request = { generation: view.generation, query: text('nowhere'), from: 0, direction: 'next' as const };
    const search = new FindSearch(view, threads.pool, request);
    search.cancel();
    expect(await search.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    const outrun = new FindSearch(view, threads.pool, request);
    view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    threads.settle();
    expect(await outrun.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
});

describe('FindHits', () => {
  it('counts, ranks and spreads matches as a look through the view does, at every moment', () => {
    const cases = countCases('matches', 'counted in part', 'matches dropped', 'a new generation');
    fc.assert(
      fc.property(fc.array(anyAction, { minLength: 5, maxLength: 30 }), anyStore, (actions, options) => {
        const store = new SessionStore(options());
        const threads = new FakeThreads(2);
        const view = new LogView(store, threads.pool);
        const hits = new FindHits(view, threads.pool, { ...text('bet'), regex: true }, () => {});
        const check = () => {
          const { rows, first } = view.rows(view.first, 1000);
          const until = hits.progress === null ? view.end : first + hits.progress.done;
          const found = [...rows.keys()]
            .filter((at) => first + at < until && (rows[at] as { text: string }).text.includes('bet'))
            .map((at) => first + at);
          expect(hits.count).toBe(found.length);
          expect(found.filter((position, at) => hits.rank(position) !== at + 1)).toEqual([]);
          expect(hits.rank(first - 1)).toBeNull();
          const parts = hits.spread(3);
          const length = view.end - first;
          const share = (at: number) => first + Math.ceil((length * at) / 3);
          expect(parts).toEqual(
            [0, 1, 2].map((at) => found.filter((each) => each >= share(at) && each < share(at + 1)).length),
          );
          cases.note('matches', found.length);
          cases.note('counted in part', hits.progress !== null && hits.progress.done > 0);
          cases.note('matches dropped', store.firstRow > 0 && found.length > 0);
          cases.note('a new generation', view.generation > 2 && found.length > 0);
        };
        for (const action of actions) {
          if (action.do === 'append') store.append(batchOf(action.rows));
          else if (action.do === 'filter') view.setFilter(action.spec);
          else if (action.do === 'pause') view.setPaused(action.paused);
          else if (action.do === 'clear') store.clear();
          else if (action.do === 'work') for (const which of action.threads) threads.work(which);
          else {
            view.advance(WHOLE);
            hits.advance();
          }
          check();
        }
        for (let turns = 0; (view.scan !== null || hits.progress !== null) && turns < 1000; turns++) {
          view.advance(WHOLE);
          hits.advance();
          threads.settle();
        }
        expect(hits.progress).toBeNull();
        check();
      }),
      { numRuns: 80 },
    );
    cases.expectEach();
  });
});
