/**
 * The rows that a filter shows, as far as it was applied. Rows are added strictly in order, so that a position never
 * changes. They are grouped by segment, so that whole segments can be dropped from the front and a row can be found by
 * its number.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { type Buckets, DensityTally, type Region } from '../store/density.ts';
import type { Segment } from '../store/segment.ts';
import { PositionFlags } from './position-flags.ts';
import { PositionIndex } from './position-index.ts';

/** The matches of one segment: at which row it begins, and which positions they have. */
interface SegmentMatches {
  readonly segmentRow: number;
  readonly startPosition: number;
  endPosition: number;
  entries: number;
  contextEntries: number;
}

export class MatchList {
  private readonly index = new PositionIndex();
  private readonly density = new DensityTally();
  private readonly marks: SegmentMatches[] = [];
  private firstPosition = 0;
  private total = 0;
  private evicted = 0;
  private context = 0;
  private evictedContext = 0;
  /** Which rows are only near a match; null while none is. */
  private flags: PositionFlags | null = null;

  /** Position of the oldest match that is kept. */
  get first(): number {
    return this.firstPosition;
  }
  /** One above the last position. */
  get end(): number {
    return this.index.end;
  }
  /** Matching entries among all rows that were added, including dropped ones; gap rows do not count. */
  get entries(): number {
    return this.total;
  }
  /** Matching entries among the dropped rows. */
  get evictedEntries(): number {
    return this.evicted;
  }
  /** Entries that are only near a match, counted in the same way. */
  get contextEntries(): number {
    return this.context;
  }
  get evictedContextEntries(): number {
    return this.evictedContext;
  }
  get bytes(): number {
    return this.index.bytes + (this.flags?.bytes ?? 0);
  }

  isContext(position: number): boolean {
    return this.flags?.has(position) ?? false;
  }

  /** How errors, warnings and losses are spread; see `DensityTally.buckets`. */
  buckets(first: number, end: number, most: number): Buckets {
    return this.density.buckets(first, end, most);
  }

  /** Where the next loss marker may be; see `DensityTally.gapRegion`. */
  gapRegion(position: number, forward: boolean): Region | null {
    return this.density.gapRegion(position, forward);
  }

  /** The row at a position from `first` to `end - 1`. */
  row(position: number, oldestRow: number): number {
    return this.index.row(position, oldestRow);
  }

  /** Offsets of the matches among `from..to-1` of a segment, in order. */
  offsetsIn({ firstRow }: Segment, from: number, to: number): Uint32Array {
    const mark = this.marks[this.atOrBefore(firstRow)];
    if (mark === undefined || mark.segmentRow !== firstRow) return new Uint32Array(0);
    const begin = this.positionFrom(mark, firstRow + from);
    const offsets = new Uint32Array(this.positionFrom(mark, firstRow + to) - begin);
    for (let at = 0; at < offsets.length; at++) offsets[at] = this.row(begin + at, firstRow) - firstRow;
    return offsets;
  }

  /** Adds rows of a segment, above all those added so far. `isContext[n]`: row n is only near a match. */
  append(segment: Segment, offsets: Uint32Array, count: number, isContext: Uint8Array | null = null): void {
    const gaps = segment.kind.data !== null || segment.kind.constant !== RowKind.Entry;
    let entries = gaps || isContext !== null ? 0 : count;
    let context = 0;
    if (gaps || isContext !== null) {
      for (let i = 0; i < count; i++) {
        if (segment.kind.get(offsets[i] as number) !== RowKind.Entry) continue;
        if (isContext?.[i] === 1) context++;
        else entries++;
      }
    }
    let mark = this.marks.at(-1);
    if (mark === undefined || mark.segmentRow !== segment.firstRow) {
      mark = {
        ...{ segmentRow: segment.firstRow, startPosition: this.end, endPosition: this.end },
        ...{ entries: 0, contextEntries: 0 },
      };
      this.marks.push(mark);
    }
    if (isContext !== null) {
      this.flags ??= new PositionFlags(this.end);
      this.flags.append(isContext, count);
    }
    this.density.addOffsets(this.end, segment, offsets, count);
    this.index.append(segment.firstRow, offsets, count);
    mark.endPosition = this.end;
    mark.entries += entries;
    mark.contextEntries += context;
    this.total += entries;
    this.context += context;
  }

  /** Forgets the segments that begin before a row. */
  dropBefore(row: number): void {
    let mark = this.marks[0];
    while (mark !== undefined && mark.segmentRow < row) {
      this.firstPosition = mark.endPosition;
      this.evicted += mark.entries;
      this.evictedContext += mark.contextEntries;
      this.marks.shift();
      mark = this.marks[0];
    }
    this.index.dropBefore(this.firstPosition);
    this.flags?.dropBefore(this.firstPosition);
    this.density.dropBefore(this.firstPosition);
  }

  /** Position of a row; null if it is not a match. */
  locate(row: number, oldestRow: number): number | null {
    const mark = this.marks[this.atOrBefore(row)];
    if (mark === undefined) return null;
    const position = this.positionFrom(mark, row);
    return position < mark.endPosition && this.row(position, oldestRow) === row ? position : null;
  }

  /** The first of a segment's positions whose row is not below `row`, or one above the last. */
  private positionFrom(mark: SegmentMatches, row: number): number {
    let low = mark.startPosition;
    let high = mark.endPosition;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.row(middle, mark.segmentRow) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Place in the list of the last segment that begins at or before a row; -1 if there is none. */
  private atOrBefore(row: number): number {
    let low = -1;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.marks[middle] as SegmentMatches).segmentRow <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
