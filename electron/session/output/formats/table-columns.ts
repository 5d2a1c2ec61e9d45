/**
 * Rows as columns with the names of contract/log-fields.ts, for formats that are written in blocks of columns. A block
 * is full when it has a certain number of rows or amount of text, so that the memory in use does not grow with the log.
 */
import type { EventNames } from '../../../../native/core/event-names.ts';
import {
  type FieldKind,
  fieldType,
  LOG_FIELDS,
  type LogField,
  TRACE_FIELDS,
  type TraceField,
} from '../../../contract/log-fields.ts';
import type { OutputFacts } from '../output-facts.ts';
import { createExportRow, type ExportRow, type RowRun } from '../output-row.ts';
import { RowValues } from '../row-values.ts';

export type TableName = LogField | TraceField;
export type TableKind = FieldKind;
export type TableValue = number | bigint | string | null;

export interface TableColumn {
  readonly name: TableName;
  readonly kind: TableKind;
  readonly nullable: boolean;
  /** `time`: nanoseconds since 1970 UTC. */
  readonly values: TableValue[];
}

const BLOCK_ROWS = 65_536;
/** UTF-16 units of text after which a block is full. */
const BLOCK_TEXT = 16 * 1024 * 1024;
/** Half a surrogate pair, which UTF-8 cannot represent; it is replaced by U+FFFD. */
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export class TableBlock {
  readonly columns: readonly TableColumn[];
  rows = 0;
  private text = 0;
  private readonly values: RowValues;
  private readonly blockRows: number;
  private readonly scratch = createExportRow();

  constructor(facts: OutputFacts, blockRows = BLOCK_ROWS) {
    this.values = new RowValues(facts);
    this.blockRows = blockRows;
    const names: readonly TableName[] = this.values.hasTraces ? [...LOG_FIELDS, ...TRACE_FIELDS] : LOG_FIELDS;
    this.columns = names.map((name) => ({ name, ...fieldType(name), values: [] }));
  }

  /** Takes all rows. `full` is called whenever the block is full; it has to write the block and call `clear`. */
  take(run: RowRun, full: () => void): void {
    for (let at = 0; at < run.count; at++) {
      run.read(at, this.scratch);
      this.add(this.scratch);
      if (this.rows >= this.blockRows || this.text >= BLOCK_TEXT) full();
    }
  }

  clear(): void {
    for (const { values } of this.columns) values.length = 0;
    this.rows = 0;
    this.text = 0;
  }

  private add(row: ExportRow): void {
    const event = this.values.eventNames(row);
    for (const { name, values } of this.columns) values.push(this.valueOf(name, row, event));
    this.rows++;
    this.text += row.text.length;
  }

  private valueOf(name: TableName, row: ExportRow, event: EventNames): TableValue {
    const { values } = this;
    switch (name) {
      case 'index':
        return BigInt(row.index);
      case 'time_us':
        return values.timeUs(row) === null ? null : row.timeNs / 1000;
      case 'time': {
        const seconds = values.unixSeconds(row);
        return Number.isNaN(seconds) ? null : BigInt(seconds) * 1_000_000_000n + BigInt(values.nanoseconds(row));
      }
      case 'message':
        return row.text.replace(LONE, '\ufffd');
      case 'provider':
      case 'event':
      case 'function':
      case 'source_file':
        return event[name]?.replace(LONE, '\ufffd') ?? null;
      default:
        return values[name](row);
    }
  }
}
