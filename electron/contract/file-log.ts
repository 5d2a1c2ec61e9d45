/**
 * A log that is written to a file while rows come: what a person chooses of it, and how far it is. It has no path: where
 * to write is asked of the person, with a dialog of the system.
 */
import type { Failure } from '../../native/core/result.ts';
import { type Check, flag, integer, MAX, object, oneOf, reject } from './check.ts';
import { LINE_FORMAT_NAMES, type LineFormat } from './export-formats.ts';

/** How a log goes on. By itself: in one file, which replaces an earlier one. */
export interface LogFiles {
  /** What the file holds already stays. */
  readonly append: boolean;
  /** Bytes of a file, which only a single part of the log may exceed; null is no limit. */
  readonly limitBytes: number | null;
  /** At the limit the same file begins anew; without it, the next file. */
  readonly wrap: boolean;
  /** Each day has a file of its own. */
  readonly daily: boolean;
  /** Each session has a file of its own: another one begins when the rows are cleared. */
  readonly perSession: boolean;
  /** How many files are kept; null is all. */
  readonly keep: number | null;
}

/** A smaller limit would be a file for every few rows; bytes. */
export const LEAST_LOG_LIMIT = 4096;
export const MOST_LOG_FILES = 1_000_000;

/** All rows from now on, or those that the filter of a view shows as it is now. */
export const LOG_ROWS = ['all', 'filtered'] as const;

export interface FileLogRequest {
  readonly format: LineFormat;
  readonly rows: (typeof LOG_ROWS)[number];
  readonly files: LogFiles;
  /** Whether rows that stand where records were lost are written. */
  readonly losses: boolean;
  /** Whether CSV keeps spreadsheets from taking a value for a formula. */
  readonly spreadsheetSafe: boolean;
}

export interface FileLogStatus {
  /** `stopped`: by a person, or because the session has ended. `failed`: the disk refused; capture goes on. */
  readonly state: 'writing' | 'stopped' | 'failed';
  /** What the file is called that was written last, and the folder it lies in, for people. */
  readonly name: string;
  readonly place: string;
  /** The filter in words that rows have to pass; null: all are written. */
  readonly filter: string | null;
  /** Rows that are in the files now. */
  readonly rows: number;
  /** Rows that a limit of size or of the number of files took out again. */
  readonly replacedRows: number;
  /** Rows that the session has and the file has not yet. */
  readonly waitingRows: number;
  /** Rows that are missing in the file, because they were dropped or the disk refused them. */
  readonly missedRows: number;
  readonly failure: Failure | null;
}

const orNull = <T>(value: unknown, check: (value: unknown) => T): T | null => (value === null ? null : check(value));

const logFiles: Check<LogFiles> = (value) => {
  const { append, limitBytes, wrap, daily, perSession, keep } = object(value);
  const files: LogFiles = {
    append: flag(append, 'append'),
    limitBytes: orNull(limitBytes, (bytes) => integer(bytes, LEAST_LOG_LIMIT, MAX, 'limitBytes')),
    wrap: flag(wrap, 'wrap'),
    daily: flag(daily, 'daily'),
    perSession: flag(perSession, 'perSession'),
    keep: orNull(keep, (count) => integer(count, 1, MOST_LOG_FILES, 'keep')),
  };
  if (files.wrap && files.limitBytes === null) reject('wrap: a limit was expected with it');
  return files;
};

export const fileLogRequest: Check<FileLogRequest> = (value) => {
  const { format, rows, files, losses, spreadsheetSafe } = object(value);
  return {
    format: oneOf(format, LINE_FORMAT_NAMES, 'format'),
    rows: oneOf(rows, LOG_ROWS, 'rows'),
    files: logFiles(files),
    losses: flag(losses, 'losses'),
    spreadsheetSafe: flag(spreadsheetSafe, 'spreadsheetSafe'),
  };
};
