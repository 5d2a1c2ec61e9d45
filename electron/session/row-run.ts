/**
 * Rows whose payloads lie one behind the other in a chunk, and where: what lets many rows be searched with one look. The
 * store lays payloads down in the order of rows, so nearly all rows are in long runs, whatever a filter took out.
 */
import { RowKind } from '../../native/core/entry.ts';
import type { Segment } from './segment.ts';
import { TYPE_TEXT } from './text.ts';

/** What a run is not to exceed; a row that would ends it. */
export interface RunLimits {
  readonly rows: number;
  /** From the first payload to the end of the last. */
  readonly bytes: number;
  /** Bytes between two payloads. */
  readonly hole: number;
}

/** Finds rows in a run. */
export interface RunSearch {
  /** Sets `hits` to the rows found, as places in the run, in order, and returns how many they are. */
  search(run: RowRun): number;
  readonly hits: Uint32Array;
}

const EMPTY = new Uint8Array(0);

export class RowRun {
  /** The chunk. */
  bytes: Uint8Array = EMPTY;
  rows = 0;
  /**
   * Bounds of each payload in `bytes`, neither ever less than the one before; an empty one has equal bounds. Signed, as
   * no chunk reaches 2^31 bytes: sums of places then stay what an engine calculates with fastest.
   */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  private readonly limits: RunLimits;

  constructor(limits: RunLimits) {
    this.limits = limits;
    this.starts = new Int32Array(limits.rows);
    this.ends = new Int32Array(limits.rows);
  }

  /** Takes text entries from `offsets[from]` on, at most up to `offsets[to - 1]`, and returns how many they are. */
  gather(segment: Segment, offsets: Uint32Array, from: number, to: number): number {
    this.rows = 0;
    this.bytes = EMPTY;
    const kinds = segment.kind.data;
    const types = segment.type.data;
    if (kinds === null && segment.kind.constant !== RowKind.Entry) return 0;
    if (types === null && segment.type.constant !== TYPE_TEXT) return 0;
    const { dataStart, dataLength } = segment;
    const { starts, ends } = this;
    const { rows, bytes, hole } = this.limits;
    const most = Math.min(rows, to - from);
    // An empty payload lies nowhere: here, where the one before it ends.
    let first = 0;
    while (first < most && dataLength[offsets[from + first] as number] === 0) first++;
    const place = first === most ? 0 : (dataStart[offsets[from + first] as number] as number);
    const begin = segment.offsetInChunk(place);
    const base = place - begin;
    const limit = Math.min(begin + bytes, 1 << segment.chunkShift);
    let end = begin;
    let row = 0;
    for (; row < most; row++) {
      const offset = offsets[from + row] as number;
      if (kinds !== null && kinds[offset] !== RowKind.Entry) break;
      if (types !== null && types[offset] !== TYPE_TEXT) break;
      const length = dataLength[offset] as number;
      const start = length === 0 ? end : ((dataStart[offset] as number) - base) | 0;
      if (start < end || start - end > hole || start + length > limit) break;
      end = start + length;
      starts[row] = start;
      ends[row] = end;
    }
    if (first < row) this.bytes = segment.chunkBytes(place);
    this.rows = row;
    return row;
  }

  /**
   * The first row, of `from` to `to - 1`, whose end lies above a place; there must be one. Rows near `from` are looked at
   * first: most are.
   */
  rowThatEndsAfter(place: number, from: number, to: number): number {
    const { ends } = this;
    let low = from;
    let step = 1;
    while (low + step < to && (ends[low + step - 1] as number) <= place) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, to) - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] as number) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Where the first payload begins. */
  get begin(): number {
    return this.rows === 0 ? 0 : (this.starts[0] as number);
  }

  /** Where the last payload ends. */
  get end(): number {
    return this.rows === 0 ? 0 : (this.ends[this.rows - 1] as number);
  }
}
