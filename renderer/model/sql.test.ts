import { describe, expect, it } from 'vitest';
import { LOG_FIELDS } from '../../electron/contract/log-fields.ts';
import { columnKind } from '../../electron/contract/sql.ts';
import { answerWords, columnWidths, indexColumn, oneLine, progressWords, TABLE_COLUMNS } from './sql.ts';

const column = (name: string, type: string) => ({ name, type });

describe('a column', () => {
  it.each([
    ...['TINYINT', 'INTEGER', 'BIGINT', 'UBIGINT', 'UINTEGER', 'HUGEINT', 'UHUGEINT', 'FLOAT', 'DOUBLE'],
    'DECIMAL(18,3)',
  ])('of %s holds numbers', (type) => expect(columnKind(column('a', type))).toBe('number'));
  it.each(['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'DATE'])('of %s holds moments', (type) =>
    expect(columnKind(column('a', type))).toBe('time'),
  );
  it.each(['VARCHAR', 'INTEGER[]', 'INTERVAL', 'BOOLEAN', 'STRUCT(a INTEGER)', 'TIME'])('of %s holds neither', (type) =>
    expect(columnKind(column('a', type))).toBe('other'),
  );

  it('is as wide as what it shows, within bounds', () => {
    const columns = [column('a', 'INTEGER'), column('longer_name', 'VARCHAR'), column('m', 'VARCHAR')];
    const rows = [
      [123_456, null, 'x'.repeat(500)],
      [null, '', ''],
    ];
    expect(columnWidths(columns, rows)).toEqual([6, 11, 80]);
    expect(columnWidths(columns, [])).toEqual([4, 11, 4]);
  });

  it('of indexes leads to rows, if it holds numbers', () => {
    expect(indexColumn([column('message', 'VARCHAR'), column('index', 'BIGINT')])).toBe(1);
    expect(indexColumn([column('index', 'VARCHAR')])).toBe(-1);
  });

  it('of the table is listed with what it holds', () => {
    expect(TABLE_COLUMNS.slice(0, LOG_FIELDS.length).map(({ name }) => name)).toEqual(LOG_FIELDS);
    expect(TABLE_COLUMNS.every(({ tip }) => tip !== '')).toBe(true);
    expect(TABLE_COLUMNS.at(-2)).toEqual({ name: 'source_file', tip: 'text; only of traces and event logs' });
    expect(TABLE_COLUMNS.at(-1)?.name).toBe('fields');
  });
});

it('an answer says of how many rows it is, and which are not in it', () => {
  const facts = { rows: 1, cut: false, tookMs: 12.4, readMs: 3, tableRows: 5000 };
  expect(answerWords(facts, 5000)).toBe('1 row in 12 ms, from the 5,000 rows that the log had.');
  expect(answerWords({ ...facts, rows: 4, tookMs: 831, readMs: 9040 }, 5000)).toBe(
    '4 rows in 831 ms after reading the log for 9.0 s, from the 5,000 rows that the log had.',
  );
  // Fewer by now: the oldest have left it.
  expect(answerWords(facts, 4000)).toBe('1 row in 12 ms, from the 5,000 rows that the log had.');
  expect(answerWords({ ...facts, rows: 10_000, cut: true, tookMs: 2345 }, 5300)).toBe(
    'Only the first 10,000 rows are shown, export writes all. 2.3 s, from the 5,000 rows that the log had. 300 came since: run again to include them.',
  );
});

it('progress is told in words', () => {
  expect(progressWords(null)).toBe('Preparing');
  expect(progressWords({ step: 'running' })).toBe('Running');
  expect(progressWords({ step: 'converting', rows: 1024, totalRows: 10_000 })).toBe('Reading row 1,024 of 10,000');
});

it('a question stands on one line in a list', () => {
  expect(oneLine(' select 1,\n  2 ')).toBe('select 1, 2');
});
