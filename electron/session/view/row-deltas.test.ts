/** How long rows came after others, over real stores, against a plain search upwards. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind } from '../../../native/core/entry.ts';
import { MOST_LOG_ROWS_BACK, MOST_SHOWN_ROWS_BACK, SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import type { Segment } from '../store/segment.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, gap, type PlainRow, storedRow } from '../test-support.ts';
import { DeltaReader, DeltaTracker, type PlacedRows, type RowDeltas } from './row-deltas.ts';
import { LogView } from './view.ts';

/** Some rows are in memory, the others in the archive, whose segments become nonsense when they are given back. */
function viewOf(rows: readonly PlainRow[], hiddenCpus: readonly number[] = []) {
  const store = new SessionStore({
    ...{ memoryCapBytes: 4000, segmentRows: 8, chunkBytes: 64, segmentBytes: 128 },
    archive: new FakeArchive(),
  });
  const view = new LogView(store);
  view.setFilter({ ...SHOW_ALL, hiddenCpus });
  for (let at = 0; at < rows.length; at += 5) {
    store.append(batchOf(rows.slice(at, at + 5)));
    view.advance(WHOLE);
  }
  return { store, view };
}

/** The same by reading every row above, one after the other. */
function plainDeltas(view: LogView, position: number): RowDeltas {
  const at = (each: number): PlainRow => storedRow(view.store, view.rowAt(each));
  const row = at(position);
  const deltaNs = position > view.first ? row.timeNs - at(position - 1).timeNs : null;
  for (let each = position - 1; each >= view.first; each--) {
    const other = at(each);
    if (other.kind !== RowKind.Entry || other.cpu !== row.cpu || other.source !== row.source) continue;
    const rowsUp = position - each;
    const near =
      rowsUp === 1 || (rowsUp <= MOST_SHOWN_ROWS_BACK && view.rowAt(position) - view.rowAt(each) <= MOST_LOG_ROWS_BACK);
    return { deltaNs, cpuDeltaNs: near ? row.timeNs - other.timeNs : null };
  }
  return { deltaNs, cpuDeltaNs: null };
}

const rowOf = fc.record({
  cpu: fc.nat(3),
  source: fc.nat(1),
  loss: fc.nat(5).map((roll) => roll === 0),
  // Some rows are late, and some come at the same time.
  stepNs: fc.integer({ min: -50, max: 400 }),
});

function logOf(rows: readonly { cpu: number; source: number; loss: boolean; stepNs: number }[]): PlainRow[] {
  let timeNs = 0;
  return rows.map(({ cpu, source, loss, stepNs }, index) => {
    timeNs += stepNs;
    return { ...(loss ? gap(index, cpu, 7) : entry(index, `row ${index}`, { cpu })), source, timeNs };
  });
}

describe('deltas of shown rows', () => {
  it('are those that a plain search upwards finds: filtered, on disk, whichever rows are asked for', () => {
    const cases = countCases(
      'filtered',
      'cpu above is out of reach of the request',
      'first of its cpu',
      'loss',
      'negative',
    );
    fc.assert(
      fc.property(
        fc.array(rowOf, { minLength: 1, maxLength: 80 }),
        fc.subarray([1, 3]),
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        (made, hiddenCpus, from, count) => {
          const { view } = viewOf(logOf(made), hiddenCpus);
          if (view.end === view.first) return;
          const first = view.first + (from % (view.end - view.first));
          const { rows } = view.rows(first, count);
          rows.forEach(({ deltaNs, cpuDeltaNs, row, kind }, at) => {
            const plain = plainDeltas(view, first + at);
            expect({ deltaNs, cpuDeltaNs }).toEqual(plain);
            const details = view.details(row, 0)?.row;
            expect([details?.deltaNs, details?.cpuDeltaNs]).toEqual([plain.deltaNs, plain.cpuDeltaNs]);
            cases.note('filtered', hiddenCpus.length > 0);
            cases.note('cpu above is out of reach of the request', at === 0 && cpuDeltaNs !== null);
            cases.note('first of its cpu', deltaNs !== null && cpuDeltaNs === null);
            cases.note('loss', kind !== RowKind.Entry && cpuDeltaNs !== null);
            cases.note('negative', (cpuDeltaNs ?? 0) < 0);
          });
        },
      ),
      // The second row is earlier than the first.
      { examples: [[[400, -50].map((stepNs) => ({ cpu: 0, source: 0, loss: false, stepNs })), [], 0, 2]] },
    );
    cases.expectEach();
  });

  it('measure a record after a loss from the record before it, and a loss from it too', () => {
    const times = [100, 300, 900, 900, 1000];
    const log = logOf(
      times.map((timeNs, at) => ({
        cpu: at === 1 ? 1 : 0,
        source: 0,
        loss: at === 2,
        stepNs: timeNs - (times[at - 1] ?? 0),
      })),
    );
    const { view } = viewOf(log);
    expect(view.rows(0, 5).rows.map(({ deltaNs, cpuDeltaNs }) => [deltaNs, cpuDeltaNs])).toEqual([
      [null, null],
      [200, null],
      [600, 800],
      [0, 800],
      [100, 100],
    ]);
  });

  it('are those of a tracker that goes on by itself, from the first row and from any other', () => {
    fc.assert(
      fc.property(fc.array(rowOf, { minLength: 1, maxLength: 60 }), fc.nat(), (made, from) => {
        const { view } = viewOf(logOf(made), [1]);
        if (view.end === view.first) return;
        const first = view.first + (from % (view.end - view.first));
        const tracker = new DeltaReader(view, first).tracked();
        for (let position = first; position < view.end; position++)
          expect(tracker.pass(...view.place(position))).toEqual(plainDeltas(view, position));
        if (first !== view.first) return;
        const bare = new DeltaTracker(first, null);
        for (let position = first; position < view.end; position++)
          expect(bare.pass(...view.place(position))).toEqual(plainDeltas(view, position));
      }),
    );
  });
});

