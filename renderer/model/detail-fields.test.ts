import { describe, expect, it } from 'vitest';
import { LOG_FIELDS, type LogField } from '../../electron/contract/log-fields.ts';
import type { LogRow, RowDetails } from '../../electron/contract/rows.ts';
import { RowFlag, RowKind } from '../../native/core/entry.ts';
import { type DetailFacts, detailLines } from './detail-fields.ts';

const details = (row: Partial<LogRow>): RowDetails => ({
  row: {
    ...{ row: 7, kind: RowKind.Entry, index: 7, timeNs: 1_500_000, deltaNs: null, cpuDeltaNs: null },
    ...{ cpu: 0, level: 2, flags: 0, type: 0, origin: 0, event: 0, pid: 0, tid: 0, remarks: 0, source: 3 },
    ...{ text: 'a line', textCut: false, length: 6 },
    ...row,
  },
  ...{ text: 'a line', bytes: new Uint8Array(6), record: null, event: null, unixMs: 0 },
});

function facts(fields: readonly LogField[] | null, more: Partial<DetailFacts> = {}): DetailFacts {
  const lacking = new Map(fields === null ? [] : [[3, { id: 3, fields, zeroPidIsNone: true }]]);
  return { startUnixMs: 0, source: 'a.log', process: undefined, lacking, ...more };
}

const names = (of: RowDetails, by: DetailFacts) => detailLines(of, by).map(([name]) => name);

/** What a plain text file has no place for. */
const PLAIN: readonly LogField[] = ['cpu', 'tid', 'type', 'remarks', 'pid', 'process', 'level'];

describe('the fields of a row', () => {
  it('are all there of a ring, zeros as well', () => {
    expect(detailLines(details({}), facts(null)).slice(3)).toEqual([
      ['clock', expect.any(String)],
      ['CPU', '0'],
      ['level', 'info (2)'],
      ['origin', 'driver'],
      ['process', '0'],
      ['type', 'text'],
      ['remarks', '0 (0x0)'],
      ['flags', 'none'],
      ['length', '6 B'],
    ]);
  });

  it('are those that a file has', () => {
    expect(names(details({}), facts(PLAIN))).toEqual(['source', 'index', 'time', 'clock', 'length']);
    expect(names(details({}), facts(['time', 'time_us', ...PLAIN]))).toEqual(['source', 'index', 'length']);
    const all = LOG_FIELDS.filter((field) => field !== 'index' && field !== 'source' && field !== 'message');
    expect(names(details({ pid: 4, remarks: 1, level: 0 }), facts(all))).toEqual(['source', 'index', 'length']);
  });

  it('have what a row of such a file says all the same', () => {
    const of = (row: Partial<LogRow>, lacks: readonly LogField[] = []) =>
      Object.fromEntries(detailLines(details(row), facts(lacks)));
    // A process number of 0 is none, where the format has no other word for that.
    expect([of({}).process, of({ pid: 4 }).process, of({ pid: 4 }, ['pid']).process]).toEqual([
      undefined,
      '4',
      undefined,
    ]);
    expect(of({ origin: 1 }).origin).toBe('dbgprint');
    expect(of({ flags: RowFlag.Truncated })).toMatchObject({ flags: 'truncated by the driver' });
    expect(of({ remarks: 9 })).toMatchObject({ remarks: '9 (0x9)' });
  });

  it('name a process by what is known of it', () => {
    const of = (pid: number, process: string | undefined) =>
      Object.fromEntries(detailLines(details({ pid }), facts([], { process }))).process;
    expect([of(4, 'nic.exe'), of(0, 'nic.exe'), of(4, undefined)]).toEqual(['nic.exe (4)', 'nic.exe', '4']);
  });

  it('of a loss say how many, and where, as far as the source knows', () => {
    const loss = details({ kind: RowKind.Gap, remarks: 1234, type: 1 });
    expect(Object.fromEntries(detailLines(loss, facts(null)))).toMatchObject({
      CPU: '0',
      lost: '1,234',
      why: 'ring full',
    });
    expect(names(loss, facts(['cpu']))).not.toContain('CPU');
  });
});
