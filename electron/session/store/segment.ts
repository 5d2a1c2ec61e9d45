/**
 * A run of consecutive rows as columns: the unit of storage, of eviction and of scanning. Everything that a scan reads
 * is in SharedArrayBuffers, so that a worker can be given a segment without copying.
 *
 * Payloads are in chunks of an arena. A segment begins in the chunk in which the previous one ended, so that no chunk
 * stays half empty; each chunk counts the segments that use it.
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
import { SegmentCounts } from './segment-counts.ts';

export class Chunk {
  readonly bytes: Uint8Array;
  /** Number of segments with payloads in this chunk. */
  users = 0;

  constructor(bytes: number | Uint8Array) {
    this.bytes = typeof bytes === 'number' ? new Uint8Array(new SharedArrayBuffer(bytes)) : bytes;
  }
}

const EMPTY = new Uint8Array(0);

/** The columns of a segment that was archived and read back: each in a SharedArrayBuffer, all of `rows` elements. */
export interface SegmentColumns extends ColumnArrays {
  readonly rows: number;
  /** Places of the payloads in `bytes`. */
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
  readonly bytes: Uint8Array;
}

/** The columns that are always allocated. */
export interface FixedColumns extends ColumnArrays<AlwaysName> {
  /**
   * Place of the payload: the number of its chunk above the lower `chunkShift` bits, the offset in the chunk in those
   * bits.
   */
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
}

type VaryingColumns = { readonly [N in VaryingName]: LazyColumn<ColumnArray<N>> };

/** A segment that was read back has all payloads in one chunk, whatever its size. */
const ONE_CHUNK_SHIFT = 30;

/** The class's constructor creates all of these columns from the table. */
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
  /** Counts of the rows that were appended; empty in a segment that was read back. */
  readonly counts = new SegmentCounts();

  readonly chunks: Chunk[] = [];
  readonly chunkShift: number;
  private readonly chunkMask: number;
  /** Columns that take memory only once they vary keep it from then on, also for the next use of the segment. */
  private allocatedBytes: number;

  constructor(rows: number, chunkShift: number, columns: FixedColumns | null = null) {
    this.chunkShift = chunkShift;
    this.chunkMask = (1 << chunkShift) - 1;
    this.allocatedBytes = rows * Segment.FIXED_ROW_BYTES;
    mapColumns(ALWAYS_NAMES, (name) => columns?.[name as AlwaysName] ?? columnArray(name, rows, true), this);
    const places = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(rows * 4));
    Object.assign(this, {
      dataStart: columns?.dataStart ?? places(),
      dataLength: columns?.dataLength ?? places(),
    });
    const allocated = (name: VaryingName): ColumnArray<VaryingName> => this.counted(columnArray(name, rows, true));
    mapColumns(VARYING_NAMES, (name) => new LazyColumn(() => allocated(name as VaryingName)), this);
  }

  /** A full segment over existing columns; the caller sets its row number and index bounds. */
  static of(columns: SegmentColumns): Segment {
    const segment = Segment.over(ONE_CHUNK_SHIFT, [columns.bytes], columns);
    segment.count = columns.rows;
    for (const name of VARYING_NAMES) segment.become(name, columns[name]);
    return segment;
  }

  /** A segment over existing payloads and columns; the caller sets the other columns. */
  static over(chunkShift: number, chunks: readonly Uint8Array[], columns: FixedColumns): Segment {
    const segment = new Segment(columns.index.length, chunkShift, columns);
    for (const bytes of chunks) segment.chunks.push(new Chunk(bytes));
    return segment;
  }

  /** Bytes that a row takes in the columns which are always allocated. */
  static readonly FIXED_ROW_BYTES = rowBytes(ALWAYS_NAMES) + 4 + 4;

  /** One of the columns that take no memory while all rows have the same value. */
  varying(name: VaryingName): LazyColumn<ColumnArray<VaryingName>> {
    return this[name] as LazyColumn<ColumnArray<VaryingName>>;
  }

  /** Takes over the values of such a column: an array, or the one value that all rows share. */
  become<N extends VaryingName>(name: N, values: ColumnArray<N> | number): void {
    this.varying(name).become(typeof values === 'number' ? values : this.counted<ColumnArray<VaryingName>>(values));
  }

  private counted<T extends ColumnArray<VaryingName>>(values: T): T {
    this.allocatedBytes += values.byteLength;
    return values;
  }

  /** Bytes of the columns, without the chunks. Asked for each batch and segment, so it is kept rather than counted. */
  get columnBytes(): number {
    return this.allocatedBytes;
  }

  /** Bytes of the columns and of all payloads: what the segment takes in memory if it shares no chunk. */
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

  /**
   * The chunk that holds `dataStart`. For scans, which would otherwise create a view for each row; the payload begins
   * at `offsetInChunk`.
   */
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