describe('how far the record before of the same CPU is looked for', () => {
  /** One row each, as few segments as that takes; the places that were read are noted. */
  function placed(rows: readonly { readonly row: number; readonly cpu: number }[]) {
    const store = new SessionStore({ memoryCapBytes: 1 << 30 });
    store.append(batchOf([0, 1].map((cpu) => entry(cpu, 'x', { cpu, timeNs: cpu }))));
    const segment = store.segmentOf(0) as Segment;
    const read: number[] = [];
    const list: PlacedRows = {
      first: 0,
      rowAt: (position) => rows[position]?.row as number,
      place(position) {
        read.push(position);
        const { row, cpu } = rows[position] as { row: number; cpu: number };
        segment.firstRow = row - cpu;
        segment.timeNs[cpu] = row * 10;
        return [segment, cpu];
      },
    };
    return { list, read };
  }
  const last = (rows: readonly { row: number; cpu: number }[]) => {
    const { list, read } = placed(rows);
    return { deltas: new DeltaReader(list, rows.length - 1).next(), read };
  };
  const ones = (count: number) => Array.from({ length: count }, (_, at) => ({ row: at + 10, cpu: 1 }));

  it('is a thousand shown rows, and no row beyond is read', () => {
    const near = [{ row: 1, cpu: 0 }, ...ones(MOST_SHOWN_ROWS_BACK - 1), { row: 5000, cpu: 0 }];
    expect(last(near).deltas.cpuDeltaNs).toBe(49_990);
    const far = [{ row: 1, cpu: 0 }, ...ones(MOST_SHOWN_ROWS_BACK), { row: 5000, cpu: 0 }];
    const { deltas, read } = last(far);
    expect(deltas).toEqual({ deltaNs: (5000 - 1009) * 10, cpuDeltaNs: null });
    expect(read).not.toContain(0);
  });

  it('is as many rows of the log as lie in a few segments, but for the row directly above', () => {
    const beyond = MOST_LOG_ROWS_BACK + 100;
    expect(
      last([
        { row: 0, cpu: 0 },
        { row: beyond, cpu: 0 },
      ]).deltas,
    ).toEqual({ deltaNs: beyond * 10, cpuDeltaNs: beyond * 10 });
    const hidden = [
      { row: 0, cpu: 0 },
      { row: beyond - 1, cpu: 1 },
      { row: beyond, cpu: 0 },
    ];
    const { deltas, read } = last(hidden);
    expect(deltas).toEqual({ deltaNs: 10, cpuDeltaNs: null });
    expect(read).not.toContain(0);
    const within = [
      { row: 100, cpu: 0 },
      { row: beyond - 1, cpu: 1 },
      { row: beyond, cpu: 0 },
    ];
    expect(last(within).deltas.cpuDeltaNs).toBe(MOST_LOG_ROWS_BACK * 10);
  });

  it('is the same whether the row was passed in the same request or not', () => {
    const rows = [{ row: 1, cpu: 0 }, ...ones(MOST_SHOWN_ROWS_BACK), { row: 5000, cpu: 0 }];
    const reader = new DeltaReader(placed(rows).list, 0);
    const all = rows.map(() => reader.next());
    expect(all.at(-1)?.cpuDeltaNs).toBeNull();
    expect(all.at(-2)?.cpuDeltaNs).toBe(10);
  });
});
