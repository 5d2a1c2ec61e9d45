/** Rows as they cross to whoever shows them. */
import { describe, expect, it } from 'vitest';
import { EVENT_TYPE } from '../../../native/core/events.ts';
import { MAX_ROW_TEXT } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap, type PlainRow } from '../test-support.ts';
import { logRow, rowDetails } from './log-row.ts';
import { NO_DELTAS } from './row-deltas.ts';

function segmentOf(...rows: PlainRow[]): Segment {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 65_536 });
  store.append(batchOf(rows));
  return store.segmentOf(0) as Segment;
}

const detailsOf = (row: PlainRow, startUnixMs = 0) => {
  const segment = segmentOf(entry(0, 'above'), row);
  return rowDetails(logRow(segment, 1, NO_DELTAS), segment, 1, startUnixMs);
};

describe('a row', () => {
  it('has the value of every column, and the times since others', () => {
    const row = entry(7, 'text', {
      ...{ timeNs: 5000, cpu: 3, level: 1, flags: 64, type: 0, origin: 9, pid: 77, remarks: 5, source: 2, event: 8 },
    });
    const segment = segmentOf(entry(1, 'above'), row);
    segment.firstRow = 1000;
    const { payload: _payload, ...columns } = row;
    const shown = { ...columns, row: 1001, text: 'text', textCut: false, length: 4 };
    for (const deltas of [{ deltaNs: 3800, cpuDeltaNs: -5 }, NO_DELTAS])
      expect(logRow(segment, 1, deltas)).toEqual({ ...shown, ...deltas });
  });

  it('of a trace is called what its event is, in its details', () => {
    const segment = segmentOf(entry(1, 'a', { event: 3 }), entry(2, 'b'));
    const names = { provider: 'p', event: 'e', function: null, source_file: null };
    const at = (number: number) => (number === 3 ? names : null);
    const details = (offset: number) => rowDetails(logRow(segment, offset, NO_DELTAS), segment, offset, 0, { at });
    expect([details(0).event, details(1).event]).toEqual([names, null]);
    expect(rowDetails(logRow(segment, 0, NO_DELTAS), segment, 0, 0).event).toBeNull();
  });

  it('of a loss has no text, and says nothing of having cut one', () => {
    expect(logRow(segmentOf(gap(3, 1, 37)), 0, NO_DELTAS)).toMatchObject({
      kind: 1,
      text: '',
      textCut: false,
      remarks: 37,
    });
  });

  it('has as much text as a row may have, and says whether there is more', () => {
    for (const [length, cut] of [
      [MAX_ROW_TEXT, false],
      [MAX_ROW_TEXT + 1, true],
    ] as const) {
      const row = logRow(segmentOf(entry(1, 'x'.repeat(length))), 0, NO_DELTAS);
      expect([row.text.length, row.textCut, row.length]).toEqual([MAX_ROW_TEXT, cut, length]);
    }
  });
});

describe('the details of a row', () => {
  it('have words where the payload has some: text, and events of RingView’s own', () => {
    expect(detailsOf(entry(1, 'a message')).text).toBe('a message');
    const event = new Uint8Array(16);
    new DataView(event.buffer).setUint32(0, 2, true);
    new DataView(event.buffer).setUint32(4, 5, true);
    expect(detailsOf(entry(1, '', { type: EVENT_TYPE.THREAD, payload: event })).text).toBe(
      'thread 0 of process 5 ended',
    );
    // Not whole, so no event; and a payload type of somebody else's.
    expect(detailsOf(entry(1, '', { type: EVENT_TYPE.THREAD, payload: event.slice(1) })).text).toBeNull();
    expect(detailsOf(entry(1, 'abc', { type: 7 })).text).toBeNull();
    expect(detailsOf(gap(1, 0, 3)).text).toBeNull();
  });

  it('have a time by the wall clock, and bytes that stay what they are when the segment is used again', () => {
    const segment = segmentOf(entry(1, 'bytes', { timeNs: 2_500_000 }));
    const details = rowDetails(logRow(segment, 0, NO_DELTAS), segment, 0, 1_000_000);
    expect(details.unixMs).toBe(1_000_002.5);
    segment.payload(0).fill(0);
    expect(new TextDecoder().decode(details.bytes)).toBe('bytes');
  });
});

it('a loss knows how many records of other CPUs came since the record before of its own', () => {
  const meanwhile = (...rows: PlainRow[]) => logRow(segmentOf(...rows), rows.length - 1, NO_DELTAS).meanwhile;
  const of = (n: number, cpu: number, source = 0) => ({ ...entry(n, ''), cpu, source });
  expect(meanwhile(of(0, 1), of(1, 2), of(2, 3), gap(3, 1, 9))).toBe(2);
  // What is lost came not, and CPU 1 of another source is another one.
  expect(meanwhile(of(0, 1), gap(1, 2, 5), of(2, 1, 7), gap(3, 1, 9))).toBe(1);
  expect(meanwhile(of(0, 2), of(1, 1), gap(2, 1, 9))).toBe(0);
  // None of its own before it: all there are.
  expect(meanwhile(of(0, 2), of(1, 2), gap(2, 1, 9))).toBe(2);
  expect(meanwhile(gap(0, 1, 9))).toBe(0);
  expect(logRow(segmentOf(of(0, 1)), 0, NO_DELTAS).meanwhile).toBeUndefined();
});
