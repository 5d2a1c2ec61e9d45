/**
 * The values of a row under the names of contract/log-fields.ts. A value is null if the row's source does not know it.
 */
import { levelName } from '../../../native/core/entry.ts';
import { type EventNames, loserText, NO_EVENT_NAMES } from '../../../native/core/event-names.ts';
import {
  type FieldKind,
  fieldType,
  LOG_FIELDS,
  type LogField,
  RECORD_FIELDS,
  type RecordField,
  TRACE_FIELDS,
  type TraceField,
} from '../../contract/log-fields.ts';
import { schemaOfType } from '../text/schemas.ts';
import { TYPE_TEXT, withLoser, withoutCpu } from '../text/text.ts';
import type { OutputFacts, SourceFields } from './output-facts.ts';
import { type ExportRow, isLoss, NO_CPU } from './output-row.ts';

/** Writes nanoseconds with the decimal point moved `digits` places to the left. */
export function decimal(ns: number, digits: number): string {
  const text = String(Math.round(Math.abs(ns))).padStart(digits + 1, '0');
  const at = text.length - digits;
  return `${ns < 0 ? '-' : ''}${text.slice(0, at)}.${text.slice(at)}`;
}

export const exportLevel = (row: ExportRow): string => (isLoss(row) ? 'lost' : levelName(row.level));

const NS_A_SECOND = 1_000_000_000;

/** Fields that all rows of a source may lack. */
const LACKABLE = ['time_us', 'time', 'cpu', 'level', 'pid', 'type', 'remarks'] as const satisfies readonly LogField[];

/** What needs to be looked up only once for each source. */
interface SourceValues {
  readonly fields: SourceFields;
  readonly name: string;
  readonly lacks: Readonly<Record<(typeof LACKABLE)[number], boolean>>;
}

/** A field as a line of text has it. */
export interface LineField {
  readonly name: LogField | TraceField | RecordField;
  readonly kind: FieldKind;
  /** Null if the row's source does not know it. */
  readonly read: (row: ExportRow) => string | number | null;
}

export class RowValues {
  /** Whether a source is a trace or an event log, whose events have names. */
  readonly hasTraces: boolean;
  /** Whether a source states wall clocks; if none does, the begin of the session is a guess. */
  readonly hasWallClock: boolean;
  /** Whether a source says on which CPU its rows were written. */
  readonly hasCpus: boolean;
  private readonly facts: OutputFacts;
  private readonly bySource = new Map<number, SourceValues>();
  private lastSource = -1;
  private lastValues: SourceValues | null = null;
  private readonly startSeconds: number;
  private readonly startNs: number;
  /** The second whose text was made last, and which is reused while rows lie within it. */
  private shownSecond = Number.NaN;
  private shownText = '';

  constructor(facts: OutputFacts) {
    this.facts = facts;
    const startMs = facts.info?.startUnixMs ?? 0;
    this.startSeconds = Math.floor(startMs / 1000);
    this.startNs = Math.round((startMs - this.startSeconds * 1000) * 1e6);
    const known = facts.sources.map(({ id }) => this.lookUp(id).fields);
    this.hasWallClock = known.length === 0 || known.some(({ lacks }) => !lacks.has('time'));
    this.hasCpus = known.length === 0 || known.some(({ lacks }) => !lacks.has('cpu'));
    this.hasTraces = facts.eventOf !== null;
  }

  /**
   * Remembers the last source, because this is called several times for each row and rows of one source come together.
   */
  private of(source: number): SourceValues {
    if (source !== this.lastSource) {
      this.lastValues = this.bySource.get(source) ?? this.lookUp(source);
      this.lastSource = source;
    }
    return this.lastValues as SourceValues;
  }

  private lookUp(source: number): SourceValues {
    const { sources, info, fieldsOf } = this.facts;
    const fields = fieldsOf(source);
    const named = sources.find(({ id }) => id === source)?.name;
    const name = named ?? (sources.length === 0 && info !== null ? info.source : String(source));
    const lacks = Object.fromEntries(
      LACKABLE.map((field) => [field, fields.lacks.has(field)]),
    ) as SourceValues['lacks'];
    const values = { fields, name, lacks: { ...lacks, time: info === null || lacks.time } };
    this.bySource.set(source, values);
    return values;
  }

