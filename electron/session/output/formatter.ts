/**
 * The interface of every format to those who write files: bytes before the first row, bytes for runs of rows, bytes
 * after the last. Formatters are pure and hold a bounded part of the log, whatever its length. Those that write in
 * blocks return nothing for most runs, and a whole block for some.
 */
import { encodeUtf8 } from '../text/text.ts';
import type { ExportInfo } from './output-facts.ts';
import { createExportRow, type ExportRow, type RowRun } from './output-row.ts';

export interface OutputFormatter {
  /** What stands before the first row; called once, first. */
  begin(): Uint8Array;
  /** The bytes that these rows complete; may be empty. */
  rows(run: RowRun): Uint8Array;
  /** What completes the file; called once, last. */
  end(): Uint8Array;
}

/** A format in which every row is a line of its own, so that a text can be cut behind any row. */
export interface RowFormatter {
  /** What stands before the first row, with its line end; may be empty. */
  header(info: ExportInfo | null): string;
  /** One row with its line end. */
  row(row: ExportRow): string;
}

/** What a text format produces: strings, which the caller encodes as UTF-8. */
export interface TextParts {
  begin(): string;
  row(row: ExportRow): string;
  end(): string;
}

export function textOutput(parts: TextParts): OutputFormatter {
  const scratch = createExportRow();
  return {
    begin: () => encodeUtf8(parts.begin()),
    rows: (run) => {
      let text = '';
      for (let at = 0; at < run.count; at++) {
        run.read(at, scratch);
        text += parts.row(scratch);
      }
      return encodeUtf8(text);
    },
    end: () => encodeUtf8(parts.end()),
  };
}

export function lineOutput(formatter: RowFormatter, info: ExportInfo | null): OutputFormatter {
  return textOutput({ begin: () => formatter.header(info), row: (row) => formatter.row(row), end: () => '' });
}

const NOTHING = new Uint8Array(0);

/** The same formatter, but without the rows that stand for losses. */
export function withoutLosses(formatter: OutputFormatter, isLoss: (row: ExportRow) => boolean): OutputFormatter {
  const scratch = createExportRow();
  return {
    begin: () => formatter.begin(),
    rows: (run) => {
      const kept: number[] = [];
      for (let at = 0; at < run.count; at++) {
        run.read(at, scratch);
        if (!isLoss(scratch)) kept.push(at);
      }
      if (kept.length === 0) return NOTHING;
      return formatter.rows({ count: kept.length, read: (at, row) => run.read(kept[at] as number, row) });
    },
    end: () => formatter.end(),
  };
}
