import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { type Slice, WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, FakeThreads, gap, type PlainRow } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { LogView } from './view.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 8, chunkBytes: 256, segmentBytes: 1024 };
const EVICTING = { memoryCapBytes: 1500, segmentRows: 8, chunkBytes: 64, segmentBytes: 128 };
const ONE_STEP: Slice = { spent: () => true };

const HIT = { ...SHOW_ALL, text: { pattern: 'hit', regex: false, caseSensitive: true } };

/** Whether the filter of these tests shows a row by itself: a hit, or a loss of a CPU that is not hidden. */
const fits = (row: PlainRow, hiddenCpu: number): boolean =>
  row.cpu !== hiddenCpu && (row.kind !== RowKind.Entry || decodeUtf8(row.payload).includes('hit'));

/** The plain twin: rows around a match, up to a loss that is shown. */
function neighbours(rows: readonly PlainRow[], match: number, around: number, hiddenCpu: number): number[] {
  const near: number[] = [];
  for (const step of [-1, 1]) {
    for (let at = match + step; Math.abs(at - match) <= around && at >= 0 && at < rows.length; at += step) {
      const row = rows[at] as PlainRow;
      if (row.kind !== RowKind.Entry && fits(row, hiddenCpu)) break;
      near.push(at);
    }
  }
  return near;
}

const anyRow = fc
  .tuple(fc.nat(9), fc.nat(2))
  .map(([what, cpu]): PlainRow => (what === 0 ? gap(1, cpu, 3) : entry(1, what < 3 ? 'hit' : 'other', { cpu })));

const anyAction = fc.oneof(
  { weight: 5, arbitrary: fc.array(anyRow, { maxLength: 20 }) },
  { weight: 4, arbitrary: fc.constantFrom('step' as const, 'whole' as const, 'work' as const) },
  { weight: 1, arbitrary: fc.constantFrom('pause' as const, 'go on' as const, 'stop' as const) },
);

it('shows the rows around matches as a look at the whole list does, at every moment of any history', () => {
  const cases = countCases(
    'context reached into an earlier segment',
    'context ended at a loss',
    'a hidden loss was around a match',
    'the match of a context row was dropped',
    'a pause held context back',
  );
  fc.assert(
    fc.property(
      fc.array(anyAction, { minLength: 10, maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(
        () => SMALL,
        () => EVICTING,
        () => ({ ...EVICTING, archive: new FakeArchive() }),
        () => ({ ...EVICTING, archive: new FakeArchive(3000) }),
      ),
      fc.boolean(),
      (actions, around, options, threaded) => {
        const store = new SessionStore(options());
        const threads = threaded ? new FakeThreads(2) : null;
        const view = new LogView(store, threads?.pool);
        view.setFilter({ ...HIT, hiddenCpus: [2], context: around });
        const all: PlainRow[] = [];
        const matches = new Set<number>();
        const known = new Map<number, number>();
        let unseen = false;
        for (const action of [...actions, 'go on', 'whole', 'work', 'whole'] as typeof actions) {
          if (typeof action !== 'string') {
            const seenEnd = view.reachedRow;
            store.append(batchOf(action));
            all.push(...action);
            unseen ||= store.firstRow > seenEnd;
          } else if (action === 'pause' || action === 'go on') view.setPaused(action === 'pause');
          else if (action === 'stop') view.stopScan();
          else if (action === 'work') threads?.settle();
          else {
            view.resumeScan();
            view.advance(action === 'whole' ? WHOLE : ONE_STEP);
          }
          const { rows } = view.rows(view.first, 1000);
          for (const row of rows) if (row.isContext === undefined) matches.add(row.row);
          const near = new Set(
            [...matches].flatMap((at) => (all[at]?.kind === RowKind.Entry ? neighbours(all, at, around, 2) : [])),
          );
          // A match shows what is before it at once, and what is behind it as far as the filter has come.
          const wanted = [...new Set([...matches, ...near])]
            .filter((row) => row >= store.firstRow && row < view.reachedRow)
            .sort((a, b) => a - b);
          // Behind rows that were dropped before the filter looked at them, less is shown.
          if (!unseen) expect(rows.map(({ row }) => row)).toEqual(wanted);
          const plain = [...all.keys()].filter((at) => at >= store.firstRow && fits(all[at] as PlainRow, 2));
          const shown = rows.filter(({ isContext }) => isContext === undefined).map(({ row }) => row);
          expect(shown).toEqual(plain.slice(0, shown.length));
          for (const [at, { row }] of rows.entries()) {
            expect(known.get(view.first + at) ?? row).toBe(row);
            known.set(view.first + at, row);
            expect(view.locateRow(row)).toBe(view.first + at);
          }
          const entries = rows.filter(({ kind }) => kind === RowKind.Entry);
          expect(view.contextEntries).toBe(entries.filter(({ isContext }) => isContext).length);
          expect(view.matchedEntries).toBe(entries.length - view.contextEntries);
          cases.note(
            'context reached into an earlier segment',
            rows.some(({ row, isContext }, at) => isContext && row % 8 > 5 && (rows[at + 1]?.row ?? 0) % 8 === 0),
          );
          const losses = rows.filter(({ kind }) => kind !== RowKind.Entry);
          cases.note(
            'context ended at a loss',
            losses.some(({ isContext, row }) => !isContext && near.has(row - 1)),
          );
          cases.note(
            'a hidden loss was around a match',
            losses.some(({ isContext }) => isContext),
          );
          cases.note(
            'the match of a context row was dropped',
            rows[0]?.isContext === true && rows[0].row > 0 && !matches.has(rows[0].row + 1),
          );
          cases.note(
            'a pause held context back',
            view.paused && view.heldBackRow < all.length && near.has(view.heldBackRow),
          );
        }
        expect(view.scan).toBeNull();
      },
    ),
    { numRuns: 60 },
  );
  cases.expectEach();
});

function viewOf(rows: readonly PlainRow[], spec: FilterSpec): LogView {
  const view = new LogView(new SessionStore(SMALL));
  view.setFilter(spec);
  view.store.append(batchOf(rows));
  view.advance(WHOLE);
  return view;
}

const lines = Array.from({ length: 100 }, (_, n) => entry(n, n % 20 === 10 ? 'hit' : `line ${n}`));

it('costs nothing more in memory where no rows around matches are asked for', () => {
  expect(viewOf(lines, { ...HIT, context: 2 }).memoryBytes).toBeGreaterThan(viewOf(lines, HIT).memoryBytes);
  expect(viewOf(lines, SHOW_ALL).contextEntries).toBe(0);
});
