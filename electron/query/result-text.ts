/** The answer to a query as text: JSON and CSV for programs, a table for people. Pure; rows pass through. */
import { shownField } from '../contract/shown-text.ts';
import type { QueryColumn, ResultFormat } from '../contract/sql.ts';
import { csvValue } from '../session/output/formats/csv.ts';
import { cellJson } from './bounded-rows.ts';
import type { QueryCell } from './cells.ts';

/** `table`: for a terminal. */
export type TextFormat = Exclude<ResultFormat, 'parquet'> | 'table';

export interface ResultText {
  begin(): string;
  rows(rows: readonly (readonly QueryCell[])[]): string;
  end(): string;
}

export function resultText(format: TextFormat, columns: readonly QueryColumn[]): ResultText {
  switch (format) {
    case 'json':
      return jsonText(columns);
    case 'csv':
      return csvText(columns);
    case 'table':
      return new TableText(columns);
  }
}

/** One array of one object a row, each on its line. */
function jsonText(columns: readonly QueryColumn[]): ResultText {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  let first = true;
  return {
    begin: () => '[',
    rows: (rows) => {
      let text = '';
      for (const row of rows) {
        const fields = row.map((cell, at) => `${keys[at]}:${cellJson(cell)}`).join(',');
        text += `${first ? '\n' : ',\n'}{${fields}}`;
        first = false;
      }
      return text;
    },
    end: () => (first ? ']\n' : '\n]\n'),
  };
}

/** A cell as text; null is empty. */
function plain(cell: QueryCell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? cellJson(cell) : String(cell);
}

function csvText(columns: readonly QueryColumn[]): ResultText {
  const line = (values: readonly string[]): string => `${values.join(',')}\r\n`;
  // Only text can be taken for a formula that is none.
  const value = (cell: QueryCell): string =>
    csvValue(plain(cell), typeof cell === 'string' || typeof cell === 'object');
  return {
    begin: () => line(columns.map(({ name }) => csvValue(name, true))),
    rows: (rows) => rows.map((row) => line(row.map(value))).join(''),
    end: () => '',
  };
}

/** Rows by which the widths of the columns are chosen. */
const SAMPLE_ROWS = 1000;
const MOST_WIDTH = 60;

/** Columns that line up. The last one is as long as it is. */
class TableText implements ResultText {
  private readonly columns: readonly QueryColumn[];
  private held: (readonly QueryCell[])[] = [];
  private widths: number[] | null = null;
  private count = 0;

  constructor(columns: readonly QueryColumn[]) {
    this.columns = columns;
  }

  begin(): string {
    return '';
  }

  rows(rows: readonly (readonly QueryCell[])[]): string {
    this.count += rows.length;
    if (this.widths !== null) return rows.map((row) => this.line(row)).join('');
    this.held.push(...rows);
    return this.held.length < SAMPLE_ROWS ? '' : this.release();
  }

  end(): string {
    const rest = this.widths === null ? this.release() : '';
    return `${rest}${this.count.toLocaleString('en')} row${this.count === 1 ? '' : 's'}\n`;
  }

  private release(): string {
    this.widths = this.columns.map(({ name }, at) =>
      Math.min(
        MOST_WIDTH,
        this.held.reduce((most, row) => Math.max(most, shownField(plain(row[at] ?? null)).length), name.length),
      ),
    );
    const head = this.line(this.columns.map(({ name }) => name));
    const rule = `${this.widths.map((width) => '-'.repeat(width)).join('  ')}\n`;
    const lines = this.held.map((row) => this.line(row)).join('');
    this.held = [];
    return head + rule + lines;
  }

  private line(row: readonly QueryCell[]): string {
    const widths = this.widths as number[];
    const cells = row.map((cell, at) => {
      const text = shownField(plain(cell));
      const width = widths[at] as number;
      if (typeof cell === 'number' || typeof cell === 'bigint') return text.padStart(width);
      return at === row.length - 1 ? text : text.padEnd(width);
    });
    return `${cells.join('  ').trimEnd()}\n`;
  }
}
