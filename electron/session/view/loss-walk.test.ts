/** Walking from loss to loss in what a view shows, against a plain look at every row. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOSS_CAUSES } from '../../../native/core/entry.ts';
import { type FoundLoss, MOST_MARKERS } from '../../contract/loss.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { DensityTally } from '../store/density.ts';
import { STRIP_ROWS, type Strip } from '../store/rows-summary.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, gap, type PlainRow, storedRow } from '../test-support.ts';
import { findLoss, lossesBehind } from './loss-walk.ts';
import { LogView } from './view.ts';

const FULL = 1 << LOSS_CAUSES.indexOf('full');

function viewOf(rows: readonly PlainRow[], hiddenCpus: readonly number[] = []) {
  const archive = new FakeArchive();
  const store = new SessionStore({ memoryCapBytes: 4000, segmentRows: 8, chunkBytes: 64, segmentBytes: 128, archive });
  const view = new LogView(store);
  view.setFilter({ ...SHOW_ALL, hiddenCpus });
  for (let at = 0; at < rows.length; at += 5) {
    store.append(batchOf(rows.slice(at, at + 5)));
    view.survey.catchUp();
    view.advance(WHOLE);
  }
  return view;
}

/** Where the runs of markers begin and end, by looking at every row shown. */
function runsOf(view: LogView): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (let position = view.first; position < view.end; position++) {
    if (storedRow(view.store, view.rowAt(position)).kind === 0) continue;
    const before = runs.at(-1);
    if (before?.last === position - 1) before.last = position;
    else runs.push({ first: position, last: position });
  }
  return runs;
}

const placesOf = (found: FoundLoss | null) => found && { first: found.first, last: found.last };

describe('the next and the previous loss', () => {
  it('are those that a look at every row finds, from any row, filtered or not, on disk or in memory', () => {
    const cases = countCases('found', 'none beyond', 'from within a run', 'several markers');
    const row = fc.record({ cpu: fc.nat(2), loss: fc.nat(6).map((roll) => roll === 0) });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 120 }),
        fc.subarray([1, 2]),
        fc.nat(),
        (made, hidden, at) => {
          const log = made.map(({ cpu, loss }, n) => (loss ? gap(n, cpu, n + 1) : entry(n, `row ${n}`, { cpu })));
          const view = viewOf(log, hidden);
          const runs = runsOf(view);
          const from = (at % (view.end - view.first + 2)) + view.first - 1;
          const here = runs.find(({ first, last }) => first <= from && from <= last);
          const next = runs.find(({ first }) => first > (here?.last ?? from)) ?? null;
          const beyond = runs.filter(({ first }) => first > (here?.last ?? from));
          expect(lossesBehind(view, from, 3).map(placesOf)).toEqual(beyond.slice(0, 3));
          const previous = runs.findLast(({ first }) => first < from) ?? null;
          const found = findLoss(view, from, 'next');
          expect(placesOf(found)).toEqual(next);
          expect(placesOf(findLoss(view, from, 'previous'))).toEqual(previous);
          cases.note('found', next !== null && previous !== null);
          cases.note('none beyond', runs.length > 0 && next === null);
          cases.note('from within a run', here !== undefined);
          cases.note('several markers', next !== null && next.last > next.first);
          if (found === null) return;
          const markers = Array.from({ length: found.last - found.first + 1 }, (_, n) =>
            storedRow(view.store, view.rowAt(found.first + n)),
          );
          expect(found.lost).toBe(markers.reduce((sum, { remarks }) => sum + remarks, 0));
          expect(found.cpus).toEqual([...new Set(markers.map(({ cpu }) => cpu))].sort());
          expect(found.toNs).toBe(Math.max(...markers.map(({ timeNs }) => timeNs)));
        },
      ),
      {
        // Two markers side by side, looked for from the row before them and from the second of them.
        examples: [1, 3].map((at): [{ cpu: number; loss: boolean }[], number[], number] => [
          [false, true, true, false].map((loss) => ({ cpu: 0, loss })),
          [],
          at,
        ]),
      },
    );
    cases.expectEach();
  });

  it('say how many were lost, on which CPUs, why, and between which times', () => {
    const cause = (row: PlainRow, type: number, timeNs: number): PlainRow => ({ ...row, type, timeNs });
    const view = viewOf([
      entry(1, 'a', { cpu: 7, timeNs: 100 }),
      entry(2, 'b', { cpu: 3, timeNs: 250 }),
      cause(gap(9, 7, 30_000), FULL, 800),
      cause(gap(9, 3, 570), FULL | 2, 900),
      entry(10, 'c', { cpu: 7, timeNs: 800 }),
      cause(gap(11, 5, 4), 0, 950),
    ]);
    expect(findLoss(view, -1, 'next')).toEqual({
      ...{ generation: view.generation, first: 2, last: 3, lost: 30_570, cpus: [3, 7], causes: FULL | 2 },
      ...{ fromNs: 100, toNs: 900 },
    });
    // Nothing is known of this CPU before.
    expect(findLoss(view, 2, 'next')).toMatchObject({
      first: 5,
      lost: 4,
      cpus: [5],
      causes: 0,
      fromNs: null,
      toNs: 950,
    });
    expect(findLoss(view, 5, 'next')).toBeNull();
    expect(findLoss(view, 5, 'previous')).toMatchObject({ first: 2 });
    expect(findLoss(view, 2, 'previous')).toBeNull();
  });

  it('take a very long row of markers as several', () => {
    const count = MOST_MARKERS + 40;
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    const view = new LogView(store);
    store.append(batchOf(Array.from({ length: count }, (_, n) => gap(n, n % 4, 1))));
    expect(findLoss(view, -1, 'next')).toMatchObject({ first: 0, last: MOST_MARKERS - 1, lost: MOST_MARKERS });
    expect(findLoss(view, 0, 'next')).toMatchObject({ first: MOST_MARKERS, last: count - 1, lost: 40 });
    expect(findLoss(view, count, 'previous')).toMatchObject({ first: 40, last: count - 1 });
  });

  it('are none in a view without rows', () => {
    const view = viewOf([]);
    for (const direction of ['next', 'previous'] as const) expect(findLoss(view, -1, direction)).toBeNull();
  });
});

