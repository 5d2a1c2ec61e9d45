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
      for (let i = 0; i < ROWS_A_STEP; i++) {
        if (!this.settle()) return ok(null);
        const [segment, offset] = this.view.place(this.next);
        if (this.matcher.matches(segment, offset)) return ok({ position: this.next, wrapped: this.wrapped });
        this.next += this.forward ? 1 : -1;
      }
      if (slice.spent()) return null;
    }
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
