/** What a file may say of a log beyond its rows, and what is known of the rows of each source. */
import type { EventNames } from '../../../native/core/event-names.ts';
import type { ZoneRules } from '../../contract/local-time.ts';
import type { LogField } from '../../contract/log-fields.ts';
import type { ShownColumn, ShownTimes } from '../../contract/output.ts';
import type { TimeOrigin, WrittenDigits } from '../../contract/shown-time.ts';
import type { SourceName } from '../../contract/status.ts';
import type { NameOfProcess } from '../ingest/process-names.ts';
import type { FieldValues } from '../text/field-values.ts';
import { hasAddedSchemas } from '../text/schemas.ts';
import type { RowColouring } from './row-colouring.ts';

/** What the header of a file may say of the session. */
export interface ExportInfo {
  readonly source: string;
  /** Identity of the ring session; null if the log is not of one. */
  readonly sessionId: string | null;
  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
}

/** What is known of the rows of one source. */
export interface SourceFields {
  /** Fields that no row of this source has. In a file they are null, whatever the columns contain. */
  readonly lacks: ReadonlySet<LogField>;
  /** True if a process number of 0 means that the row names no process. */
  readonly zeroPidIsNone: boolean;
}

/** The facts of a source of which every field is known, such as a ring. */
export const ALL_FIELDS: SourceFields = { lacks: new Set(), zeroPidIsNone: false };

/** The names of an event, by the number of its row's source and the number in the row; null for none. */
export type NamesOfEvent = (source: number, event: number) => EventNames | null;

/** As what a table shows the times of the rows, with all their digits where they are to be read again. */
export interface TimesOfOutput extends Omit<ShownTimes, 'digits'> {
  readonly digits: WrittenDigits;
  readonly origin: TimeOrigin;
  /** Default that of this machine. */
  readonly zone?: ZoneRules;
}

export interface OutputFacts {
  /** Null if nothing is known of the session; its rows then have no wall clock. */
  readonly info: ExportInfo | null;
  /** The sources, by the number that rows carry. */
  readonly sources: readonly SourceName[];
  /** Gives the names of processes; null if no name is known. */
  readonly processOf: NameOfProcess | null;
  /** What events of traces and event logs are called; null where no source is one. */
  readonly eventOf: NamesOfEvent | null;
  /** Whether there is a column for the fields of records; by default where a person added schemas. */
  readonly recordFields: boolean;
  /** Fields of records that are columns of their own in text for people; null for none. */
  readonly fields: FieldValues | null;
  /** What is known of the rows of a source, by its number. */
  readonly fieldsOf: (source: number) => SourceFields;
  /** Whether rows that stand for losses are written. */
  readonly losses: boolean;
  /** As what a table shows times; null where none is behind what is written. */
  readonly times: TimesOfOutput | null;
  /** The columns of the table that a copy comes from, in its order; null where none is behind it. */
  readonly columns: readonly ShownColumn[] | null;
  /** Whether csv protects values that a spreadsheet would take for a formula. */
  readonly spreadsheetSafe: boolean;
  /** How the rows were chosen, in words; null for all. */
  readonly filter: string | null;
  /** The notes of rows that have a bookmark, by row; empty texts for bookmarks alone. For formats that have a place for them. */
  readonly notes: ReadonlyMap<number, string>;
  /** The colours of rows, told of the rows before they are written; null where nothing is highlighted. For formats that show them. */
  readonly colouring: RowColouring | null;
}

/** The given facts, with defaults for those left out. */
export function outputFacts(given: Partial<OutputFacts> = {}): OutputFacts {
  return {
    info: null,
    sources: [],
    processOf: null,
    eventOf: null,
    recordFields: hasAddedSchemas(),
    fields: null,
    fieldsOf: () => ALL_FIELDS,
    losses: true,
    times: null,
    columns: null,
    spreadsheetSafe: true,
    filter: null,
    notes: new Map(),
    colouring: null,
    ...given,
  };
}
