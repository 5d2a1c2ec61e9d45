/**
 * Puts the rows of batches into segments. A batch of the producer's own is copied. A leased batch consists of the
 * segment's own columns and chunk, so what the producer wrote is in place already; only the columns that are mostly
 * constant still have to be checked.
 */
import {
  ALWAYS_NAMES,
  type ColumnArrays,
  type ColumnName,
  columnArray,
  mapColumns,
  VARYING_NAMES,
  type VaryingName,
} from '../../../native/core/columns.ts';
import { batchOver, type EntryBatch } from '../../../native/core/entry.ts';
import { copyRows } from './lazy-column.ts';
import type { Segment } from './segment.ts';
import { ROWS_A_CALL } from './slice.ts';

/** Rows of a leased batch; limited so that the receiver is called every now and then. */
const LEASE_ROWS = 8192;
/**
 * If two payloads of a batch are farther apart than this, they are copied one by one rather than together with the
 * bytes between.
 */
const MAX_PAYLOAD_HOLE = 16;

/** Columns of leased batches for those that a segment stores only once their values differ. */
type Varying = ColumnArrays<VaryingName>;

export class SegmentWriter {
  private readonly chunkBytes: number;
  /** Bytes in use of the newest segment's last chunk. */
  private used = 0;
  private leased: EntryBatch | null = null;
  private varying: Varying | null = null;

  /** `chunkBytes`: size of every chunk, except those that hold a single larger payload. */
  constructor(chunkBytes: number) {
    this.chunkBytes = chunkBytes;
  }

  /** To be called when all rows are cleared. */
  clear(): void {
    this.used = 0;
    this.leased = null;
  }

  /** To be called when a new chunk was opened. */
  chunkOpened(): void {
    this.used = 0;
  }

  /** Bytes that a leased batch would have for payloads. */
  room(segment: Segment): number {
    const chunk = segment.chunks.at(-1);
    return chunk === undefined ? 0 : chunk.bytes.length - aligned(this.used);
  }

  /** A batch in the memory of the segment's next rows and payloads. There is at most one at a time. */
  lease(segment: Segment): EntryBatch {
    const { count } = segment;
    const end = Math.min(count + LEASE_ROWS, segment.index.length);
    const chunk = segment.chunks.at(-1);
    if (chunk === undefined) throw new Error('a segment that is leased has a chunk');
    this.used = aligned(this.used);
    this.varying ??= mapColumns<Varying>(VARYING_NAMES, (name) => columnArray(name, LEASE_ROWS));
    const { varying } = this;
    // Producers do not set these columns, and whoever sets them relies on finding zeros.
    varying.source.fill(0);
    varying.event.fill(0);
    this.leased = batchOver(
      end - count,
      (name) => (isVarying(name) ? varying[name] : segment[name].subarray(count, end)),
      {
        dataStart: segment.dataStart.subarray(count, end),
        dataLength: segment.dataLength.subarray(count, end),
        bytes: chunk.bytes.subarray(this.used),
      },
    );
    return this.leased;
  }

  /**
   * Ends the lease; true if `batch` was the leased one. From then on, whatever a producer writes into the leased batch will
   * be overwritten, so appending it later is a defect.
   */
  takeBack(segment: Segment | undefined, batch: EntryBatch): boolean {
    const isLeased = batch === this.leased;
    this.leased = null;
    if (!isLeased && segment !== undefined && batch.index.buffer === segment.index.buffer) {
      throw new Error('rows of a lease are appended after it has ended');
    }
    return isLeased;
  }

  /** Makes the rows of the batch that was leased from this segment rows of the segment. */
  commit(segment: Segment, batch: EntryBatch): void {
    const { count } = batch;
    const base = (segment.chunks.length - 1) * this.chunkBytes + this.used;
    movePlaces(batch.dataStart, batch.dataLength, count, base);
    this.used += batch.bytesUsed;
    appendVarying(segment, batch, 0, count);
    segment.count += count;
  }

  /**
   * Copies rows from `from` on while their payloads fit into the last chunk, and returns the row at which it stopped.
   */
  copy(segment: Segment, batch: EntryBatch, from: number, to: number): number {
    const at = segment.count;
    let end = from;
    while (end < to) {
      const stop = Math.min(end + ROWS_A_CALL, to);
      end = this.copyPayloads(segment, at + end - from, batch, end, stop);
      if (end < stop) break;
    }
    if (end === from) return from;
    for (const name of ALWAYS_NAMES) copyRows(batch[name], from, end, segment[name], at);
    appendVarying(segment, batch, from, end);
    segment.count += end - from;
    return end;
  }

  /**
   * Copies payloads of the rows from `from` on, which becomes row `slot` of the segment; returns the row at which it
   * stopped.
   */
  private copyPayloads(segment: Segment, slot: number, batch: EntryBatch, from: number, to: number): number {
    const { dataStart, dataLength, bytes } = batch;
    const at = slot - from;
    const chunkNumber = segment.chunks.length - 1;
    const chunk = segment.chunks[chunkNumber]?.bytes;
    const base = chunkNumber * this.chunkBytes;
    const room = chunk === undefined ? -1 : chunk.length;
    let { used } = this;
    // The run of adjacent payloads that is still to be copied: batch bytes runStart..runEnd-1 go to chunk offset
    // `used`.
    let runStart = -1;
    let runEnd = -1;
    let row = from;
    for (; row < to; row++) {
      const length = dataLength[row] as number;
      segment.dataLength[at + row] = length;
      if (length === 0) {
        segment.dataStart[at + row] = 0;
        continue;
      }
      const start = dataStart[row] as number;
      if (runStart < 0 || start < runEnd || start - runEnd > MAX_PAYLOAD_HOLE) {
        if (chunk !== undefined && runStart >= 0) {
          chunk.set(bytes.subarray(runStart, runEnd), used);
          used += runEnd - runStart;
        }
        runStart = start;
        runEnd = start;
      }
      if (used + (start - runStart) + length > room) break;
      segment.dataStart[at + row] = base + used + (start - runStart);
      // Rounded up, so that a payload's start stays a multiple of 4; the batch's arena is padded the same way.
      runEnd = Math.min((start + length + 3) & ~3, runStart + room - used);
    }
    if (chunk !== undefined && runStart >= 0) {
      chunk.set(bytes.subarray(runStart, runEnd), used);
      used += runEnd - runStart;
    }
    this.used = used;
    return row;
  }
}

function isVarying(name: ColumnName): name is VaryingName {
  return (VARYING_NAMES as readonly ColumnName[]).includes(name);
}

function appendVarying(segment: Segment, batch: EntryBatch, from: number, to: number): void {
  const at = segment.count;
  for (const name of VARYING_NAMES) segment.varying(name).append(at, batch[name], from, to);
}

/** Converts payload places within a batch into places within the segment. */
function movePlaces(dataStart: Uint32Array, dataLength: Uint32Array, count: number, base: number): void {
  for (let row = 0; row < count; row++) {
    dataStart[row] = dataLength[row] === 0 ? 0 : (dataStart[row] as number) + base;
  }
}

/** Rounds up: a leased batch begins at a multiple of 8. */
function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}
