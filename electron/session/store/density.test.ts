import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { batchOf, entry, FakeArchive, gap, type PlainRow } from '../test-support.ts';
import { LogView } from '../view/view.ts';
import { type Buckets, DensityTally } from './density.ts';
import { STRIP_ROWS } from './rows-summary.ts';
import { WHOLE } from './slice.ts';
import { SessionStore } from './store.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 64, segmentBytes: 256 };

const anyRow: fc.Arbitrary<PlainRow> = fc
  .tuple(fc.nat(9), fc.nat(3))
  .map(([level, cpu]) => (level === 9 ? gap(1, cpu, 5) : entry(1, 'x', { level, cpu })));

/** The plain twin: every row of every bucket is looked at. `rows[i]` stands at position `from + i`. */
function counted(
  rows: readonly PlainRow[],
  from: number,
  { start, bucketRows, errors }: Buckets,
): Omit<Buckets, 'start' | 'bucketRows'> {
  const count = (test: (row: PlainRow) => boolean) =>
    errors.map((_, bucket) => {
      const begin = start + bucket * bucketRows - from;
      return rows.slice(Math.max(0, begin), Math.max(0, begin + bucketRows)).filter(test).length;
    });
  const level = (wanted: number) => count((row) => row.kind === RowKind.Entry && row.level === wanted);
  return { errors: level(0), warnings: level(1), gaps: count((row) => row.kind === RowKind.Gap) };
}

const countsOf = ({ errors, warnings, gaps }: Buckets) => ({ errors, warnings, gaps });

