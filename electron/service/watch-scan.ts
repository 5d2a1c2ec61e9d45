/**
 * One watch over one session: applies its filter to the rows that arrive, as a view does, and keeps what was found until
 * somebody acts on it. What it finds costs no memory beyond that.
 */
import { RowKind } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';
import { specOfText } from '../contract/colour-rules.ts';
import type { Watch } from '../contract/watches.ts';
import { compileFilter } from '../session/search/filter.ts';
import { FilterScan } from '../session/search/filter-scan.ts';
import { bindNames } from '../session/search/name-binding.ts';
import type { Scanner } from '../session/search/scanner.ts';
import type { Segment } from '../session/store/segment.ts';
import type { Slice } from '../session/store/slice.ts';
import type { OpenSession } from '../session/workspace/workspace.ts';

/** What was found since somebody took it. */
export interface Hits {
  readonly count: number;
  /** The first few, and the newest, by row. */
  readonly rows: readonly number[];
  readonly last: number;
}

/** So many rows are kept of what was found at a time. */
const MOST_ROWS = 100;

export class WatchScan {
  readonly watch: Watch;
  readonly open: OpenSession;
  private readonly scanner: Scanner;
  private readonly changed: () => void;
  private scan: FilterScan | null = null;
  private epoch: number;
  private boundTo: string | null = null;
  private trouble: Failure | null = null;
  private count = 0;
  private rows: number[] = [];
  private last = -1;

  /** Begins with row `from`. `changed` is called when something was found outside of `advance`. */
  constructor(watch: Watch, open: OpenSession, from: number, scanner: Scanner, changed: () => void) {
    this.watch = watch;
    this.open = open;
    this.scanner = scanner;
    this.changed = changed;
    this.epoch = open.session.store.epoch;
    this.begin(from);
  }

  /** Why it looks no further; null while it does. */
  get failure(): Failure | null {
    return this.trouble ?? this.scan?.stopped ?? null;
  }

  /** Whether it has looked at every row that there is. */
  get isDone(): boolean {
    return (this.scan?.row ?? 0) >= this.open.session.store.endRow;
  }

  /** True if there is more to do at once. */
  advance(slice: Slice): boolean {
    const { store, filterNames } = this.open.session;
    if (store.epoch !== this.epoch) {
      this.epoch = store.epoch;
      this.forget();
      this.begin(store.firstRow);
    } else if (this.boundTo !== null && this.boundTo !== filterNames.version)
      this.begin(this.scan?.row ?? store.endRow);
    return this.scan?.advance(slice) ?? false;
  }

  /** What was found since the last time; null for nothing. */
  take(): Hits | null {
    // Rows of before a clear are others by now.
    if (this.count === 0 || this.open.session.store.epoch !== this.epoch) return null;
    const { count, rows, last } = this;
    this.forget();
    return { count, rows, last };
  }

  close(): void {
    this.scan?.cancel();
    this.scan = null;
  }

  private forget(): void {
    this.count = 0;
    this.rows = [];
    this.last = -1;
  }

  private begin(from: number): void {
    this.close();
    const { store, filterNames } = this.open.session;
    const spec = specOfText(this.watch);
    const filter = compileFilter(spec, bindNames(spec, filterNames));
    this.trouble = filter.ok ? null : filter.failure;
    if (!filter.ok) return;
    this.boundTo = filter.value.readsNames ? filterNames.version : null;
    this.scan = new FilterScan({
      store,
      filter: filter.value,
      scanner: this.scanner,
      from,
      take: (segment, offsets, count) => this.found(segment, offsets, count),
      changed: this.changed,
    });
  }

  /** Losses pass every filter: they are no match. */
  private found(segment: Segment, offsets: Uint32Array, count: number): void {
    for (let at = 0; at < count; at++) {
      const offset = offsets[at] as number;
      if (segment.kind.get(offset) !== RowKind.Entry) continue;
      this.count++;
      this.last = segment.firstRow + offset;
      if (this.rows.length < MOST_ROWS) this.rows.push(this.last);
    }
  }
}
