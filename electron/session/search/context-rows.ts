/**
 * Adds the rows around matches to what a filter finds, as grep's -C does: so many rows of the log before and behind each
 * matching record, whatever the filter would say of them. Rows go out strictly in order and each once. A loss that the
 * filter shows stands for itself, since rows around every loss would bury what was looked for; and it ends what is around a
 * match, since what lies beyond it was no neighbour of the match.
 */
import { RowKind } from '../../../native/core/entry.ts';
import type { Segment } from '../store/segment.ts';
import type { ReadRows } from '../store/store.ts';

/** Rows that are handed over in one go. */
const RUN = 4096;

/** Takes rows of a segment in order; `isContext[n]` is 1 where row n is only near a match. */
export type TakeRows = (segment: Segment, offsets: Uint32Array, count: number, isContext: Uint8Array) => void;

export class ContextRows {
  private readonly store: ReadRows;
  private readonly around: number;
  private readonly give: TakeRows;
  private readonly offsets = new Uint32Array(RUN);
  private readonly isContext = new Uint8Array(RUN);
  private count = 0;
  private segment: Segment | null = null;
  /** Rows below were handed over, or are not shown. */
  private nextRow = 0;
  /** Rows below are near a match that was found. */
  private tailEnd = 0;
  /** The filter has looked at rows below. */
  private seenEnd = 0;

  /** `around`: rows before and behind each match, above 0. */
  constructor(store: ReadRows, around: number, give: TakeRows) {
    this.store = store;
    this.around = around;
    this.give = give;
  }

  /** Takes what the filter found in a segment; it has looked at all rows below `endRow`, and none from there on. */
  take(segment: Segment, offsets: Uint32Array, count: number, endRow: number): void {
    // Rows before the first match may lie in a segment that has to be read, in whose place this one must not be put.
    this.store.pin(segment);
    // Where rows were dropped that nobody has looked at, nobody knows whether a loss was among them.
    if (this.store.firstRow > this.seenEnd) this.tailEnd = 0;
    this.seenEnd = endRow;
    for (let at = 0; at < count; at++) {
      const offset = offsets[at] as number;
      const row = segment.firstRow + offset;
      this.addContext(segment, Math.min(this.tailEnd, row));
      if (segment.kind.get(offset) === RowKind.Entry) {
        this.nextRow = Math.max(this.nextRow, row - this.around);
        this.addContext(segment, row);
        this.tailEnd = row + this.around + 1;
      } else this.tailEnd = 0;
      this.add(segment, offset, 0);
      this.nextRow = row + 1;
    }
    this.addContext(segment, Math.min(this.tailEnd, endRow));
    this.flush();
    this.store.unpin(segment);
  }

  /** Adds the rows from `nextRow` to `end`, as far as they are kept; `here` is the segment that is looked at. */
  private addContext(here: Segment, end: number): void {
    let row = Math.max(this.nextRow, this.store.firstRow);
    while (row < end) {
      const segment = row >= here.firstRow ? here : this.earlier(row);
      if (segment === null) return;
      const stop = Math.min(end, segment.firstRow + segment.count);
      for (; row < stop; row++) this.add(segment, row - segment.firstRow, 1);
    }
    this.nextRow = Math.max(this.nextRow, end);
  }

  /** Reading a segment may take another out of memory, so what was collected of that goes out first. */
  private earlier(row: number): Segment | null {
    this.flush();
    return this.store.segmentOf(row);
  }

  private add(segment: Segment, offset: number, isContext: 0 | 1): void {
    if (this.segment !== segment || this.count === RUN) this.flush();
    this.segment = segment;
    this.offsets[this.count] = offset;
    this.isContext[this.count++] = isContext;
  }

  private flush(): void {
    if (this.segment !== null && this.count > 0) this.give(this.segment, this.offsets, this.count, this.isContext);
    this.segment = null;
    this.count = 0;
  }
}
