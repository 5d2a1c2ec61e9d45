/**
 * Rows as columns with the names of contract/log-fields.ts, for formats that are written in blocks of columns. A block
 * is full when it has a certain number of rows or amount of text, so that the memory in use does not grow with the log.
 */
import {
  type FieldKind,
  fieldType,
  type LogField,
  type RecordField,
  type TraceField,
} from '../../../contract/log-fields.ts';
import { TYPE_TEXT } from '../../text/text.ts';
import type { OutputFacts } from '../output-facts.ts';
import { createExportRow, type ExportRow, type RowRun } from '../output-row.ts';
import { type LineField, RowValues } from '../row-values.ts';

export type TableName = LogField | TraceField | RecordField;
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

type Reader = (row: ExportRow) => TableValue;

export class TableBlock {
  readonly columns: readonly TableColumn[];
  rows = 0;
  private text = 0;
  /** How the value of each column is read of a row. */
  private readonly readers: readonly Reader[];
  private readonly blockRows: number;
  private readonly scratch = createExportRow();

  constructor(facts: OutputFacts, blockRows = BLOCK_ROWS) {
    const values = new RowValues(facts);
    this.blockRows = blockRows;
    const fields = values.lineFields();
    this.columns = fields.map(({ name }) => ({ name, ...fieldType(name), values: [] }));
    this.readers = fields.map((field) => readerOf(field, values));
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
    const { columns, readers } = this;
    for (let at = 0; at < columns.length; at++) columns[at]?.values.push((readers[at] as Reader)(row));
    this.rows++;
    // The fields of a record name what its bytes are.
    this.text += row.type === TYPE_TEXT ? row.text.length : row.text.length + 4 * row.payload.length;
  }
}

/** As a line of text has it, where a column does not have it more exactly. */
function readerOf({ name, read }: LineField, values: RowValues): Reader {
  switch (name) {
    case 'index':
      return (row) => BigInt(row.index);
    case 'time_us':
      return (row) => (read(row) === null ? null : row.timeNs / 1000);
    case 'time':
      return (row) => {
        const seconds = values.unixSeconds(row);
        return Number.isNaN(seconds) ? null : BigInt(seconds) * 1_000_000_000n + BigInt(values.nanoseconds(row));
      };
    case 'message':
    case 'provider':
    case 'event':
    case 'function':
    case 'source_file':
      return (row) => whole(read(row));
    default:
      return read;
  }
}

const whole = (text: string | number | null): TableValue =>
  typeof text === 'string' ? text.replace(LONE, '\ufffd') : text;
