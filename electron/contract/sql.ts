/** Questions in SQL about the rows of a session, and their answers as a page has them. */
import { type Check, refuse, text } from './check.ts';
import { sqlFailure } from './limits.ts';
import type { Packed } from './packed.ts';

/** Rows of an answer that a page gets at most; an export has all. */
export const MOST_ANSWER_ROWS = 10_000;
/** Columns of an answer at most. */
export const MOST_ANSWER_COLUMNS = 200;
/** The longest text of a cell that a page gets, UTF-16 units; a longer one is cut there. */
export const MAX_CELL_TEXT = 2048;
/** About so much text an answer has for a page, all cells together. */
export const MAX_ANSWER_TEXT = 4 * 1024 * 1024;

export interface QueryColumn {
  readonly name: string;
  /** As SQL calls it: `BIGINT`, `VARCHAR`. */
  readonly type: string;
}

/** Moments are ISO 8601; lists and structures are JSON; a number that a double does not hold is text. */
export type AnswerCell = null | boolean | number | string;

export interface QueryAnswer {
  readonly columns: readonly QueryColumn[];
  readonly rows: Packed<readonly (readonly AnswerCell[])[]>;
  /** True if there are more rows than these. */
  readonly cut: boolean;
  /** From the end of the conversion to the last of these rows, milliseconds. */
  readonly tookMs: number;
  /** What reading the rows that were not in the table yet took before, milliseconds. */
  readonly readMs: number;
  /** Rows of the session that it is about, losses included. */
  readonly tableRows: number;
}

/** How far a question is. */
export type QueryProgress =
  | { readonly step: 'converting'; readonly rows: number; readonly totalRows: number }
  | { readonly step: 'running' };

/** As what the rows of an answer are written to a file. */
export const RESULT_FORMATS = ['csv', 'json', 'parquet'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

export const statement: Check<string> = (value) => {
  const sql = text(value, 'sql');
  refuse(sqlFailure(sql));
  return sql;
};

/** What a column holds, as far as it matters to whoever shows it. */
export function columnKind({ type }: QueryColumn): 'number' | 'time' | 'other' {
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\b.*)$/.test(type)) return 'number';
  return /^(?:TIMESTAMP\b.*|DATE)$/.test(type) ? 'time' : 'other';
}
