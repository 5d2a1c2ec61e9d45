/**
 * Converts a segment into an Apache Arrow record batch and back. The columns have the names that people look for:
 * `index`, `time_ns`, `cpu`, `level`, `type`, `remarks`, `pid`, `tid`, `origin`, `source`, `event`, `flags`, `kind`, `payload`.
 * `source` is the number of the row's source in the session. `index` and `time_ns` are whole numbers in doubles, exact
 * up to 2^53, as in the session; `payload` is binary, since not every message is valid UTF-8.
 */
import {
  Binary,
  type Data,
  type DataType,
  Field,
  Float64,
  makeData,
  RecordBatch,
  RecordBatchReader,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
} from 'apache-arrow';
import {
  COLUMN_NAMES,
  COLUMNS,
  type ColumnArray,
  type ColumnName,
  mapColumns,
  type VaryingName,
} from '../../native/core/columns.ts';
import { LazyColumn } from '../session/store/lazy-column.ts';
import { Segment, type SegmentColumns } from '../session/store/segment.ts';
import { BatchScratch, joinPayloads } from './join-payloads.ts';

/** The Arrow type of a column, derived from its kind of typed array. */
export function arrowType(name: ColumnName): DataType {
  switch (COLUMNS[name].array) {
    case Float64Array:
      return new Float64();
    case Uint32Array:
      return new Uint32();
    case Uint16Array:
      return new Uint16();
    default:
      return new Uint8();
  }
}

export const SEGMENT_SCHEMA = new Schema([
  ...COLUMN_NAMES.map((name) => new Field(COLUMNS[name].fileName, arrowType(name), false)),
  new Field('payload', new Binary(), false),
]);

const END_OF_STREAM = 8;
/** The schema message, with which a stream begins; a reader needs it before the first record batch. */
const SCHEMA_MESSAGE = tableToIPC(new Table(SEGMENT_SCHEMA), 'stream').slice(0, -END_OF_STREAM);

/**
 * Converts rows `from..to-1` of a segment, or all of them. Where possible, the batch refers to the segment's own
 * columns; the others are in the scratch memory. So write the batch before the segment changes and before the next
 * batch is made.
 */
export function toRecordBatch(
  segment: Segment,
  from = 0,
  to = segment.count,
  scratch = new BatchScratch(),
): RecordBatch {
  const length = to - from;
  const fixed = { length, nullCount: 0 };
  const { valueOffsets, data } = joinPayloads(segment, from, to, scratch);
  const children: Data[] = COLUMN_NAMES.map((name) =>
    makeData({
      type: arrowType(name) as Float64,
      ...fixed,
      data: valuesOf(segment, name, from, to, scratch) as Float64Array,
    }),
  );
  children.push(makeData({ type: new Binary(), ...fixed, valueOffsets, data }));
  return new RecordBatch(SEGMENT_SCHEMA, makeData({ type: new Struct(SEGMENT_SCHEMA.fields), ...fixed, children }));
}

function valuesOf(segment: Segment, name: ColumnName, from: number, to: number, scratch: BatchScratch): ColumnArray {
  const column = segment[name];
  if (!(column instanceof LazyColumn)) return column.subarray(from, to);
  const { data, constant } = column as LazyColumn<ColumnArray<VaryingName>>;
  if (data !== null) return data.subarray(from, to);
  const { array } = COLUMNS[name as VaryingName];
  const Type = array as unknown as new (buffer: ArrayBuffer, at: number, length: number) => ColumnArray<VaryingName>;
  return new Type(scratch.take(name, (to - from) * array.BYTES_PER_ELEMENT), 0, to - from).fill(constant);
}

/** The size of a buffer from which `fromRecordBatch` can read an encoded batch of `length` bytes and `rows` rows. */
export function bufferBytes(length: number, rows: number): number {
  return SCHEMA_MESSAGE.length + length + rows * 4;
}

/** The part of a buffer into which an encoded batch of `length` bytes is to be read. */
export function bodyOf(buffer: SharedArrayBuffer, length: number): Uint8Array {
  return new Uint8Array(buffer, SCHEMA_MESSAGE.length, length);
}

/**
 * The segment whose batch was read into `bodyOf(buffer, length)`; its columns are views of the buffer. Throws if it is
 * damaged.
 */
export function fromRecordBatch(buffer: SharedArrayBuffer, length: number, rows: number): Segment {
  const whole = new Uint8Array(buffer, 0, SCHEMA_MESSAGE.length + length);
  whole.set(SCHEMA_MESSAGE);
  const batch = RecordBatchReader.from(whole).next().value as RecordBatch | null | undefined;
  if (!batch || batch.numRows !== rows) throw damaged(rows);
  const columnOf = (name: ColumnName): ColumnArray => {
    const at = COLUMN_NAMES.indexOf(name);
    const values = shared((batch.data.children[at] as Data).values as ColumnArray);
    if (values.length < rows) throw damaged(rows);
    return values;
  };
  const payload = batch.data.children[COLUMN_NAMES.length] as Data<Binary>;
  const offsets = shared(payload.valueOffsets);
  if (offsets.length <= rows) throw damaged(rows);
  const dataStart = new Uint32Array(offsets.buffer, offsets.byteOffset, rows);
  const dataLength = new Uint32Array(buffer, whole.length, rows);
  // The bytes come from a disk and may be damaged: no payload may begin before the one ahead of it, or end beyond the
  // data.
  let start = 0;
  for (let row = 0; row <= rows; row++) {
    const next = offsets[row] as number;
    if (next < start) throw damaged(rows);
    if (row > 0) dataLength[row - 1] = next - start;
    start = next;
  }
  if (start > payload.values.length) throw damaged(rows);
  const bytes = shared(payload.values);
  return Segment.of(mapColumns<SegmentColumns>(COLUMN_NAMES, columnOf, { rows, dataStart, dataLength, bytes }));
}

function damaged(rows: number): Error {
  return new Error(`not the record batch of ${rows} rows that was written`);
}

/**
 * The view itself; throws if it is not in shared memory, because then Arrow has copied the data and other threads could
 * not use it.
 */
function shared<T extends ArrayBufferView>(view: T): T {
  if (view.byteLength > 0 && !(view.buffer instanceof SharedArrayBuffer)) throw new Error('the column was copied');
  return view;
}
