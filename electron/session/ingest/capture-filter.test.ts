import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EntryBatch, RowKind } from '../../../native/core/entry.ts';
import { ok } from '../../../native/core/result.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeSource, gap, type PlainRow, storedRow, WatchedSession } from '../test-support.ts';
import { decodeUtf8, encodeUtf8 } from '../text/text.ts';
import { CaptureFilter } from './capture-filter.ts';

const text = (pattern: string, regex = false): FilterSpec => ({
  ...SHOW_ALL,
  text: { pattern, regex, caseSensitive: true },
});

/** What a store that was given the batch holds. */
function stored(batch: EntryBatch): PlainRow[] {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 4096 });
  store.append(batch);
  return Array.from({ length: store.rowCount }, (_, row) => storedRow(store, row));
}

const anyRow: fc.Arbitrary<PlainRow> = fc.record({
  kind: fc.constantFrom(RowKind.Entry, RowKind.Entry, RowKind.Entry, RowKind.Gap),
  index: fc.nat(1000),
  timeNs: fc.nat(1000),
  cpu: fc.nat(100),
  level: fc.nat(6),
  flags: fc.nat(255),
  type: fc.nat(1),
  origin: fc.nat(3),
  pid: fc.nat(9),
  tid: fc.nat(9),
  remarks: fc.nat(9),
  source: fc.nat(2),
  event: fc.nat(3),
  payload: fc.string({ maxLength: 12 }).map(encodeUtf8),
});

describe('a capture filter', () => {
  it('keeps loss markers and what the filter shows, in order and unchanged, and counts the rest by CPU', () => {
    const only = new CaptureFilter();
    const cases = countCases('kept and dropped', 'all dropped', 'all kept', 'a gap of a hidden CPU');
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 60 }),
        fc.array(fc.nat(100), { maxLength: 60 }),
        fc.array(fc.nat(4), { maxLength: 3 }),
        fc.option(fc.constantFrom('a', ' ', 'B')),
        (rows, hiddenCpus, hiddenLevels, pattern) => {
          only.clear();
          const spec = { ...(pattern === null ? SHOW_ALL : text(pattern)), hiddenCpus, hiddenLevels };
          const shown = (row: PlainRow) =>
            row.kind === RowKind.Gap ||
            (!hiddenCpus.includes(row.cpu) &&
              !hiddenLevels.includes(Math.min(row.level, 4)) &&
              (pattern === null || row.type !== 0 || decodeUtf8(row.payload).includes(pattern)));
          // A payload that is not text is looked for as the hex it is shown as, which none of the patterns is in but `a`.
          fc.pre(pattern !== 'a' || rows.every((row) => row.type === 0));
          const kept = rows.filter(
            (row) => shown(row) && !(pattern !== null && row.type !== 0 && row.kind !== RowKind.Gap),
          );
          only.set(spec);
          expect(stored(only.take(batchOf(rows)))).toEqual(kept);
          expect(only.dropped).toBe(rows.length - kept.length);
          const totals = only.addedTo(new Float64Array(2));
          expect(totals.reduce((a, b) => a + b, 0)).toBe(only.dropped);
          cases.note('kept and dropped', kept.length > 0 && kept.length < rows.length);
          cases.note('all dropped', kept.length === 0 && rows.length > 0);
          cases.note('all kept', kept.length === rows.length && rows.length > 0);
          const gaps = kept.filter(({ kind, cpu }) => kind === RowKind.Gap && hiddenCpus.includes(cpu));
          cases.note('a gap of a hidden CPU', gaps.length);
        },
      ),
      {
        examples: [
          [[entry(1, 'b')], [], [], null],
          [[entry(1, 'b')], [], [], 'a'],
        ],
      },
    );
    cases.expectEach();
  });

  it('hands a batch on as it is where nothing is hidden, and drops nothing by a regular expression', () => {
    const only = new CaptureFilter();
    const batch = batchOf([entry(1, 'a'), entry(2, 'b'), gap(3, 1, 4)]);
    const take = (spec: FilterSpec | null) => {
      only.set(spec);
      return only.take(batch);
    };
    expect(take(null)).toBe(batch);
    expect(take(SHOW_ALL)).toBe(batch);
    expect(take(text('^a$', true))).toBe(batch);
    expect(take({ ...text('^a$', true), hiddenCpus: [0] }).count).toBe(1);
    expect(only.dropped).toBe(2);
  });
});

describe('a session with a capture filter', () => {
  it('begins with the choice, counts what it drops, and measures the rate of what arrives', () => {
    const source = new FakeSource();
    const session = new WatchedSession({ open: () => ok(source), now: () => 0, store: { memoryCapBytes: 1 << 26 } });
    session.start('sim:test');
    const rows = (from: number) =>
      Array.from({ length: 10 }, (_, i) => entry(from + i, 'x', { level: i % 2 === 0 ? 3 : 2 }));
    const arrive = (from: number, nowMs: number) => {
      source.ready.push(batchOf(rows(from)));
      session.tick(nowMs);
    };
    arrive(0, 0);
    expect([session.store.rowCount, session.status(0).retention.hiddenRows]).toEqual([10, 0]);
    const filter = { ...SHOW_ALL, hiddenLevels: [3] };
    expect(session.setCaptureFilter(filter).ok).toBe(true);
    arrive(10, 500);
    arrive(20, 1000);
    expect(session.store.rowCount).toBe(20);
    expect(session.status(1000).retention).toMatchObject({ hiddenRows: 10, captureFilter: filter });
    expect(session.status(1000).perSecond).toBeCloseTo(20);
    // What a view shows is its own affair.
    session.view.setFilter({ ...SHOW_ALL, hiddenLevels: [2] });
    session.setCaptureFilter(null);
    arrive(30, 1500);
    expect(session.store.rowCount).toBe(30);
    session.clear();
    expect(session.status(1600).retention.hiddenRows).toBe(0);
  });
});
