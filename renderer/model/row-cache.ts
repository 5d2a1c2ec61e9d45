/**
 * Rows of the view that the page holds, by position. They belong to a single generation, so that a row of an old
 * generation can never be returned for a position of a new one. The least recently used pages are dropped first.
 */
import type { LogRow, RowsReply } from '../../electron/contract/rows.ts';

export interface Range {
  readonly from: number;
  /** Exclusive. */
  readonly end: number;
}

export const PAGE_ROWS = 128;
const DEFAULT_MAX_PAGES = 128;

export class RowCache {
  readonly generation: number;
  private readonly maxPages: number;
  /** Insertion order is order of use: the first key is the least recently used. */
  private readonly pages = new Map<number, (LogRow | undefined)[]>();

  constructor(generation: number, maxPages: number = DEFAULT_MAX_PAGES) {
    this.generation = generation;
    this.maxPages = Math.max(2, maxPages);
  }

  get pageCount(): number {
    return this.pages.size;
  }

  /** The row at a position, or undefined if it is not held. Does not count as use. */
  get(position: number): LogRow | undefined {
    return this.pages.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS];
  }

  /** Adds rows; false, and nothing is added, if they belong to another generation. */
  put(reply: RowsReply): boolean {
    if (reply.generation !== this.generation) return false;
    let position = reply.first;
    for (const row of reply.rows) {
      const number = Math.floor(position / PAGE_ROWS);
      let page = this.pages.get(number);
      if (!page) {
        page = [];
        this.pages.set(number, page);
      }
      page[position % PAGE_ROWS] = row;
      position++;
    }
    this.use({ from: reply.first, end: position });
    this.evict();
    return true;
  }

  /** Marks the pages of a range as just used, so that those on the screen are dropped last. */
  use(range: Range): void {
    for (let number = Math.floor(range.from / PAGE_ROWS); number * PAGE_ROWS < range.end; number++) {
      const page = this.pages.get(number);
      if (!page) continue;
      this.pages.delete(number);
      this.pages.set(number, page);
    }
  }

  /** True if every row of the range is held. */
  holds(range: Range): boolean {
    for (let position = range.from; position < range.end; position++) if (!this.get(position)) return false;
    return true;
  }

  /** The parts of the range that are not held, in order. */
  missing(range: Range): Range[] {
    const parts: Range[] = [];
    let from = -1;
    for (let position = range.from; position < range.end; position++) {
      const held = this.get(position) !== undefined;
      if (!held && from < 0) from = position;
      if (held && from >= 0) {
        parts.push({ from, end: position });
        from = -1;
      }
    }
    if (from >= 0) parts.push({ from, end: range.end });
    return parts;
  }

  /** Drops the pages wholly below a position, whose rows the session has dropped. */
  dropBelow(first: number): void {
    for (const number of [...this.pages.keys()]) if ((number + 1) * PAGE_ROWS <= first) this.pages.delete(number);
  }

  private evict(): void {
    for (const number of this.pages.keys()) {
      if (this.pages.size <= this.maxPages) return;
      this.pages.delete(number);
    }
  }
}

export interface RequestPlan {
  readonly cache: RowCache;
  /** Rows on the screen, or about to be. */
  readonly visible: Range;
  /** Positions that the view has. */
  readonly extent: Range;
  /** Rows to fetch on either side of the visible ones. */
  readonly overscan: number;
  /** Ranges of requests that were not answered yet. */
  readonly inFlight: readonly Range[];
  /** The most rows in one request. */
  readonly maxRows: number;
}

function overlaps(a: Range, b: Range): boolean {
  return a.from < b.end && b.from < a.end;
}

/**
 * The next request worth sending, or null. Visible rows come first, and the range is widened by the overscan so that
 * one request is usually enough. Rows that were requested already are not asked for again.
 */
export function planRequest(plan: RequestPlan): Range | null {
  const { cache, visible, extent, overscan, inFlight, maxRows } = plan;
  const clip = (range: Range): Range => ({
    from: Math.max(extent.from, range.from),
    end: Math.min(extent.end, range.end),
  });
  const wide = clip({ from: visible.from - overscan, end: visible.end + overscan });
  const missingVisible = cache
    .missing(clip(visible))
    .filter((part) => !inFlight.some((other) => overlaps(part, other)));
  const gap = missingVisible[0] ?? cache.missing(wide).find((part) => !inFlight.some((other) => overlaps(part, other)));
  if (!gap) return null;
  const last = missingVisible.at(-1) ?? gap;
  let range: Range = { from: gap.from, end: last.end };
  if (missingVisible.length > 0) {
    const start = cache.missing({ from: wide.from, end: range.from })[0]?.from ?? range.from;
    const end = cache.missing({ from: range.end, end: wide.end }).at(-1)?.end ?? range.end;
    const widened = { from: start, end };
    if (widened.end - widened.from <= maxRows && !inFlight.some((other) => overlaps(widened, other))) range = widened;
  }
  return { from: range.from, end: Math.min(range.end, range.from + maxRows) };
}
