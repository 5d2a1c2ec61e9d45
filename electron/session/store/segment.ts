/**
 * A run of consecutive rows as columns: the unit of storage, of eviction and of scanning. Everything that a scan touches
 * lies in SharedArrayBuffers, so that a worker can be handed a segment without a copy.
 *
 * Payloads lie in arena chunks. A segment begins in the chunk where the one before it ended, so that no chunk is left
 * half empty; a chunk counts the segments that use it.
 */
import {
  ALWAYS_NAMES,
  type AlwaysName,
  type ColumnArray,
  type ColumnArrays,
  columnArray,
  mapColumns,
  rowBytes,
  VARYING_NAMES,
  type VaryingName,
} from '../../../native/core/columns.ts';
import { LazyColumn } from './lazy-column.ts';
import { SegmentCounts } from './row-counts.ts';

export class Chunk {
  readonly bytes: Uint8Array;
  /** Segments with payloads in this chunk. */
  users = 0;

  constructor(bytes: number | Uint8Array) {
    this.bytes = typeof bytes === 'number' ? new Uint8Array(new SharedArrayBuffer(bytes)) : bytes;
  }
}

const EMPTY = new Uint8Array(0);

/** The columns of a segment that was written away and read back: each in a SharedArrayBuffer, all of `rows` elements. */
export interface SegmentColumns extends ColumnArrays {
  readonly rows: number;
  /** Places in `bytes`. */
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
  readonly bytes: Uint8Array;
}

/** The columns that are always there. */
export interface FixedColumns extends ColumnArrays<AlwaysName> {
  /** Place of the payload: number of the chunk above `chunkShift` bits, offset in the chunk below. */
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
}

type VaryingColumns = { readonly [N in VaryingName]: LazyColumn<ColumnArray<N>> };

/** A segment read back keeps its payloads in one chunk, of whatever size. */
const ONE_CHUNK_SHIFT = 30;

/** The constructor makes each of these columns, from the table. */
export interface Segment extends FixedColumns, VaryingColumns {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: as above.
export class Segment {
  /** Row number of the row at offset 0. */
  firstRow = 0;
  /** Rows in use, offsets `0..count-1`. */
  count = 0;
  /** Smallest and largest global index of its rows, gaps included. */
  minIndex = Infinity;
  maxIndex = -Infinity;
  /** Of the rows that were appended to it; none in a segment read back. */
  readonly counts = new SegmentCounts();

  readonly chunks: Chunk[] = [];
  readonly chunkShift: number;
  private readonly chunkMask: number;
  private readonly fixedBytes: number;

  constructor(rows: number, chunkShift: number, columns: FixedColumns | null = null) {
    this.chunkShift = chunkShift;
    this.chunkMask = (1 << chunkShift) - 1;
    this.fixedBytes = rows * Segment.FIXED_ROW_BYTES;
    mapColumns(ALWAYS_NAMES, (name) => columns?.[name as AlwaysName] ?? columnArray(name, rows, true), this);
    const places = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(rows * 4));
    Object.assign(this, {
      dataStart: columns?.dataStart ?? places(),
      dataLength: columns?.dataLength ?? places(),
    });
    mapColumns(VARYING_NAMES, (name) => new LazyColumn(() => columnArray(name as VaryingName, rows, true)), this);
  }

  /** A full segment over columns that exist already; row numbers and index bounds are the caller's to set. */
  static of(columns: SegmentColumns): Segment {
    const segment = Segment.over(ONE_CHUNK_SHIFT, [columns.bytes], columns);
    segment.count = columns.rows;
    for (const name of VARYING_NAMES) segment.varying(name).become(columns[name]);
    return segment;
  }

  /** A segment over payloads and columns that exist already; the others are the caller's to set. */
  static over(chunkShift: number, chunks: readonly Uint8Array[], columns: FixedColumns): Segment {
    const segment = new Segment(columns.index.length, chunkShift, columns);
    for (const bytes of chunks) segment.chunks.push(new Chunk(bytes));
    return segment;
  }

  /** Bytes a row of the columns that are always allocated. */
  static readonly FIXED_ROW_BYTES = rowBytes(ALWAYS_NAMES) + 4 + 4;

  /** One of the columns that take no memory while all rows agree. */
  varying(name: VaryingName): LazyColumn<ColumnArray<VaryingName>> {
    return this[name] as LazyColumn<ColumnArray<VaryingName>>;
  }

  /** Bytes of the columns, without the chunks. */
  get columnBytes(): number {
    let bytes = this.fixedBytes;
    for (const name of VARYING_NAMES) bytes += this.varying(name).bytes;
    return bytes;
  }

  /** Bytes of the columns and of all payloads: what it takes in memory when it shares no chunk. */
  get totalBytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, this.columnBytes);
  }

  /** The payload itself, not a copy: valid until the segment is evicted. */
  payload(offset: number): Uint8Array {
    const length = this.dataLength[offset] as number;
    if (length === 0) return EMPTY;
    const start = this.dataStart[offset] as number;
    const from = start & this.chunkMask;
    return this.chunkBytes(start).subarray(from, from + length);
  }

  /** The chunk that holds `dataStart`, for scans that avoid a view a row; the payload begins at `offsetInChunk`. */
  chunkBytes(dataStart: number): Uint8Array {
    return (this.chunks[dataStart >>> this.chunkShift] as Chunk).bytes;
  }

  offsetInChunk(dataStart: number): number {
    return dataStart & this.chunkMask;
  }

  reset(firstRow: number): void {
    this.firstRow = firstRow;
    this.count = 0;
    this.minIndex = Infinity;
    this.maxIndex = -Infinity;
    this.counts.reset();
    this.chunks.length = 0;
    for (const name of VARYING_NAMES) this.varying(name).reset();
  }
}
