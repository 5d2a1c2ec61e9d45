/** Runs of rows: which rows lie together, and where each of them lies, whether it was looked at or taken unseen. */
import { describe, expect, it } from 'vitest';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap, type PlainRow } from '../test-support.ts';
import { RowRun } from './row-run.ts';

const WIDE = { rows: 100, bytes: 1 << 20, hole: 64 };

function segmentOf(rows: readonly PlainRow[], chunkBytes = 4096): Segment {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 256, chunkBytes, segmentBytes: 1 << 20 });
  store.append(batchOf(rows));
  return store.segmentOf(0) as Segment;
}

const texts = (...all: string[]) => all.map((text, n) => entry(n, text));
const all = (count: number) => Uint32Array.from({ length: count }, (_, at) => at);

/** The texts of a run's rows, read from where it says they lie. */
function told(run: RowRun): string[] {
  return Array.from({ length: run.rows }, (_, row) =>
    new TextDecoder().decode(run.bytes.slice(run.startOf(row), run.endOf(row))),
  );
}

describe.each([false, true])('a run, its rows taken unseen where that can be: %s', (onDemand) => {
  it.each([
    [['one', 'two', 'three']],
    [['', '', 'three', '', 'five', '', '']],
    [['only']],
    [['', 'x']],
    [['x', '']],
    [['', '', '']],
    [Array.from({ length: 60 }, (_, n) => 'x'.repeat(n % 7))],
  ])('has every row where it lies: %j', (rows) => {
    const segment = segmentOf(texts('before it', ...rows, 'behind it'));
    const run = new RowRun(WIDE, onDemand);
    const offsets = all(rows.length + 2);
    expect(run.gather(segment, offsets, 1, rows.length + 1)).toBe(rows.length);
    expect([run.rows, told(run)]).toEqual([rows.length, rows]);
    for (let row = 1; row < rows.length; row++) expect(run.startOf(row)).toBeGreaterThanOrEqual(run.endOf(row - 1));
    expect([run.begin, run.end]).toEqual([run.startOf(0), run.endOf(rows.length - 1)]);
    // The first row whose end lies above a place, looked for from any row on.
    for (let place = run.begin; place < run.end; place++) {
      const ends = rows.map((_, row) => run.endOf(row));
      const wanted = ends.findIndex((end) => end > place);
      for (let from = 0; from <= wanted; from++) expect(run.rowThatEndsAfter(place, from, rows.length)).toBe(wanted);
    }
  });

  it('ends before the first row that is no text', () => {
    const run = new RowRun(WIDE, onDemand);
    const other = entry(9, 'bytes', { type: 7 });
    for (const [rows, count] of [
      [[...texts('a', 'b'), gap(2, 0, 1), ...texts('c')], 2],
      [[...texts('a', 'b', 'c'), other], 3],
      [[gap(2, 0, 1), ...texts('c')], 0],
      [[other, ...texts('c')], 0],
      [[gap(0, 0, 1), gap(1, 0, 1)], 0],
      [[other, other], 0],
    ] as const) {
      expect(run.gather(segmentOf(rows), all(rows.length), 0, rows.length)).toBe(count);
      expect(told(run)).toEqual(['a', 'b', 'c'].slice(0, count));
      if (count === 0) expect([run.begin, run.end, run.bytes.length]).toEqual([0, 0, 0]);
    }
  });

  it('has the rows that were chosen alone, and ends where the hole between two is too large', () => {
    const segment = segmentOf(
      texts(...Array.from({ length: 40 }, (_, n) => `${String(n).padStart(2, '0')}${'x'.repeat(30)}`)),
    );
    const run = new RowRun(WIDE, onDemand);
    const chosen = Uint32Array.of(1, 2, 4, 7, 10, 11);
    // Two rows of 32 bytes are a hole that is still good for a look, three are not.
    expect(run.gather(segment, chosen, 0, 6)).toBe(6);
    expect(told(run).map((text) => Number(text.slice(0, 2)))).toEqual([...chosen]);
    expect(run.gather(segment, Uint32Array.of(1, 2, 6), 0, 3)).toBe(2);
    expect(run.gather(segment, Uint32Array.of(3, 1, 2), 0, 3)).toBe(1);
  });

  it('is no longer than its limits, and lies in one chunk', () => {
    const rows = texts(...Array.from({ length: 40 }, () => 'x'.repeat(32)));
    const gather = (limits: typeof WIDE, chunkBytes = 4096, from = 0) =>
      new RowRun(limits, onDemand).gather(segmentOf(rows, chunkBytes), all(40), from, 40);
    expect(gather(WIDE)).toBe(40);
    expect(gather({ ...WIDE, rows: 7 })).toBe(7);
    expect(gather({ ...WIDE, bytes: 320 })).toBe(10);
    expect(gather({ ...WIDE, bytes: 319 })).toBe(9);
    expect(gather(WIDE, 256)).toBe(8);
    expect([gather(WIDE, 256, 5), gather(WIDE, 256, 8)]).toEqual([3, 8]);
    expect(gather(WIDE, 1024, 8)).toBe(24);
  });

  it('knows nothing of the run before it', () => {
    const run = new RowRun(WIDE, onDemand);
    run.gather(segmentOf(texts('a', 'b')), all(2), 0, 2);
    run.gather(segmentOf(texts('', '')), all(2), 0, 2);
    expect(told(run)).toEqual(['', '']);
    expect(run.gather(segmentOf(texts('c')), all(1), 0, 0)).toBe(0);
    expect([run.begin, run.end]).toEqual([0, 0]);
    run.gather(segmentOf(texts('c', 'd')), all(2), 1, 2);
    expect(told(run)).toEqual(['d']);
  });
});
