/**
 * The names by which programs know what a row holds: the keys of JSON Lines, the columns of CSV, Arrow and Parquet, the
 * table `log` of SQL. Scripts rely on them, so they are declared once and never change; a field that a log has not is
 * null there, and empty in CSV.
 *
 * - `index`: global index; of a loss that of the entry behind it
 * - `time_us`: microseconds since the log began, with three decimals
 * - `time`: wall clock, ISO 8601 in UTC; null where a log states no date and time
 * - `cpu`, `pid`, `tid`, `type`, `remarks`: as the record has them
 * - `level`: `error`, `warning`, `info`, `trace`, `level N`; `lost` for a row that stands where records were lost, whose
 *   `remarks` are their number
 * - `source`: which source the row is of, as the person named it
 * - `process`: image name, where it is known
 * - `message`: the text; of a payload that is not text `0x` and its bytes
 */
import { EVENT_NAME_FIELDS } from '../../native/core/event-names.ts';

export const LOG_FIELDS = [
  'index',
  'time_us',
  'time',
  'cpu',
  'level',
  'source',
  'pid',
  'process',
  'tid',
  'type',
  'remarks',
  'message',
] as const;

/**
 * Additional fields of events of traces and event logs. They follow the others if one of the sources is such a file.
 */
export const TRACE_FIELDS = EVENT_NAME_FIELDS;

export type LogField = (typeof LOG_FIELDS)[number];
export type TraceField = (typeof TRACE_FIELDS)[number];
