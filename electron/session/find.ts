/**
 * Looks for the next or previous match in a view, in slices, going round once. It stops by itself when the positions it
 * counts in lose their meaning; rows that arrive while it runs are not looked at.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { TextQuery } from '../contract/rows.ts';
import { compileTextQuery, type TextMatcher } from './match-text.ts';
import type { Slice } from './slice.ts';
import type { LogView } from './view.ts';

export type FindResult = Result<{ readonly position: number; readonly wrapped: boolean } | null>;

export interface FindRequest {
  readonly generation: number;
  readonly query: TextQuery;
  /** The first position looked at. */
  readonly from: number;
  readonly direction: 'next' | 'previous';
}

const ROWS_A_STEP = 1024;

export class FindJob {
  private readonly view: LogView;
  private readonly matcher: TextMatcher;
  private readonly generation: number;
  private readonly forward: boolean;
  /** Bounds at the start, and the place the search began at. */
  private readonly end: number;
  private readonly start: number;
  private next: number;
  private wrapped = false;
  private readonly block = new Uint32Array(ROWS_A_STEP);

  private constructor(view: LogView, matcher: TextMatcher, request: FindRequest) {
    this.view = view;
    this.matcher = matcher;
    this.generation = request.generation;
    this.forward = request.direction === 'next';
    this.end = view.end;
    this.start = this.forward
      ? Math.min(Math.max(request.from, view.first), this.end)
      : Math.max(Math.min(request.from, this.end - 1), view.first - 1);
    this.next = this.start;
  }

  /** `bad-pattern` for a query the engine refuses. */
  static create(view: LogView, request: FindRequest): Result<FindJob> {
    const matcher = compileTextQuery(request.query);
    return matcher.ok ? ok(new FindJob(view, matcher.value, request)) : matcher;
  }

  /** Goes on until the slice is spent: null means call again, anything else is the answer. */
  step(slice: Slice): FindResult | null {
    if (this.view.generation !== this.generation) {
      return fail('cancelled', 'The view changed while it was searched', 'Search again');
    }
    for (;;) {
      if (!this.settle()) return ok(null);
      const row = this.nearestOfBlock();
      if (row !== null) {
        const position = this.view.locateRow(row);
        if (position === null) throw new Error(`row ${row} was found in a view that does not hold it`);
        return ok({ position, wrapped: this.wrapped });
      }
      if (slice.spent()) return null;
    }
  }

  /** Looks at the next positions of one segment together, and moves past them. The row nearest to the start, or null. */
  private nearestOfBlock(): number | null {
    const [segment] = this.view.place(this.next);
    const { firstRow } = segment;
    const endRow = firstRow + segment.count;
    let count = 0;
    if (this.forward) {
      const limit = Math.min(ROWS_A_STEP, (this.wrapped ? Math.min(this.start, this.end) : this.end) - this.next);
      for (; count < limit; count++) {
        const row = this.view.rowAt(this.next + count);
        if (row >= endRow) break;
        this.block[count] = row - firstRow;
      }
      this.next += count;
      return this.matcher.filter(segment, this.block, count) > 0 ? firstRow + (this.block[0] as number) : null;
    }
    const limit = Math.min(
      ROWS_A_STEP,
      this.next - (this.wrapped ? Math.max(this.start, this.view.first - 1) : this.view.first - 1),
    );
    for (; count < limit; count++) {
      const row = this.view.rowAt(this.next - count);
      if (row < firstRow) break;
      // From the block's end on, for the matcher takes offsets in order.
      this.block[ROWS_A_STEP - 1 - count] = row - firstRow;
    }
    this.next -= count;
    const offsets = this.block.subarray(ROWS_A_STEP - count);
    const found = this.matcher.filter(segment, offsets, count);
    return found > 0 ? firstRow + (offsets[found - 1] as number) : null;
  }

  /** Moves `next` round the ends and past evicted rows; false once everything was looked at. */
  private settle(): boolean {
    const first = this.view.first;
    if (this.forward) {
      if (!this.wrapped && this.next >= this.end) {
        this.wrapped = true;
        this.next = first;
      }
      this.next = Math.max(this.next, first);
      return this.next < (this.wrapped ? Math.min(this.start, this.end) : this.end);
    }
    if (!this.wrapped && this.next < first) {
      this.wrapped = true;
      this.next = this.end - 1;
    }
    return this.next >= first && (!this.wrapped || this.next > this.start);
  }
}

/**
 * Runs a search to its end. `slice` gives each stretch of work its share, `rest` lets others work in between, and
 * `cancelled` is asked after each rest.
 */
export async function findInView(
  view: LogView,
  request: FindRequest,
  means: { slice(): Slice; rest(): Promise<void>; cancelled(): boolean },
): Promise<FindResult> {
  const job = FindJob.create(view, request);
  if (!job.ok) return job;
  for (;;) {
    const result = job.value.step(means.slice());
    if (result !== null) return result;
    await means.rest();
    if (means.cancelled()) return fail('cancelled', 'The search was stopped', 'Search again');
  }
}