  /** Microseconds since the log began, with three decimals. */
  timeUs(row: ExportRow): string | null {
    return this.of(row.source).lacks.time_us ? null : decimal(row.timeNs, 3);
  }

  /** Whole seconds since 1970 UTC; NaN if the log states no wall clock. `nanoseconds` returns the rest. */
  unixSeconds(row: ExportRow): number {
    if (this.of(row.source).lacks.time) return Number.NaN;
    return this.startSeconds + Math.floor((row.timeNs + this.startNs) / NS_A_SECOND);
  }

  /** The part of the wall clock below a second. */
  nanoseconds(row: ExportRow): number {
    const ns = (row.timeNs + this.startNs) % NS_A_SECOND;
    return Math.floor(ns < 0 ? ns + NS_A_SECOND : ns);
  }

  /** Wall clock as ISO 8601 in UTC, to the nanosecond. */
  time(row: ExportRow): string | null {
    const seconds = this.unixSeconds(row);
    if (Number.isNaN(seconds)) return null;
    if (seconds !== this.shownSecond) {
      const at = new Date(seconds * 1000);
      if (Number.isNaN(at.getTime())) return null;
      this.shownSecond = seconds;
      this.shownText = at.toISOString().slice(0, -5);
    }
    return `${this.shownText}.${String(this.nanoseconds(row)).padStart(9, '0')}Z`;
  }

  cpu(row: ExportRow): number | null {
    return row.cpu === NO_CPU || this.of(row.source).lacks.cpu ? null : row.cpu;
  }

  level(row: ExportRow): string | null {
    return this.of(row.source).lacks.level && !isLoss(row) ? null : exportLevel(row);
  }

  source(row: ExportRow): string {
    return this.of(row.source).name;
  }

  pid(row: ExportRow): number | null {
    const { lacks, fields } = this.of(row.source);
    if (isLoss(row) || lacks.pid || (row.pid === 0 && fields.zeroPidIsNone)) return null;
    return row.pid;
  }

  process(row: ExportRow): string | null {
    return isLoss(row) ? null : (this.facts.processOf?.(row.source, row.pid) ?? null);
  }

  tid(row: ExportRow): number | null {
    return isLoss(row) ? null : row.tid;
  }

  type(row: ExportRow): number | null {
    return this.of(row.source).lacks.type && !isLoss(row) ? null : row.type;
  }

  remarks(row: ExportRow): number | null {
    return this.of(row.source).lacks.remarks && !isLoss(row) ? null : row.remarks;
  }

  /**
   * All fields in the order in which they are written, those of traces only where a source is one. `records`: the column of
   * their fields is left out where it is false.
   */
  lineFields(records = this.facts.recordFields): readonly LineField[] {
    const last: readonly RecordField[] = records ? [RECORD_FIELDS] : [];
    const names: readonly LineField['name'][] = [...LOG_FIELDS, ...(this.hasTraces ? TRACE_FIELDS : []), ...last];
    return names.map((name) => ({ name, kind: fieldType(name).kind, read: this.reader(name) }));
  }

  private reader(name: LineField['name']): LineField['read'] {
    switch (name) {
      case 'index':
        return (row) => row.index;
      case 'time_us':
        return (row) => this.timeUs(row);
      case RECORD_FIELDS:
        return (row) => this.fields(row);
      case 'message':
        return (row) => this.message(row);
      case 'provider':
      case 'event':
      case 'function':
      case 'source_file':
        return (row) => this.eventNames(row)[name];
      default:
        return (row) => this[name](row);
    }
  }

  /** Its text; of a loss also who lost it. */
  message(row: ExportRow): string {
    if (!isLoss(row)) return row.text;
    const text = this.of(row.source).lacks.cpu ? withoutCpu(row.text) : row.text;
    return row.event === 0 ? text : withLoser(text, loserText(this.eventNames(row)));
  }

  /** Of a record that its schema fits its fields, as JSON. */
  fields(row: ExportRow): string | null {
    if (row.type === TYPE_TEXT || isLoss(row)) return null;
    const json = schemaOfType(row.type)?.json(row.payload) ?? null;
    return json && JSON.stringify(json);
  }

  /** What its event is called. */
  eventNames(row: ExportRow): EventNames {
    return this.facts.eventOf?.(row.source, row.event) ?? NO_EVENT_NAMES;
  }
}
