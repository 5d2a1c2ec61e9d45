/** Exports to files, and copies to the clipboard. */
import type { Failure } from '../../native/core/result.ts';
import type { ExportFormat, LineFormat } from './export-formats.ts';
import { type FieldColumnId, isFieldColumn } from './field-columns.ts';
import type { DeltaBase, TimeForm } from './shown-time.ts';

/** Positions `first..last` of one generation of a view. */
export interface PositionRange {
  readonly generation: number;
  readonly first: number;
  readonly last: number;
  /** What of them is meant, in order and apart from each other; without it all of them. */
  readonly parts?: readonly PositionSpan[];
}

export interface PositionSpan {
  readonly first: number;
  readonly last: number;
}

/** The most ranges of rows that are selected at once. A hand makes each; every filter looks for the rows of all. */
export const MOST_PARTS = 256;

/** The parts of a range that lie in a view, which has positions `first..end-1`. */
export function partsWithin(range: PositionRange, { first, end }: { first: number; end: number }): PositionSpan[] {
  return (range.parts ?? [range])
    .map((part) => ({ first: Math.max(part.first, first), last: Math.min(part.last, end - 1) }))
    .filter((part) => part.first <= part.last);
}

/** How many positions parts have. */
export const rowsOfParts = (parts: readonly PositionSpan[]): number =>
  parts.reduce((rows, { first, last }) => rows + last - first + 1, 0);

/** From where the deltas of a table are measured: another row of it, or a moment. */
export type ShownDelta = DeltaBase | { readonly fromNs: number };

/** How a table shows times; null for `delta` if it shows none. */
export interface ShownTimes extends TimeForm {
  readonly delta: ShownDelta | null;
}

/** The columns of a table that text for the clipboard has as they are shown, besides those of fields of records. */
export const SHOWN_COLUMNS = [
  ...(['index', 'time', 'delta', 'cpu', 'level', 'source', 'pid', 'process', 'tid'] as const),
  ...(['provider', 'event', 'function', 'source_file', 'origin', 'type', 'remarks', 'message'] as const),
] as const;
export type ShownColumn = (typeof SHOWN_COLUMNS)[number] | FieldColumnId;

/** Whether a column of a table can be in such text. */
export const isShownColumn = (id: string): id is ShownColumn =>
  isFieldColumn(id) || SHOWN_COLUMNS.some((each) => each === id);

/** What of the rows is written, and how, besides the format. */
export interface OutputOptions {
  /** Whether rows that stand where records were lost are written. */
  readonly losses: boolean;
  /** Whether CSV keeps spreadsheets from taking a value for a formula. */
  readonly spreadsheetSafe: boolean;
  /** Whether an export of what is shown writes the rows around matches too; without it, matches alone. A copy has both. */
  readonly context?: boolean;
  /** As what times are written in text for people; without it as seconds since the log began. */
  readonly times?: ShownTimes;
  /** The columns that the table shows, in its order, which a copy has; without it those of an export. */
  readonly columns?: readonly ShownColumn[];
  /** Fields that are columns of the table (field-columns.ts), in its order, for text for people that is not read again. */
  readonly fields?: readonly string[];
}

export const DEFAULT_OUTPUT: OutputOptions = { losses: true, spreadsheetSafe: true };

/** As what rows are put on the clipboard. */
export const COPY_FORMATS = ['text', 'markdown', 'csv'] as const satisfies readonly LineFormat[];
export type CopyFormat = (typeof COPY_FORMATS)[number];

/**
 * A request to export. It has no path: where to write is asked of the person, with a dialog of the system, so that a
 * page can never choose it.
 */
export interface ExportRequest {
  /** Everything, what the filter shows, or the rows in `range`. */
  readonly scope: 'all' | 'filtered' | 'selection';
  /** The selection as it was when chosen; null for any other scope. */
  readonly range: PositionRange | null;
  readonly format: ExportFormat;
  readonly options: OutputOptions;
}

export interface ExportProgress {
  readonly id: number;
  readonly path: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly rows: number;
  readonly totalRows: number;
  /** How many of the rows that were written stand for losses. */
  readonly losses: number;
  /** Rows that were dropped before they could be written. */
  readonly skippedRows: number;
  readonly bytes: number;
  readonly failure: Failure | null;
}

/**
 * `too-large`: nothing was copied, because the text would take about so many bytes, more than a clipboard is for.
 */
export interface CopyOutcome {
  readonly state: 'copied' | 'too-large';
  readonly rows: number;
  readonly bytes: number;
}

/** Progress of a copy that takes some time; null when it has ended, successfully or not. */
export type CopyProgress = { readonly rows: number; readonly totalRows: number } | null;