describe('DensityTally', () => {
  it('counts as looking at every row does, however the rows arrive and however few blocks there are', () => {
    const cases = countCases('blocks became longer', 'a gap', 'an error', 'a bucket of several blocks');
    fc.assert(
      fc.property(
        fc.array(fc.array(anyRow, { minLength: 1, maxLength: 16 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(4, 8, 64),
        fc.nat(5000),
        fc.integer({ min: 1, max: 30 }),
        (batches, maxBlocks, from, most) => {
          const tally = new DensityTally(maxBlocks);
          // Positions begin where earlier ones were dropped.
          tally.dropBefore(from);
          const rows: PlainRow[] = [];
          for (const [number, batch] of batches.entries()) {
            const store = new SessionStore(SMALL);
            store.append(batchOf(batch));
            const segment = store.segmentOf(0);
            if (segment === null) throw new Error('no segment');
            const offsets = Uint32Array.from(batch.keys());
            if (number % 2 === 0) tally.addRows(from + rows.length, segment, 0, batch.length);
            else tally.addOffsets(from + rows.length, segment, offsets, batch.length);
            rows.push(...batch);
          }
          const buckets = tally.buckets(from, from + rows.length, most);
          expect(buckets.start).toBeLessThanOrEqual(from);
          expect(buckets.start + buckets.errors.length * buckets.bucketRows).toBeGreaterThanOrEqual(from + rows.length);
          expect(buckets.errors.length).toBeLessThanOrEqual(most + 1);
          expect(countsOf(buckets)).toEqual(counted(rows, from, buckets));
          cases.note('blocks became longer', rows.length > maxBlocks);
          cases.note('a gap', sums(buckets)[2]);
          cases.note('an error', sums(buckets)[0]);
          cases.note('a bucket of several blocks', rows.length <= maxBlocks && buckets.bucketRows > 1);
        },
      ),
    );
    cases.expectEach();
  });

  it('forgets what is dropped, but for the block that is only partly', () => {
    const tally = new DensityTally(8);
    const store = new SessionStore({ ...SMALL, segmentRows: 64, chunkBytes: 4096 });
    const rows = Array.from({ length: 64 }, () => entry(1, 'x', { level: 0 }));
    store.append(batchOf(rows));
    tally.addRows(0, store.segmentOf(0) as NonNullable<ReturnType<SessionStore['segmentOf']>>, 0, 64);
    tally.dropBefore(20);
    expect(tally.buckets(20, 64, 100)).toMatchObject({ start: 16, bucketRows: 8, errors: [8, 8, 8, 8, 8, 8] });
    // What was dropped is not asked for by a position before it, either.
    expect(tally.buckets(0, 64, 100)).toMatchObject({ start: 16, errors: [8, 8, 8, 8, 8, 8] });
    tally.clear();
    expect(tally.buckets(0, 0, 10).errors).toEqual([]);
  });

  const segmentOf = (levels: readonly number[]) => {
    const store = new SessionStore({ ...SMALL, segmentRows: 64, chunkBytes: 4096 });
    store.append(batchOf(levels.map((level) => entry(1, 'x', { level }))));
    const segment = store.segmentOf(0);
    if (segment === null) throw new Error('no segment');
    return segment;
  };
  const errorsOf = (tally: DensityTally, first: number, end: number) => {
    const { start, bucketRows, errors } = tally.buckets(first, end, 1000);
    return [start, bucketRows, errors];
  };

  it('uses the blocks of what is dropped for what comes, and begins each at nothing', () => {
    const tally = new DensityTally(8);
    const errors = segmentOf(Array(64).fill(0));
    tally.addRows(0, errors, 0, 64);
    expect(errorsOf(tally, 0, 64)).toEqual([0, 8, Array(8).fill(8)]);
    tally.dropBefore(24);
    tally.dropBefore(16);
    tally.addRows(64, segmentOf(Array(24).fill(2)), 0, 24);
    expect(errorsOf(tally, 24, 88)).toEqual([24, 8, [8, 8, 8, 8, 8, 0, 0, 0]]);
    tally.dropBefore(80);
    expect(errorsOf(tally, 80, 88)).toEqual([80, 8, [0]]);
    // Far beyond all that was counted.
    tally.dropBefore(8000);
    tally.addRows(8000, errors, 0, 4);
    expect(errorsOf(tally, 8000, 8004)).toEqual([8000, 8, [4]]);
  });

  it('counts anew after a clear', () => {
    const tally = new DensityTally(8);
    tally.addRows(0, segmentOf(Array(64).fill(0)), 0, 64);
    tally.dropBefore(24);
    tally.clear();
    tally.addRows(0, segmentOf([2, 0, 2, 2]), 0, 4);
    expect(errorsOf(tally, 0, 100)).toEqual([0, 1, [0, 1, 0, 0]]);
  });

  it('makes blocks no longer than the rows that were added need, wherever in a segment they lie', () => {
    const segment = segmentOf([...Array(40).fill(2), 0, 2, 2, 0]);
    const byRows = new DensityTally(4);
    byRows.addRows(0, segment, 40, 44);
    expect(errorsOf(byRows, 0, 100)).toEqual([0, 1, [1, 0, 0, 1]]);
    const byOffsets = new DensityTally(4);
    byOffsets.addOffsets(0, segment, Uint32Array.of(40, 41, 43), 3);
    expect(errorsOf(byOffsets, 0, 100)).toEqual([0, 1, [1, 0, 1]]);
    byOffsets.addOffsets(3, segment, Uint32Array.of(0, 40), 2);
    expect(errorsOf(byOffsets, 0, 100)).toEqual([0, 2, [1, 1, 1]]);
  });
});

describe('strips of which only the counts are known', () => {
  it('are spread evenly where they lie, after earlier rows were dropped too', () => {
    const tally = new DensityTally(8192);
    tally.dropBefore(5000);
    // The second strip is shorter than the others.
    tally.addStrips(5000, STRIP_ROWS + 100, [
      [0, 2, 0, 1],
      [1, 4, 1, 0],
    ]);
    const { start, bucketRows, errors, warnings, gaps } = tally.buckets(5000, 5000 + STRIP_ROWS + 100, 8192);
    const placesOf = (counts: readonly number[]) =>
      counts.flatMap((count, at) => Array<number>(count).fill(start + at * bucketRows));
    expect(bucketRows).toBe(1);
    const second = 5000 + STRIP_ROWS;
    expect(placesOf(errors)).toEqual([5000, 5512, second, second + 25, second + 50, second + 75]);
    expect(placesOf(warnings)).toEqual([second]);
    expect(placesOf(gaps)).toEqual([5000]);
  });
});

describe('the region of the next loss', () => {
  const levels = (at: readonly number[], rows: number) => {
    const store = new SessionStore({ ...SMALL, segmentRows: 64, chunkBytes: 4096 });
    store.append(
      batchOf(Array.from({ length: rows }, (_, row) => (at.includes(row) ? gap(row, 0, 1) : entry(row, 'x')))),
    );
    return store.segmentOf(0) as NonNullable<ReturnType<SessionStore['segmentOf']>>;
  };

  it('is its block, wherever the rows begin, and null where there is none', () => {
    for (const from of [0, 1000]) {
      const tally = new DensityTally(16);
      tally.dropBefore(from);
      tally.addRows(from, levels([3, 15], 16), 0, 16);
      const at = (position: number) => ({ first: from + position, end: from + position + 1 });
      expect(tally.gapRegion(from, true)).toEqual(at(3));
      expect(tally.gapRegion(from + 3, true)).toEqual(at(3));
      expect(tally.gapRegion(from + 4, true)).toEqual(at(15));
      expect(tally.gapRegion(from + 16, true)).toBeNull();
      expect(tally.gapRegion(from + 16, false)).toEqual(at(15));
      expect(tally.gapRegion(from + 14, false)).toEqual(at(3));
      expect(tally.gapRegion(from + 2, false)).toBeNull();
      expect(new DensityTally(16).gapRegion(from, true)).toBeNull();
    }
  });

  it('is wider by what is not known of strips, and found from anywhere within', () => {
    const tally = new DensityTally(8192);
    tally.dropBefore(3 * STRIP_ROWS);
    tally.addStrips(3 * STRIP_ROWS, 2 * STRIP_ROWS, [[1, 0, 0, 1]]);
    const counted = 4 * STRIP_ROWS;
    const region = { first: counted - STRIP_ROWS, end: counted + 1 + STRIP_ROWS };
    expect(tally.gapRegion(3 * STRIP_ROWS, true)).toEqual(region);
    // The loss may be the last row of its strip.
    expect(tally.gapRegion(counted + STRIP_ROWS - 1, true)).toEqual(region);
    expect(tally.gapRegion(counted + STRIP_ROWS + 1, true)).toBeNull();
    expect(tally.gapRegion(counted + STRIP_ROWS - 1, false)).toEqual(region);
    expect(tally.gapRegion(counted - STRIP_ROWS - 1, false)).toBeNull();
  });
});

describe('the density of a view', () => {
  it('is that of the rows shown, filtered or not, also of rows that were dropped or lie on disk', () => {
    const cases = countCases('dropped before it was scanned', 'dropped', 'filtered', 'archived', 'several blocks');
    fc.assert(
      fc.property(
        fc.array(fc.array(anyRow, { maxLength: 40 }), { maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (batches, filtered, archived, most) => {
          const store = new SessionStore({
            ...SMALL,
            memoryCapBytes: 3000,
            ...(archived ? { archive: new FakeArchive() } : {}),
          });
          const view = new LogView(store);
          if (filtered) view.setFilter({ ...SHOW_ALL, hiddenCpus: [1, 2], hiddenLevels: [2] });
          const isShown = (row: PlainRow) =>
            !filtered || (row.cpu !== 1 && row.cpu !== 2 && (row.kind === RowKind.Gap || row.level !== 2));
          // Without a filter a row's position is its number. With one, positions are of the rows that were scanned: an
          // append that takes more than the memory holds drops rows of its own before anyone has seen them.
          const positioned: PlainRow[] = [];
          for (const batch of batches) {
            const before = store.endRow;
            store.append(batchOf(batch));
            const unseen = Math.max(0, store.firstRow - before);
            positioned.push(...batch.slice(filtered ? unseen : 0).filter(isShown));
            view.survey.catchUp();
            view.advance(WHOLE);
            cases.note('dropped before it was scanned', unseen);
          }
          const density = view.densityIn(most);
          expect([density.generation, density.first, density.end]).toEqual([view.generation, view.first, view.end]);
          expect(density.end).toBe(positioned.length);
          // One block here is one row: nothing dropped is counted.
          const kept = positioned.slice(density.first);
          expect(kept.length).toBe(density.end - density.first);
          if (density.start === density.first || density.bucketRows === 1)
            expect(countsOf(density)).toEqual(counted(kept, density.first, density));
          else expect(sums(density)).toEqual(sums({ ...density, ...counted(kept, density.first, density) }));
          cases.note('dropped', store.firstRow);
          cases.note('filtered', filtered && kept.length > 0);
          cases.note('archived', store.retention.diskRows);
          cases.note('several blocks', density.bucketRows > 1);
        },
      ),
      { numRuns: 150 },
    );
    cases.expectEach();
  });
});

const sums = ({ errors, warnings, gaps }: Pick<Buckets, 'errors' | 'warnings' | 'gaps'>) =>
  [errors, warnings, gaps].map((c) => c.reduce((a, b) => a + b, 0));
