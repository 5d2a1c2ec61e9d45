/**
 * Writes rows of a session to a file that the database reads as a table. It runs in a thread: making columns of rows takes
 * far longer than whoever captures may be kept from its turn.
 */
import { closeSync, openSync } from 'node:fs';
import type { EventNames } from '../../native/core/event-names.ts';
import type { Failure } from '../../native/core/result.ts';
import type { ProcessName } from '../contract/machine.ts';
import type { SourceName } from '../contract/status.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { writeAll } from '../files/whole-io.ts';
import { ParquetFormatter } from '../session/output/formats/parquet.ts';
import { ALL_FIELDS, type ExportInfo, outputFacts, type SourceFields } from '../session/output/output-facts.ts';
import { segmentRun } from '../session/output/output-row.ts';
import { openSegment, type SharedSegment } from '../session/store/shared-segment.ts';
import { setSchemas } from '../session/text/schemas.ts';

/** What is known of the rows beside them, as it is sent to a thread. */
export interface TableFacts {
  readonly info: ExportInfo | null;
  readonly sources: readonly SourceName[];
  /** What is known of the rows of a source, by its number. */
  readonly fields: ReadonlyMap<number, SourceFields>;
  readonly processes: readonly ProcessName[];
  /** What events are called, the first of them number 1; none where no source has events. */
  readonly events: readonly EventNames[];
  /** The texts of the schemas that a person added. */
  readonly schemas: readonly string[];
}

export type TableJob =
  /** There must be no file of that path. */
  | { readonly do: 'begin'; readonly path: string; readonly facts: TableFacts }
  /** Offsets `from..to-1` of a segment; its memory stays as it is until the answer. */
  | { readonly do: 'rows'; readonly segment: SharedSegment; readonly from: number; readonly to: number }
  | { readonly do: 'end' };

/** A process whose name was not known. */
export type Unnamed = readonly [source: number, pid: number];

export interface TableReply {
  /** Why it was not done; null if it was. */
  readonly failure: Failure | null;
  /** At the end: whose names are not in the file though rows are of them. */
  readonly unnamed: readonly Unnamed[];
}

/** Only its owner can look into a file. */
const PRIVATE_MODE = 0o600;
/** Numbers of processes are below this. */
const PIDS = 2 ** 32;

const keyOf = (source: number, pid: number): number => source * PIDS + pid;

export class TableWriter {
  private path = '';
  private fd: number | null = null;
  private end = 0;
  private formatter: ParquetFormatter | null = null;
  private readonly unnamed = new Map<number, Unnamed>();

  take(job: TableJob): TableReply {
    try {
      switch (job.do) {
        case 'begin':
          this.begin(job.path, job.facts);
          break;
        case 'rows':
          this.rows(job.segment, job.from, job.to);
          break;
        case 'end':
          this.write(this.open.end());
          this.close();
      }
      return { failure: null, unnamed: job.do === 'end' ? [...this.unnamed.values()] : [] };
    } catch (error) {
      this.close();
      return { failure: failureOfSystemError(error, `${this.path} could not be written`), unnamed: [] };
    }
  }

  /** Gives the file back, whole or not. Safe to call twice. */
  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }

  private get open(): ParquetFormatter {
    if (this.formatter === null) throw new Error('nothing was begun');
    return this.formatter;
  }

  private begin(path: string, { info, sources, fields, processes, events, schemas }: TableFacts): void {
    setSchemas(schemas);
    const names = new Map(processes.map(({ source, pid, name }) => [keyOf(source, pid), name]));
    const { unnamed } = this;
    this.path = path;
    this.fd = openSync(path, 'wx', PRIVATE_MODE);
    this.formatter = new ParquetFormatter(
      outputFacts({
        info,
        sources,
        fieldsOf: (source) => fields.get(source) ?? ALL_FIELDS,
        processOf: (source, pid) => {
          const key = keyOf(source, pid);
          const name = names.get(key);
          if (name === undefined && !unnamed.has(key)) unnamed.set(key, [source, pid]);
          return name;
        },
        recordFields: true,
        eventOf: events.length === 0 ? null : (_source, event) => events[event - 1] ?? null,
      }),
    );
    this.write(this.open.begin());
  }

  private rows(segment: SharedSegment, from: number, to: number): void {
    const offsets = Uint32Array.from({ length: to - from }, (_, at) => from + at);
    this.write(this.open.rows(segmentRun(openSegment(segment), offsets, offsets.length)));
  }

  private write(bytes: Uint8Array): void {
    if (this.fd === null) throw new Error('nothing was begun');
    this.end = writeAll(this.fd, [bytes], this.end);
  }
}
