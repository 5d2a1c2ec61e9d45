/**
 * The one place that knows how a session is filled and filtered without a window. Today the filter works in slices on
 * this thread. Where scanning moves to worker threads: start them in `open` with `workers` of them, let `filter` drive
 * the view as the app's capture loop does until `scan` is null, and set MAX_WORKERS; nothing else has to change.
 */
import type { FilterSpec } from '../../electron/contract/rows.ts';
import { sliceOf } from '../../electron/session/slice.ts';
import { SessionStore } from '../../electron/session/store.ts';
import { LogView } from '../../electron/session/view.ts';
import type { BatchLease, EntryBatch } from '../../native/core/entry.ts';
import type { BenchLog } from './bench-log.ts';

/** Worker threads a scan can use; 1 is a scan on the thread that asked. */
export const MAX_WORKERS: number = 1;

/** What the app gives the filter of each tick, milliseconds, and the rows of one screen. */
const SLICE_MS = 8;
const SCREEN = 40;

export interface FilterTiming {
  readonly ms: number;
  /** Until a first screen of matches could be drawn. */
  readonly firstScreenMs: number;
  readonly matches: number;
}

export class BenchSession {
  readonly store: SessionStore;
  readonly #view: LogView;

  private constructor(memoryCapBytes: number) {
    this.store = new SessionStore({ memoryCapBytes });
    this.#view = new LogView(this.store);
  }

  static open(memoryCapBytes: number, workers = 1): BenchSession {
    if (workers > MAX_WORKERS) throw new Error(`there are no ${workers} workers to scan with`);
    return new BenchSession(memoryCapBytes);
  }

  readonly append = (batch: EntryBatch): void => this.store.append(batch);

  /** Where a source puts its rows, as in a capture of one source. */
  readonly lease: BatchLease = (rows, bytes) => this.store.lease(rows, bytes);

  fill(log: BenchLog): void {
    log.eachBatch((batch) => this.append(batch));
  }

  /** Applies a filter to the whole history. */
  async filter(spec: FilterSpec): Promise<FilterTiming> {
    const now = () => performance.now();
    const start = now();
    const set = this.#view.setFilter(spec);
    if (!set.ok) throw new Error(set.failure.message);
    let firstScreenMs = Number.POSITIVE_INFINITY;
    for (let more = true; more; ) {
      more = this.#view.advance(sliceOf(now, SLICE_MS));
      if (firstScreenMs === Number.POSITIVE_INFINITY && this.#view.end - this.#view.first >= SCREEN) {
        this.#view.rows(this.#view.first, SCREEN);
        firstScreenMs = now() - start;
      }
    }
    const ms = now() - start;
    return { ms, firstScreenMs: Math.min(firstScreenMs, ms), matches: this.#view.matchedEntries };
  }

  close(): void {
    this.store.clear();
  }
}