describe('the region where a loss may be', () => {
  it('leaves none out, where rows were counted and where only the sums of strips are known', () => {
    const rows = 6 * STRIP_ROWS;
    const places = fc.uniqueArray(fc.nat(rows - 1), { maxLength: 12 });
    const counted = fc.boolean();
    fc.assert(
      fc.property(places, fc.constantFrom(4, 64, 8192), fc.nat(rows - 1), counted, (gaps, blocks, from, byStrips) => {
        const tally = new DensityTally(blocks);
        if (byStrips) {
          const strips = Array.from({ length: 6 }, (_, strip): Strip => {
            const within = gaps.filter((at) => Math.floor(at / STRIP_ROWS) === strip).length;
            return [strip, 0, 0, within];
          });
          tally.addStrips(0, rows, strips);
        } else {
          const store = new SessionStore({ memoryCapBytes: 1 << 30 });
          store.append(
            batchOf(Array.from({ length: rows }, (_, n) => (gaps.includes(n) ? gap(n, 0, 1) : entry(n, '')))),
          );
          tally.addRows(0, store.segmentOf(0) as never, 0, rows);
        }
        for (const forward of [true, false]) {
          const nearest = forward
            ? Math.min(...gaps.filter((at) => at >= from))
            : Math.max(...gaps.filter((at) => at <= from));
          // As one walks: region after region, until one holds it.
          let at = from;
          for (;;) {
            const region = tally.gapRegion(at, forward);
            if (region === null) {
              expect(Number.isFinite(nearest)).toBe(false);
              break;
            }
            if (nearest >= region.first && nearest < region.end) break;
            if (Number.isFinite(nearest)) expect(forward ? nearest >= region.end : nearest < region.first).toBe(true);
            at = forward ? region.end : region.first - 1;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
