/**
 * A file of Apache Arrow (IPC, also called Feather): a record batch for each block of rows, and a footer that says
 * where they are.
 */
import {
  type Data,
  type DataType,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampNanosecond,
  Uint16,
  Uint32,
  Utf8,
} from 'apache-arrow';
import { encodeUtf8 } from '../../text/text.ts';
import type { OutputFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import type { RowRun } from '../output-row.ts';
import { TableBlock, type TableColumn, type TableKind, type TableValue } from './table-columns.ts';

function arrowType(kind: TableKind): DataType {
  switch (kind) {
    case 'int64':
      return new Int64();
    case 'double':
      return new Float64();
    case 'uint16':
      return new Uint16();
    case 'uint32':
      return new Uint32();
    case 'time':
      return new TimestampNanosecond('UTC');
    case 'text':
      return new Utf8();
  }
}

/** Hands out the bytes of a file piece by piece; the library itself would return them as a stream. */
class PieceWriter extends RecordBatchFileWriter {
  private pieces: Uint8Array[] = [];

  constructor(schema: Schema) {
    super();
    this.reset(undefined, schema);
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started || chunk.byteLength === 0) return this;
    this.pieces.push(new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }

  complete(schema: Schema): void {
    this._writeFooter(schema);
  }

  take(): Uint8Array {
    const bytes = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.pieces = [];
    return bytes;
  }
}

export class ArrowFormatter implements OutputFormatter {
  private readonly block: TableBlock;
  private readonly schema: Schema;
  private readonly writer: PieceWriter;

  constructor(facts: OutputFacts, blockRows?: number) {
    this.block = new TableBlock(facts, blockRows);
    const fields = this.block.columns.map(({ name, kind, nullable }) => new Field(name, arrowType(kind), nullable));
    this.schema = new Schema(fields);
    this.writer = new PieceWriter(this.schema);
  }

  begin(): Uint8Array {
    return this.writer.take();
  }

  rows(run: RowRun): Uint8Array {
    this.block.take(run, () => this.write());
    return this.writer.take();
  }

  end(): Uint8Array {
    if (this.block.rows > 0) this.write();
    this.writer.complete(this.schema);
    return this.writer.take();
  }

  private write(): void {
    const { columns, rows } = this.block;
    const children = columns.map((column) => dataOf(column, rows));
    const { fields } = this.schema;
    const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
    this.writer.write(new RecordBatch(this.schema, data));
    this.block.clear();
  }
}

function dataOf({ kind, values }: TableColumn, length: number): Data {
  const nulls = values.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  const common = { length, nullCount: nulls, ...(nulls > 0 ? { nullBitmap: validity(values) } : {}) };
  const type = arrowType(kind);
  if (kind === 'text') return makeData({ type: type as Utf8, ...common, ...joined(values) });
  return makeData({ type: type as Float64, ...common, data: numbers(kind, values) as Float64Array });
}

/** The validity bitmap: one bit for each value, set if it is not null. */
function validity(values: readonly TableValue[]): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, at) => {
    if (value !== null) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
  });
  return bits;
}

function numbers(kind: Exclude<TableKind, 'text'>, values: readonly TableValue[]): ArrayBufferView {
  switch (kind) {
    case 'int64':
    case 'time':
      return BigInt64Array.from(values, (value) => (value ?? 0n) as bigint);
    case 'double':
      return Float64Array.from(values, Number);
    case 'uint16':
      return Uint16Array.from(values, Number);
    case 'uint32':
      return Uint32Array.from(values, Number);
  }
}

function joined(values: readonly TableValue[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(values.length + 1);
  const parts = values.map((value) => encodeUtf8((value ?? '') as string));
  parts.forEach((part, at) => {
    valueOffsets[at + 1] = (valueOffsets[at] as number) + part.length;
  });
  const data = new Uint8Array(valueOffsets[values.length] as number);
  parts.forEach((part, at) => {
    data.set(part, valueOffsets[at] as number);
  });
  return { valueOffsets, data };
}
