/** The answer to a query as the bytes of a file. Rows pass through; a bounded part of them is held. */
import type { QueryColumn, ResultFormat } from '../contract/sql.ts';
import { ParquetAnswer } from '../session/output/formats/parquet-answer.ts';
import { encodeUtf8 } from '../session/text/text.ts';
import { cellJson } from './bounded-rows.ts';
import type { QueryCell } from './cells.ts';
import { resultText } from './result-text.ts';

export interface ResultBytes {
  begin(): Uint8Array;
  rows(rows: readonly (readonly QueryCell[])[]): Uint8Array;
  end(): Uint8Array;
}

export function resultBytes(format: ResultFormat, columns: readonly QueryColumn[]): ResultBytes {
  if (format === 'parquet') {
    const answer = new ParquetAnswer(columns);
    return {
      begin: () => answer.begin(),
      rows: (rows) => answer.rows(rows.map((row) => row.map((cell) => (isNested(cell) ? cellJson(cell) : cell)))),
      end: () => answer.end(),
    };
  }
  const text = resultText(format, columns);
  return {
    begin: () => encodeUtf8(text.begin()),
    rows: (rows) => encodeUtf8(text.rows(rows)),
    end: () => encodeUtf8(text.end()),
  };
}

function isNested(cell: QueryCell): cell is Extract<QueryCell, object> {
  return typeof cell === 'object' && cell !== null;
}
