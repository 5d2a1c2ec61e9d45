/** The one place that knows how a session is filled and filtered without a window: as the app does it, threads included. */
import type { FilterSpec } from '../../electron/contract/rows.ts';
import { createScanThreads } from '../../electron/scan/threads.ts';
import type { ScanPool } from '../../electron/session/search/scan-pool.ts';
import { TemplateCount } from '../../electron/session/search/template-count.ts';
import type { SegmentArchive } from '../../electron/session/store/archive.ts';
import { sliceOf } from '../../electron/session/store/slice.ts';
import { SessionStore } from '../../electron/session/store/store.ts';
import type { StoreOptions } from '../../electron/session/store/store-options.ts';
import { LogView } from '../../electron/session/view/view.ts';
import type { BatchLease, EntryBatch } from '../../native/core/entry.ts';
import type { BenchLog } from './bench-log.ts';

/** What the app gives the filter of each tick, milliseconds, and the rows of one screen. */
const SLICE_MS = 8;
const SCREEN = 40;

export interface FilterTiming {
  readonly ms: number;
  /** Until a first screen of matches could be drawn. */
  readonly firstScreenMs: number;
  readonly matches: number;
}

/** A view of the log that is filtered by some number of threads. */
interface Worked {
  readonly pool: ScanPool | null;
  readonly view: LogView;
  /** Called when the threads have found something. */
  changed: () => void;
}

export class BenchSession {
  readonly store: SessionStore;
  private readonly worked = new Map<number, Worked>();

  private constructor(options: StoreOptions) {
    this.store = new SessionStore(options);
  }

  /** Rows beyond the cap go to the archive, or are dropped where there is none. */
  static open(memoryCapBytes: number, archive?: SegmentArchive): BenchSession {
    return new BenchSession(archive === undefined ? { memoryCapBytes } : { memoryCapBytes, archive });
  }

  readonly append = (batch: EntryBatch): void => this.store.append(batch);

  /** Where a source puts its rows, as in a capture of one source. */
  readonly lease: BatchLease = (rows, bytes) => this.store.lease(rows, bytes);

  fill(log: BenchLog): void {
    log.eachBatch((batch) => this.append(batch));
  }

  /** Applies a filter to the whole history, with worker threads for its text or, with 0, on this thread. */
  async filter(spec: FilterSpec, workers = 0): Promise<FilterTiming> {
    const worked = this.worked.get(workers) ?? this.start(workers);
    const { view } = worked;
    const now = () => performance.now();
    const start = now();
    const set = view.setFilter(spec);
    if (!set.ok) throw new Error(set.failure.message);
    let firstScreenMs = Number.POSITIVE_INFINITY;
    const look = () => {
      if (firstScreenMs === Number.POSITIVE_INFINITY && view.end - view.first >= SCREEN) {
        view.rows(view.first, SCREEN);
        firstScreenMs = now() - start;
      }
    };
    for (;;) {
      const more = view.advance(sliceOf(now, SLICE_MS));
      look();
      if (view.scan === null) break;
      if (view.stopped !== null) throw new Error(view.stopped.message);
      if (more) continue;
      await new Promise<void>((resolve) => {
        worked.changed = resolve;
      });
    }
    const ms = now() - start;
    return { ms, firstScreenMs: Math.min(firstScreenMs, ms), matches: view.matchedEntries };
  }

  /** Applies a filter while rows come: `advance` does the part of one tick, `whole` what is left, and says what matched. */
  watch(spec: FilterSpec, workers: number): { advance(): void; whole(): Promise<number> } {
    const worked = this.worked.get(workers) ?? this.start(workers);
    const { view } = worked;
    const set = view.setFilter(spec);
    if (!set.ok) throw new Error(set.failure.message);
    const advance = () => view.advance(sliceOf(() => performance.now(), SLICE_MS));
    return {
      advance: () => void advance(),
      whole: async () => {
        while (view.scan !== null) {
          if (view.stopped !== null) throw new Error(view.stopped.message);
          if (!advance() && view.scan !== null) {
            await new Promise<void>((resolve) => {
              worked.changed = resolve;
            });
          }
        }
        return view.matchedEntries;
      },
    };
  }

  /** Counts the messages of the whole history by their templates, on so many threads; milliseconds, and how many there are. */
  async templates(
    workers: number,
  ): Promise<{ readonly ms: number; readonly templates: number; readonly rows: number }> {
    const { pool } = this.worked.get(workers) ?? this.start(workers);
    if (pool === null) throw new Error('templates are counted by threads');
    let changed: () => void = () => {};
    const count = new TemplateCount(this.store, pool, () => changed());
    const start = performance.now();
    for (;;) {
      const report = count.report(0, 'count', 1, []);
      if (report.failure !== null) throw new Error(report.failure.message);
      if (report.counted === report.total) {
        count.close();
        return { ms: performance.now() - start, templates: report.templates, rows: report.total };
      }
      const news = new Promise<void>((resolve) => {
        changed = resolve;
      });
      count.advance(0);
      await news;
    }
  }

  close(): void {
    for (const { pool } of this.worked.values()) pool?.close();
    this.store.clear();
  }

  private start(workers: number): Worked {
    const pool = workers === 0 ? null : createScanThreads({ threads: workers });
    pool?.warm();
    const worked: Worked = { pool, view: new LogView(this.store, pool, () => worked.changed()), changed: () => {} };
    this.worked.set(workers, worked);
    return worked;
  }
}
