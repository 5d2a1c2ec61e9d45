/**
 * Rows whose payloads lie one behind the other in a chunk, and where: what lets many rows be searched with one look. The
 * store lays payloads down in the order of rows, so nearly all rows are in long runs, whatever a filter took out.
 */
import { RowKind } from '../../../native/core/entry.ts';
import type { Segment } from '../store/segment.ts';
import { TYPE_TEXT } from '../text/text.ts';

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
  private readonly onDemand: boolean;
  /** Not null if rows from `firstOffset` on were taken without a look at each: `starts` and `ends` are not filled. */
  private unseen: Segment | null = null;
  private firstOffset = 0;
  private base = 0;
  private firstPlace = 0;

  /** `onDemand`: consecutive rows are taken without a look at each; ask `startOf` and `endOf` for their bounds. */
  constructor(limits: RunLimits, onDemand = false) {
    this.limits = limits;
    this.onDemand = onDemand;
    this.starts = new Int32Array(limits.rows);
    this.ends = new Int32Array(limits.rows);
  }

  /** Takes text entries from `offsets[from]` on, at most up to `offsets[to - 1]`, and returns how many they are. */
  gather(segment: Segment, offsets: Uint32Array, from: number, to: number): number {
    this.rows = 0;
    this.bytes = EMPTY;
    this.unseen = null;
    const kinds = segment.kind.data;
    const types = segment.type.data;
    if (kinds === null && segment.kind.constant !== RowKind.Entry) return 0;
    if (types === null && segment.type.constant !== TYPE_TEXT) return 0;
    const { dataStart, dataLength } = segment;
    const { starts, ends } = this;
    const { rows, bytes, hole } = this.limits;
    const most = Math.min(rows, to - from);
    if (this.onDemand && kinds === null && types === null && this.takeUnseen(segment, offsets, from, most)) return most;
    // An empty payload has no bytes and so no place. It gets the place where the payload before it ends; at the front of
    // the run, that where the first payload begins.
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

  /** Where the payload of a row begins in `bytes`. */
  startOf(row: number): number {
    if (this.unseen === null) return this.starts[row] as number;
    const offset = this.firstOffset + row;
    if (this.unseen.dataLength[offset] === 0) return this.endOf(row);
    return (this.unseen.dataStart[offset] as number) - this.base;
  }

  /** Where the payload of a row ends in `bytes`. An empty payload ends where the one before it ends. */
  endOf(row: number): number {
    if (this.unseen === null) return this.ends[row] as number;
    const { dataStart, dataLength } = this.unseen;
    for (let offset = this.firstOffset + row; offset >= this.firstOffset; offset--) {
      const length = dataLength[offset] as number;
      if (length !== 0) return (dataStart[offset] as number) - this.base + length;
    }
    return this.firstPlace;
  }

  /**
   * Takes `rows` text entries that follow each other in a segment and lie in one chunk, without a look at each: payloads
   * lie in the order of rows. False if they are not such rows.
   */
  private takeUnseen(segment: Segment, offsets: Uint32Array, from: number, rows: number): boolean {
    const firstOffset = offsets[from] as number;
    let last = firstOffset + rows - 1;
    if (rows === 0 || offsets[from + rows - 1] !== last) return false;
    const { dataStart, dataLength } = segment;
    let first = firstOffset;
    while (first < last && dataLength[first] === 0) first++;
    while (last > first && dataLength[last] === 0) last--;
    if (dataLength[first] === 0) return false;
    const place = dataStart[first] as number;
    const end = (dataStart[last] as number) + (dataLength[last] as number);
    const begin = segment.offsetInChunk(place);
    const base = place - begin;
    if (end < place || end - base > segment.chunkBytes(place).length || end - place > this.limits.bytes) return false;
    this.unseen = segment;
    this.firstOffset = firstOffset;
    this.base = base;
    this.firstPlace = begin;
    this.bytes = segment.chunkBytes(place);
    this.rows = rows;
    return true;
  }

  /**
   * The first row, of `from` to `to - 1`, whose end lies above a place; there must be one. Rows near `from` are looked at
   * first: most are.
   */
  rowThatEndsAfter(place: number, from: number, to: number): number {
    let low = from;
    let step = 1;
    while (low + step < to && this.endOf(low + step - 1) <= place) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, to) - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.endOf(middle) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Where the first payload begins. */
  get begin(): number {
    return this.rows === 0 ? 0 : this.startOf(0);
  }

  /** Where the last payload ends. */
  get end(): number {
    return this.rows === 0 ? 0 : this.endOf(this.rows - 1);
  }
}
