/** What is known of rows without looking at them again. */
import { describe, expect, it } from 'vitest';
import { batchOf, entry, FakeArchive } from '../test-support.ts';
import { RowSurvey } from './row-survey.ts';
import { SessionStore } from './store.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 256, segmentBytes: 4096 };

/** Rows whose payloads are as long as their numbers modulo 10, their times falling within each batch. */
const rows = (from: number, count: number) =>
  batchOf(
    Array.from({ length: count }, (_, n) => entry(from + n, 'x'.repeat((from + n) % 10), { timeNs: 1000 * from - n })),
  );

describe('a survey', () => {
  it('knows of each segment its times and bytes as far as it has got, and looks at what came since', () => {
    const store = new SessionStore(SMALL);
    const survey = new RowSurvey(store);
    expect(survey.segments()).toEqual([]);
    store.append(rows(0, 10));
    expect(survey.segments()).toEqual([{ firstRow: 0, count: 10, minNs: -9, maxNs: 0, payloadBytes: 45 }]);
    store.append(rows(10, 10));
    expect(survey.segments()).toEqual([
      { firstRow: 0, count: 16, minNs: -9, maxNs: 10_000, payloadBytes: 45 + 15 },
      { firstRow: 16, count: 4, minNs: 9991, maxNs: 9994, payloadBytes: 30 },
    ]);
    expect(survey.segments()).toHaveLength(2);
  });

  it('counts the bytes of a range, of a segment that is only partly in it a share', () => {
    const store = new SessionStore(SMALL);
    const survey = new RowSurvey(store);
    store.append(batchOf(Array.from({ length: 40 }, (_, n) => entry(n, 'four'))));
    for (const [first, end] of [
      [0, 40],
      [0, 16],
      [16, 32],
      [5, 7],
      [10, 20],
      [35, 99],
    ] as const) {
      expect(survey.payloadBytes(first, end)).toBe(4 * (Math.min(end, 40) - first));
    }
    expect([survey.payloadBytes(7, 7), survey.payloadBytes(40, 50), survey.payloadBytes(9, 3)]).toEqual([0, 0, 0]);
  });

  it('forgets what was dropped, and all of it with a clear', () => {
    const store = new SessionStore({ ...SMALL, archive: new FakeArchive() });
    const survey = new RowSurvey(store);
    store.append(rows(0, 100));
    expect(survey.segments()).toHaveLength(7);
    store.setPolicy({ keep: 'rows', rows: 20 });
    expect(survey.segments()[0]?.firstRow).toBe(store.firstRow);
    expect(survey.payloadBytes(0, 1000)).toBe(
      Array.from({ length: store.rowCount }, (_, n) => (store.firstRow + n) % 10).reduce((a, b) => a + b, 0),
    );
    store.clear();
    expect(survey.segments()).toEqual([]);
    store.append(batchOf([entry(0, 'anew', { timeNs: 7, level: 0 })]));
    expect(survey.segments()).toEqual([{ firstRow: 0, count: 1, minNs: 7, maxNs: 7, payloadBytes: 4 }]);
    expect(survey.buckets(0, 1, 10).errors).toEqual([1]);
  });

  it('goes on with the rows that are left where some were dropped before it saw them', () => {
    const store = new SessionStore({ ...SMALL, memoryCapBytes: 3000 });
    store.append(rows(0, 30));
    const survey = new RowSurvey(store);
    store.append(rows(30, 300));
    expect(store.firstRow).toBeGreaterThan(30);
    const facts = survey.segments();
    expect(facts[0]?.firstRow).toBe(store.firstRow);
    expect(facts.reduce((sum, { count }) => sum + count, 0)).toBe(store.rowCount);
  });
});
