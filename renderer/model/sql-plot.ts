/**
 * Whether and how an answer is drawn. The first column is what the others are drawn over: numbers and moments as lines,
 * texts as bars. Where one column of texts stands beside numbers, each of its texts is a line of its own.
 */
import { type AnswerCell, columnKind, type QueryColumn } from '../../electron/contract/sql.ts';

export interface Answered {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly AnswerCell[])[];
}

export interface Series {
  readonly name: string;
  /** One for each x; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface PlotData {
  readonly kind: 'lines' | 'bars';
  readonly xName: string;
  /** Ascending. Seconds since 1970 for moments; for bars their places from 0. */
  readonly xs: readonly number[];
  readonly isTime: boolean;
  /** What stands below each bar; none for lines. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** What is left out of the picture; empty if nothing is. */
  readonly note: string;
}

export type Plot = { readonly ok: true; readonly plot: PlotData } | { readonly ok: false; readonly why: string };

/** More lines cannot be told apart. */
const MOST_SERIES = 8;
const MOST_BARS = 40;

const cannot = (why: string): Plot => ({ ok: false, why });

export function plotOf({ columns, rows }: Answered): Plot {
  if (rows.length === 0) return cannot('There is no row to draw.');
  const [first] = columns;
  const numbers = columns.flatMap((column, at) => (at > 0 && columnKind(column) === 'number' ? [at] : []));
  if (first === undefined || numbers.length === 0)
    return cannot('A plot needs a column of numbers behind the first one: select what to draw them over first.');
  return columnKind(first) === 'other' ? bars(columns, rows, numbers) : lines(columns, rows, numbers);
}

function bars(columns: readonly QueryColumn[], rows: Answered['rows'], numbers: readonly number[]): Plot {
  const shown = rows.slice(0, MOST_BARS);
  const drawn = numbers.slice(0, MOST_SERIES);
  return {
    ok: true,
    plot: {
      ...{ kind: 'bars', xName: columns[0]?.name ?? '', isTime: false },
      xs: shown.map((_, at) => at),
      labels: shown.map((row) => (row[0] === null || row[0] === undefined ? 'NULL' : String(row[0]))),
      series: drawn.map((at) => ({
        name: columns[at]?.name ?? '',
        values: shown.map((row) => numberOf(row[at])),
      })),
      note: notes([
        shown.length < rows.length ? `the first ${shown.length} of ${rows.length} rows` : '',
        drawn.length < numbers.length ? `the first ${drawn.length} of ${numbers.length} columns` : '',
      ]),
    },
  };
}

function lines(columns: readonly QueryColumn[], rows: Answered['rows'], numbers: readonly number[]): Plot {
  const isTime = columnKind(columns[0] as QueryColumn) === 'time';
  const placed = rows.flatMap((row) => {
    const x = isTime ? secondsOf(row[0]) : numberOf(row[0]);
    return x === null ? [] : [{ x, row }];
  });
  if (placed.length === 0) return cannot(`The column ${columns[0]?.name} has no value to draw over.`);
  placed.sort((a, b) => a.x - b.x);
  const texts = columns.flatMap((column, at) => (at > 0 && columnKind(column) === 'other' ? [at] : []));
  const [text] = texts;
  const [number] = numbers;
  const drawn =
    texts.length === 1 && numbers.length === 1 && text !== undefined && number !== undefined
      ? byText(placed, text, number)
      : byColumn(placed, columns, numbers);
  return {
    ok: true,
    plot: { kind: 'lines', xName: columns[0]?.name ?? '', isTime, labels: [], ...drawn },
  };
}

interface Placed {
  readonly x: number;
  readonly row: readonly AnswerCell[];
}

type Drawn = Pick<PlotData, 'xs' | 'series' | 'note'>;

function byColumn(placed: readonly Placed[], columns: readonly QueryColumn[], numbers: readonly number[]): Drawn {
  const shown = numbers.slice(0, MOST_SERIES);
  return {
    xs: placed.map(({ x }) => x),
    series: shown.map((at) => ({
      name: columns[at]?.name ?? '',
      values: placed.map(({ row }) => numberOf(row[at])),
    })),
    note: notes([shown.length < numbers.length ? `the first ${shown.length} of ${numbers.length} columns` : '']),
  };
}

/** One line for each text, those with the largest sums where there are many. */
function byText(placed: readonly Placed[], text: number, number: number): Drawn {
  const xs = [...new Set(placed.map(({ x }) => x))];
  const places = new Map(xs.map((x, at) => [x, at]));
  const lines = new Map<string, { sum: number; readonly values: (number | null)[] }>();
  for (const { x, row } of placed) {
    const name = row[text] === null || row[text] === undefined ? 'NULL' : String(row[text]);
    let line = lines.get(name);
    if (line === undefined) {
      line = { sum: 0, values: xs.map(() => null) };
      lines.set(name, line);
    }
    const value = numberOf(row[number]);
    if (value === null) continue;
    const at = places.get(x) as number;
    line.values[at] = (line.values[at] ?? 0) + value;
    line.sum += Math.abs(value);
  }
  const all = [...lines].sort(([, a], [, b]) => b.sum - a.sum);
  const shown = all.slice(0, MOST_SERIES);
  return {
    xs,
    series: shown.map(([name, { values }]) => ({ name, values })),
    note: notes([shown.length < all.length ? `the largest ${shown.length} of ${all.length} lines` : '']),
  };
}

function notes(parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? '' : `Drawn: ${said.join(', ')}.`;
}

/** Large whole numbers cross as text. */
function numberOf(cell: AnswerCell | undefined): number | null {
  const value = typeof cell === 'string' ? Number(cell) : cell;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The database states moments without a zone in UTC as well. */
function secondsOf(cell: AnswerCell | undefined): number | null {
  if (typeof cell !== 'string') return null;
  const ms = Date.parse(/[Zz]$/.test(cell) || !cell.includes('T') ? cell : `${cell}Z`);
  return Number.isNaN(ms) ? null : ms / 1000;
}

/** A moment of an axis, in UTC as the table shows it; `step`: seconds to the next one. Behind a day stands no time. */
export function momentTick(seconds: number, step: number): string {
  const [day = '', time = ''] = momentText(seconds).split('T');
  if (step >= DAY_S) return day;
  if (step >= MINUTE_S) return time.slice(0, 5);
  return step >= 1 ? time.slice(0, 8) : time.slice(6, 12);
}

export const momentText = (seconds: number): string => new Date(seconds * 1000).toISOString();

const MINUTE_S = 60;
const DAY_S = 86_400;
