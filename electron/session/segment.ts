/**
 * A run of consecutive rows as columns: the unit of storage, of eviction and of scanning. Everything that a scan touches
 * lies in SharedArrayBuffers, so that a worker can be handed a segment without a copy.
 *
 * Payloads lie in arena chunks. A segment begins in the chunk where the one before it ended, so that no chunk is left
 * half empty; a chunk counts the segments that use it.
 */
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
export interface SegmentColumns {
  readonly rows: number;
  readonly index: Float64Array;
  readonly timeNs: Float64Array;
  readonly cpu: Uint16Array;
  readonly level: Uint8Array;
  readonly kind: Uint8Array;
  readonly flags: Uint16Array;
  readonly type: Uint16Array;
  readonly origin: Uint16Array;
  readonly pid: Uint32Array;
  readonly remarks: Uint32Array;
  readonly source: Uint16Array;
  /** Places in `bytes`. */
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
  readonly bytes: Uint8Array;
}

/** The columns that are always there. */
type FixedColumns = Pick<SegmentColumns, 'index' | 'timeNs' | 'cpu' | 'level' | 'dataStart' | 'dataLength'>;

/** A segment read back keeps its payloads in one chunk, of whatever size. */
const ONE_CHUNK_SHIFT = 30;

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

  readonly index: Float64Array;
  readonly timeNs: Float64Array;
  readonly cpu: Uint16Array;
  readonly level: Uint8Array;
  /** Place of the payload: number of the chunk above `chunkShift` bits, offset in the chunk below. */
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
  readonly kind: LazyColumn<Uint8Array>;
  readonly flags: LazyColumn<Uint16Array>;
  readonly type: LazyColumn<Uint16Array>;
  readonly origin: LazyColumn<Uint16Array>;
  readonly pid: LazyColumn<Uint32Array>;
  readonly remarks: LazyColumn<Uint32Array>;
  readonly source: LazyColumn<Uint16Array>;

  readonly chunks: Chunk[] = [];
  readonly chunkShift: number;
  private readonly chunkMask: number;
  private readonly fixedBytes: number;

  constructor(rows: number, chunkShift: number, columns: FixedColumns | null = null) {
    this.chunkShift = chunkShift;
    this.chunkMask = (1 << chunkShift) - 1;
    this.fixedBytes = rows * Segment.FIXED_ROW_BYTES;
    const u8 = () => new Uint8Array(new SharedArrayBuffer(rows));
    const u16 = () => new Uint16Array(new SharedArrayBuffer(rows * 2));
    const u32 = () => new Uint32Array(new SharedArrayBuffer(rows * 4));
    this.index = columns?.index ?? new Float64Array(new SharedArrayBuffer(rows * 8));
    this.timeNs = columns?.timeNs ?? new Float64Array(new SharedArrayBuffer(rows * 8));
    this.cpu = columns?.cpu ?? u16();
    this.level = columns?.level ?? u8();
    this.dataStart = columns?.dataStart ?? u32();
    this.dataLength = columns?.dataLength ?? u32();
    this.kind = new LazyColumn(u8);
    this.flags = new LazyColumn(u16);
    this.type = new LazyColumn(u16);
    this.origin = new LazyColumn(u16);
    this.pid = new LazyColumn(u32);
    this.remarks = new LazyColumn(u32);
    this.source = new LazyColumn(u16);
  }

  /** A full segment over columns that exist already; row numbers and index bounds are the caller's to set. */
  static of(columns: SegmentColumns): Segment {
    const segment = Segment.over(ONE_CHUNK_SHIFT, [columns.bytes], columns);
    segment.count = columns.rows;
    segment.kind.become(columns.kind);
    segment.flags.become(columns.flags);
    segment.type.become(columns.type);
    segment.origin.become(columns.origin);
    segment.pid.become(columns.pid);
    segment.remarks.become(columns.remarks);
    segment.source.become(columns.source);
    return segment;
  }

  /** A segment over payloads and columns that exist already; the others are the caller's to set. */
  static over(chunkShift: number, chunks: readonly Uint8Array[], columns: FixedColumns): Segment {
    const segment = new Segment(columns.index.length, chunkShift, columns);
    for (const bytes of chunks) segment.chunks.push(new Chunk(bytes));
    return segment;
  }

  /** Bytes a row of the columns that are always allocated. */
  static readonly FIXED_ROW_BYTES = 8 + 8 + 2 + 1 + 4 + 4;

  /** Bytes of the columns, without the chunks. */
  get columnBytes(): number {
    return (
      this.fixedBytes +
      this.kind.bytes +
      this.flags.bytes +
      this.type.bytes +
      this.origin.bytes +
      this.pid.bytes +
      this.remarks.bytes +
      this.source.bytes
    );
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
    for (const column of [this.kind, this.flags, this.type, this.origin, this.pid, this.remarks, this.source])
      column.reset();
  }
}
