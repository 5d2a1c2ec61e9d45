/**
 * The names by which programs know what a row holds: the keys of JSON Lines, the columns of CSV, Arrow and Parquet, the
 * table `log` of SQL. Scripts rely on them, so they are declared once and never change; a field that a log has not is
 * null there, and empty in CSV.
 *
 * - `index`: global index; of a loss that of the entry behind it
 * - `time_us`: microseconds since the log began, with three decimals
 * - `time`: wall clock, ISO 8601 in UTC; null where a log states no date and time
 * - `cpu`, `pid`, `tid`, `type`, `remarks`: as the record has them; `tid` is null of a source that names no threads
 * - `level`: `error`, `warning`, `info`, `trace`, `level N`; `lost` for a row that stands where records were lost, whose
 *   `remarks` are their number
 * - `source`: which source the row is of, as the person named it
 * - `process`: image name, where it is known
 * - `message`: the text; of a record that a schema describes its text, of any other payload `0x` and its bytes
 */
import { EVENT_NAME_FIELDS } from '../../native/core/event-names.ts';

/** The type of a field: whole numbers of so many bits, a floating-point number, a moment, or text. */
export type FieldKind = 'int64' | 'double' | 'uint16' | 'uint32' | 'time' | 'text';

interface FieldDeclaration {
  readonly kind: FieldKind;
  /** Whether a row may have no value of it. */
  readonly nullable: boolean;
}

/** In the order in which they are written. */
const FIELDS = {
  index: { kind: 'int64', nullable: false },
  time_us: { kind: 'double', nullable: true },
  time: { kind: 'time', nullable: true },
  cpu: { kind: 'uint16', nullable: true },
  level: { kind: 'text', nullable: true },
  source: { kind: 'text', nullable: false },
  pid: { kind: 'uint32', nullable: true },
  process: { kind: 'text', nullable: true },
  tid: { kind: 'uint32', nullable: true },
  type: { kind: 'uint16', nullable: true },
  remarks: { kind: 'uint32', nullable: true },
  message: { kind: 'text', nullable: false },
} as const satisfies Readonly<Record<string, FieldDeclaration>>;

export type LogField = keyof typeof FIELDS;
export const LOG_FIELDS = Object.keys(FIELDS) as readonly LogField[];

/**
 * Additional fields of events of traces and event logs, texts that may be absent. They follow the others if one of the
 * sources is such a file.
 */
export const TRACE_FIELDS = EVENT_NAME_FIELDS;
export type TraceField = (typeof TRACE_FIELDS)[number];

/**
 * Behind all others, where schemas are given: the fields of a record as JSON, null for what is none. JSON Lines have it as
 * an object, of rows that are records alone.
 */
export const RECORD_FIELDS = 'fields';
export type RecordField = typeof RECORD_FIELDS;

export function fieldType(name: LogField | TraceField | RecordField): FieldDeclaration {
  return name in FIELDS ? FIELDS[name as LogField] : { kind: 'text', nullable: true };
}
