/** Everything that the find bar asks for: one search at a time, and the count of all matches. */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { FindCount, FindSpread, FoundRows } from '../../contract/find.ts';
import type { LogRow, TextQuery } from '../../contract/rows.ts';
import { textExpression } from '../../contract/text-pattern.ts';
import type { Scanner } from '../search/scanner.ts';
import { type FindRequest, type FindResult, FindSearch } from './find.ts';
import { FindHits } from './find-hits.ts';
import type { LogView } from './view.ts';

export class Finder {
  private readonly view: LogView;
  private readonly scanner: Scanner;
  private readonly changed: () => void;
  private search: FindSearch | null = null;
  private hits: FindHits | null = null;
  /** The match that was last shown. */
  private last: { readonly generation: number; readonly position: number } | null = null;

  /** `changed` is called when `count` has changed and `advance` should be called. */
  constructor(view: LogView, scanner: Scanner, changed: () => void) {
    this.view = view;
    this.scanner = scanner;
    this.changed = changed;
  }

  /** Searches for a match. A search that is still running is cancelled, because the person has typed on. */
  async find(request: FindRequest): Promise<FindResult> {
    this.search?.cancel();
    const search = new FindSearch(this.view, this.scanner, request);
    this.search = search;
    const result = await search.result;
    if (this.search === search) this.search = null;
    if (result.ok && result.value !== null) {
      this.last = { generation: request.generation, position: result.value.position };
      this.changed();
    }
    return result;
  }

  /**
   * From now on counts the matches of a query, or none with null. Failure: bad-pattern for an expression that the
   * engine refuses.
   */
  setCounted(query: TextQuery | null): Result<null> {
    const checked = query === null ? ok(null) : textExpression(query);
    this.hits?.close();
    this.hits = null;
    if (query === null || !checked.ok) {
      this.search?.cancel();
      this.last = null;
      return checked.ok ? ok(null) : checked;
    }
    this.hits = new FindHits(this.view, this.scanner, query, this.changed);
    this.changed();
    return ok(null);
  }

  /** Stops counting until asked again. The match that was last shown stays known. */
  stopCounting(): void {
    this.hits?.close();
    this.hits = null;
    this.search?.cancel();
  }

  /** Continues the count with rows that are new in the view. */
  advance(): void {
    this.hits?.advance();
  }

  /** The count so far; null if nothing is counted. */
  get count(): FindCount | null {
    const { hits, last, view } = this;
    if (hits === null) return null;
    const { generation } = view;
    return {
      query: hits.query,
      generation,
      count: hits.count,
      progress: hits.progressTold,
      at: last?.generation === generation ? hits.rank(last.position) : null,
      failure: hits.failure,
    };
  }

  /** Matches counted so far, by rank from 0; none if the view has changed or nothing is counted. */
  rows(generation: number, first: number, count: number): FoundRows {
    const { hits, view } = this;
    if (hits === null || generation !== view.generation) return { generation: view.generation, first, rows: [] };
    const rows = hits.positions(first, count).map((position) => ({
      position,
      row: view.rows(position, 1).rows[0] as LogRow,
    }));
    return { generation, first, rows };
  }

  /** Matches counted so far, for equal parts of the view; `cancelled` if there is no count in this generation. */
  spread(generation: number, buckets: number): Result<FindSpread> {
    if (this.hits === null || generation !== this.view.generation) {
      return fail('cancelled', 'The view changed, or nothing is counted in it', 'Ask again');
    }
    return ok({ generation, counts: this.hits.spread(buckets) });
  }
}
