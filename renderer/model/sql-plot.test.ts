import { describe, expect, it } from 'vitest';
import type { AnswerCell } from '../../electron/contract/sql.ts';
import { momentTick, type PlotData, plotOf } from './sql-plot.ts';

function answer(types: Readonly<Record<string, string>>, rows: readonly (readonly AnswerCell[])[]) {
  return { columns: Object.entries(types).map(([name, type]) => ({ name, type })), rows };
}

function drawn(types: Readonly<Record<string, string>>, rows: readonly (readonly AnswerCell[])[]): PlotData {
  const plot = plotOf(answer(types, rows));
  if (!plot.ok) throw new Error(plot.why);
  return plot.plot;
}

describe('an answer is drawn', () => {
  it('as lines over its first column of numbers, in ascending order', () => {
    expect(
      drawn({ second: 'DOUBLE', n: 'BIGINT', big: 'HUGEINT', note: 'VARCHAR' }, [
        [2, 20, '170141183460469231731687303715884105727', 'b'],
        [1, 10, null, 'a'],
        [null, 30, 1, 'c'],
      ]),
    ).toEqual({
      ...{ kind: 'lines', xName: 'second', isTime: false, xs: [1, 2], labels: [], note: '' },
      series: [
        { name: 'n', values: [10, 20] },
        { name: 'big', values: [null, 1.7014118346046923e38] },
      ],
    });
  });

  it('over moments, with and without a zone', () => {
    const at = Date.UTC(2026, 0, 1) / 1000;
    const rows = [
      ['2026-01-01T00:00:01.500000Z', 1],
      ['2026-01-01T00:00:00.250000Z', 2],
    ];
    expect(drawn({ t: 'TIMESTAMP WITH TIME ZONE', n: 'BIGINT' }, rows)).toMatchObject({
      isTime: true,
      xs: [at + 0.25, at + 1.5],
    });
    expect(drawn({ t: 'TIMESTAMP', n: 'BIGINT' }, [['2026-01-01T00:00:00.000000', 1]]).xs).toEqual([at]);
    expect(drawn({ t: 'DATE', n: 'BIGINT' }, [['2026-01-01', 1]]).xs).toEqual([at]);
  });

  it('as a line for each text beside one column of numbers, the largest first', () => {
    const rows = [
      [1, 'error', 1],
      [1, 'info', 50],
      [2, 'info', 60],
      [2, null, 2],
      [3, 'error', 4],
      [3, 'error', 5],
    ];
    expect(drawn({ second: 'DOUBLE', level: 'VARCHAR', n: 'BIGINT' }, rows)).toMatchObject({
      xs: [1, 2, 3],
      series: [
        { name: 'info', values: [50, 60, null] },
        { name: 'error', values: [1, null, 9] },
        { name: 'NULL', values: [null, 2, null] },
      ],
    });
  });

  it('as bars beside its first column of texts', () => {
    expect(
      drawn({ process: 'VARCHAR', n: 'BIGINT' }, [
        ['a.exe', 3],
        [null, null],
      ]),
    ).toMatchObject({ kind: 'bars', labels: ['a.exe', 'NULL'], series: [{ name: 'n', values: [3, null] }] });
  });

  it('in part, where there is too much, and says so', () => {
    const many = Array.from({ length: 100 }, (_, at) => [`${at}`, at]);
    expect(drawn({ a: 'VARCHAR', n: 'BIGINT' }, many)).toMatchObject({ note: 'Drawn: the first 40 of 100 rows.' });
    const texts = many.map(([text], at) => [at % 3, text ?? '', at]);
    const lines = drawn({ x: 'BIGINT', a: 'VARCHAR', n: 'BIGINT' }, texts);
    expect(lines.series).toHaveLength(8);
    expect(lines.note).toBe('Drawn: the largest 8 of 100 lines.');
    const wide = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`c${at}`, 'BIGINT']));
    expect(drawn(wide, [Array.from({ length: 12 }, () => 1)]).note).toBe('Drawn: the first 8 of 11 columns.');
  });
});

describe('an answer is not drawn, and it is said why', () => {
  it.each([
    ['There is no row', { a: 'BIGINT', b: 'BIGINT' }, []],
    ['needs a column of numbers behind the first', { a: 'BIGINT' }, [[1]]],
    ['needs a column of numbers behind the first', { a: 'VARCHAR', b: 'VARCHAR' }, [['x', 'y']]],
    ['The column a has no value', { a: 'BIGINT', b: 'BIGINT' }, [[null, 1]]],
  ] as const)('%s', (why, types, rows) => {
    const plot = plotOf(answer(types, rows));
    expect(plot.ok ? '' : plot.why).toContain(why);
  });
});

it.each([
  [86_400, '2026-03-09'],
  [3600, '17:45'],
  [60, '17:45'],
  [5, '17:45:02'],
  [0.05, '02.250'],
])('a moment of an axis whose moments are %s s apart is told by what differs', (step, text) => {
  expect(momentTick(Date.UTC(2026, 2, 9, 17, 45, 2, 250) / 1000, step)).toBe(text);
});
