/** A summary of rows says what a store that was given them counts, and a store that adopts them shows the same overview. */
import { describe, expect, it } from 'vitest';
import { batchOf, entry, gap } from '../test-support.ts';
import type { ArchiveHandle, SegmentArchive } from './archive.ts';
import { RowSurvey } from './row-survey.ts';
import { summarizeRows } from './rows-summary.ts';
import type { Segment } from './segment.ts';
import { SessionStore } from './store.ts';

const ROWS = Array.from({ length: 10_000 }, (_, i) =>
  i % 211 === 3
    ? { ...gap(i, i % 3, 1 + (i % 5)), timeNs: 1_000_000 - i }
    : entry(i, `row ${i}`, { cpu: (i * 7) % 90, level: i % 7, timeNs: i * 10 }),
);

function filled(): SessionStore {
  const store = new SessionStore({ memoryCapBytes: 1 << 28, segmentRows: 4096 });
  store.append(batchOf(ROWS));
  return store;
}

/** Counts how often rows are read. */
class Shelf implements SegmentArchive {
  readonly place = 'a shelf';
  readonly bytes = 0;
  readonly spareBytes = 0;
  loads = 0;
  private readonly segments: readonly Segment[];
  constructor(segments: readonly Segment[]) {
    this.segments = segments;
  }
  put(): never {
    throw new Error('nothing is put away');
  }
  load(handle: ArchiveHandle) {
    this.loads++;
    return { ok: true as const, value: this.segments[(handle as { at: number } & ArchiveHandle).at] as Segment };
  }
  giveBack(): void {}
  release(): void {}
  clear(): void {}
}

describe('rows that lie in an archive already', () => {
  const store = filled();
  const segments = store.held.map(({ firstRow }) => store.segmentOf(firstRow) as Segment);
  const summaries = segments.map((segment) => summarizeRows(segment, 0, segment.count));

  it('are summed up as the store counted them when they came', () => {
    for (const [at, segment] of segments.entries()) {
      const { entries, gaps, levels, cpus } = segment.counts.tally();
      expect(summaries[at]).toMatchObject({ entries, gaps, levels, cpus });
      expect(summaries[at]).toMatchObject({ minIndex: segment.minIndex, maxIndex: segment.maxIndex });
    }
    const lost = ROWS.reduce((sum, row) => sum + (row.kind === 0 ? 0 : row.remarks), 0);
    expect(summaries.reduce((sum, each) => sum + each.lost, 0)).toBe(lost);
    const times = ROWS.map(({ timeNs }) => timeNs);
    expect(Math.min(...summaries.map(({ minNs }) => minNs))).toBe(Math.min(...times));
    expect(Math.max(...summaries.map(({ maxNs }) => maxNs))).toBe(Math.max(...times));
  });

  it('are counted and surveyed without being read', () => {
    const shelf = new Shelf(segments);
    const adopted = new SessionStore({ memoryCapBytes: 1 << 28, archive: shelf });
    adopted.adopt(
      summaries.map((summary, at) => ({
        handle: { rows: segments[at]?.count as number, memoryBytes: 0, at } as ArchiveHandle,
        summary,
      })),
      500,
    );
    expect(adopted.firstRow).toBe(500);
    expect(adopted.rowCount).toBe(ROWS.length);
    for (const name of ['entryCount', 'gapCount', 'levelCounts', 'cpuCount', 'totalEntries'] as const)
      expect([name, adopted.figures[name]]).toEqual([name, store.figures[name]]);
    for (let cpu = 0; cpu < store.figures.cpuCount; cpu++)
      expect(adopted.figures.entriesOfCpu(cpu)).toBe(store.figures.entriesOfCpu(cpu));
    const survey = new RowSurvey(adopted);
    const facts = survey.segments().map(({ minNs, maxNs, payloadBytes }) => [minNs, maxNs, payloadBytes]);
    const known = new RowSurvey(store).segments().map(({ minNs, maxNs, payloadBytes }) => [minNs, maxNs, payloadBytes]);
    expect(facts).toEqual(known);
    const buckets = survey.buckets(500, 500 + ROWS.length, 4);
    for (const kind of ['errors', 'warnings', 'gaps'] as const) {
      const all = new RowSurvey(store).buckets(0, ROWS.length, 1)[kind];
      expect(buckets[kind].reduce((sum, n) => sum + n, 0)).toBe(all.reduce((sum, n) => sum + n, 0));
    }
    expect(shelf.loads).toBe(0);
    expect(adopted.segmentOf(500 + 5000)?.firstRow).toBe(500 + 4096);
    expect(shelf.loads).toBe(1);
  });

  it('are followed by those that come, and looked at then', () => {
    const adopted = new SessionStore({ memoryCapBytes: 1 << 28, archive: new Shelf(segments) });
    adopted.adopt([{ handle: { rows: 4096, memoryBytes: 0, at: 0 } as ArchiveHandle, summary: summaries[0] as never }]);
    adopted.append(batchOf(ROWS.slice(4096, 5000)));
    expect(new RowSurvey(adopted).segments().map(({ firstRow, count }) => [firstRow, count])).toEqual([
      [0, 4096],
      [4096, 904],
    ]);
    expect(() => adopted.adopt([])).toThrow('without rows of its own');
  });
});
