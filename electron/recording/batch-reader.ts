/** Reads one batch of a session's file as a segment of the store, and believes nothing it finds there. */
import { crc32 } from 'node:zlib';
import {
  COLUMN_NAMES,
  COLUMNS,
  type ColumnArray,
  type ColumnName,
  columnArray,
  mapColumns,
} from '../../native/core/columns.ts';
import { roundedUp } from '../files/spare-buffers.ts';
import { readAll } from '../files/whole-io.ts';
import { Segment, type SegmentColumns } from '../session/store/segment.ts';
import { type BatchShape, shapeOfBatch } from './batch-shape.ts';
import type { ColumnPlan } from './columns.ts';

/** Where a batch lies, and what is known of it. */
export interface BatchPlace {
  readonly rows: number;
  /** Counted from the begin of the file that `descriptor` is open on. */
  readonly at: number;
  readonly length: number;
  readonly crc: number;
}

/** What is wrong with a batch; the message says so in a few words. */
export class DamagedBatch extends Error {
  override readonly name = 'DamagedBatch';
}

/** Bytes of memory to read a batch into: its own, and a length for each row. */
export function memoryBytesOf({ length, rows }: Pick<BatchPlace, 'length' | 'rows'>): number {
  return roundedUp(aligned(length) + rows * 4);
}

/**
 * The segment, its columns views of `buffer`, which has `memoryBytesOf(place)` bytes. Throws DamagedBatch for bytes that are
 * not what was written, the system's error where nothing can be read.
 */
export function readBatch(descriptor: number, place: BatchPlace, buffer: SharedArrayBuffer, plan: ColumnPlan): Segment {
  const bytes = new Uint8Array(buffer, 0, place.length);
  readFully(descriptor, bytes, place.at);
  if (crc32(bytes) !== place.crc) throw new DamagedBatch(`the bytes at ${place.at} are not those that were written`);
  return segmentOfBatch(buffer, place, plan);
}

/** The same for a batch that was read already into the begin of `buffer`. */
export function segmentOfBatch(
  buffer: SharedArrayBuffer,
  { at, length, rows }: Omit<BatchPlace, 'crc'>,
  plan: ColumnPlan,
): Segment {
  const shape = shapeOfBatch(new Uint8Array(buffer, 0, length), plan.widths);
  if (shape === null || shape.rows !== rows || shape.length !== length) {
    throw new DamagedBatch(`there is no batch of ${rows} rows at ${at}`);
  }
  return segmentOf(buffer, shape, plan, aligned(length));
}

function segmentOf(buffer: SharedArrayBuffer, { rows, regions }: BatchShape, plan: ColumnPlan, end: number): Segment {
  const columnOf = (name: ColumnName): ColumnArray => {
    const region = regions[plan.places[name]];
    if (region === undefined) return columnArray(name, rows, true);
    const Type = COLUMNS[name].array as unknown as new (b: SharedArrayBuffer, at: number, n: number) => ColumnArray;
    return new Type(buffer, region.at, rows);
  };
  const offsets = regions[plan.widths.length];
  const data = regions[plan.widths.length + 1];
  if (offsets === undefined || data === undefined) throw new Error('a batch has payloads');
  const starts = new Uint32Array(buffer, offsets.at, rows + 1);
  const dataLength = new Uint32Array(buffer, end, rows);
  setLengths(starts, dataLength, rows, data.bytes);
  return Segment.of(
    mapColumns<SegmentColumns>(COLUMN_NAMES, columnOf, {
      rows,
      dataStart: starts.subarray(0, rows),
      dataLength,
      bytes: new Uint8Array(buffer, data.at, data.bytes),
    }),
  );
}

/** No payload may begin before the one ahead of it, or end beyond the data. */
function setLengths(starts: Uint32Array, lengths: Uint32Array, rows: number, dataBytes: number): void {
  let start = starts[0] as number;
  for (let row = 0; row < rows; row++) {
    const next = starts[row + 1] as number;
    if (next < start) throw new DamagedBatch(`the messages of ${rows} rows do not follow one another`);
    lengths[row] = next - start;
    start = next;
  }
  if (start > dataBytes) throw new DamagedBatch(`the messages of ${rows} rows are longer than their batch`);
}

/** Fills `bytes` from a place of the file on. Throws DamagedBatch where the file ends before. */
export function readFully(descriptor: number, bytes: Uint8Array, at: number): void {
  const read = readAll(descriptor, bytes, at);
  if (read < bytes.length) throw new DamagedBatch(`the file ends at ${at + read}`);
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}
