/**
 * Parquet, for databases: a row group for each block of rows, compressed by Snappy. Whole numbers have widths that
 * every reader supports. `time` is in microseconds, because not all readers know nanoseconds; `time_us` has the
 * nanoseconds.
 */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { OutputFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import type { RowRun } from '../output-row.ts';
import { TableBlock, type TableColumn, type TableKind, type TableValue } from './table-columns.ts';

type Type = Omit<SchemaElement, 'name' | 'repetition_type'>;

const TYPES: Readonly<Record<TableKind, Type>> = {
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  uint16: { type: 'INT32' },
  uint32: { type: 'INT64' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
};

export class ParquetFormatter implements OutputFormatter {
  private readonly block: TableBlock;
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;

  constructor(facts: OutputFacts, blockRows?: number) {
    this.block = new TableBlock(facts, blockRows);
    const { columns } = this.block;
    const schema: SchemaElement[] = [
      { name: 'log', num_children: columns.length },
      ...columns.map(({ name, kind, nullable }) => ({
        name,
        repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        ...TYPES[kind],
      })),
    ];
    this.writer = new ParquetWriter({ writer: this.bytes, schema, createdBy: 'RingView' });
  }

  begin(): Uint8Array {
    return this.take();
  }

  rows(run: RowRun): Uint8Array {
    this.block.take(run, () => this.write());
    return this.take();
  }

  end(): Uint8Array {
    if (this.block.rows > 0) this.write();
    // Need not be awaited, because the writer writes to memory.
    void this.writer.finish();
    return this.take();
  }

  private write(): void {
    const { columns, rows } = this.block;
    const columnData = columns.map((column) => ({ name: column.name, data: dataOf(column) }));
    void this.writer.write({ columnData, rowGroupSize: rows });
    this.block.clear();
  }

  /** Returns what was written since the last call. The writer still counts offsets from the begin of the file. */
  private take(): Uint8Array {
    const taken = this.bytes.getBytes().slice();
    this.bytes.index = 0;
    return taken;
  }
}

function dataOf({ kind, values }: TableColumn): TableValue[] {
  if (kind === 'time') return values.map((value) => (value === null ? null : (value as bigint) / 1000n));
  if (kind === 'uint32') return values.map((value) => (value === null ? null : BigInt(value)));
  return values.slice();
}
