/**
 * Exports that are running. Each pulls chunks from the session's export job, writes them to a file that appears
 * complete or not at all, and lets capture continue between two chunks. Only a few may run at the same time, because
 * each needs a file descriptor, a chunk and rows in memory.
 */
import { setImmediate as rest } from 'node:timers/promises';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import type { ExportProgress } from '../contract/output.ts';
import { ReplacingFile } from '../files/replacing-file.ts';

/** Progress events are at least so far apart; milliseconds. */
const PROGRESS_MS = 100;
/** File managers are opened at least so far apart; milliseconds. */
const SHOWN_MS = 1000;
/** Most exports that run at one time. */
export const MOST_EXPORTS = 4;

/** What is written, pulled part by part; what counts as a row is the job's own. */
export interface WrittenJob {
  /** Rows looked at, of `totalRows`; rows written; rows that were gone before they could be. */
  readonly scannedRows: number;
  readonly writtenRows: number;
  /** How many of those stand for losses; without it none does. */
  readonly writtenLosses?: number;
  readonly skippedRows: number;
  readonly totalRows: number;
  /** The next part; null after the last. */
  next(): Promise<Result<Uint8Array | null>>;
  /** Makes `next` answer soon, of a job that may wait for long. */
  stop?(): void;
  /** Gives back what it holds. */
  close(): void;
}

export class Exports {
  private readonly cancelled = new Set<number>();
  private readonly running = new Map<number, WrittenJob>();
  private readonly onProgress: (progress: ExportProgress) => void;
  private readonly now: () => number;
  private lastId = 0;
  /** Where the newest exports were written. */
  private readonly written = new Map<number, string>();
  private shownAt = Number.NEGATIVE_INFINITY;

  constructor(onProgress: (progress: ExportProgress) => void, now: () => number) {
    this.onProgress = onProgress;
    this.now = now;
  }

  /** Whether another export may run. Failure: overloaded. */
  room(): Result<void> {
    if (this.running.size < MOST_EXPORTS) return ok(undefined);
    return fail('overloaded', `${MOST_EXPORTS} exports are running already`, 'Wait until one is done, or cancel one');
  }

  /** Number of exports that have not ended. */
  get count(): number {
    return this.running.size;
  }

  /**
   * Starts writing. The value is the number that progress events carry, and the outcome arrives as an event too.
   * Failure: overloaded; the job is then closed.
   */
  start(job: WrittenJob, path: string): Result<number> {
    const room = this.room();
    if (!room.ok) {
      job.close();
      return room;
    }
    const id = ++this.lastId;
    this.running.set(id, job);
    void this.run(id, job, path).finally(() => {
      job.close();
      this.running.delete(id);
      this.cancelled.delete(id);
    });
    return ok(id);
  }

  cancel(id: number): void {
    const job = this.running.get(id);
    if (job === undefined) return;
    this.cancelled.add(id);
    job.stop?.();
  }

  /** The file of an export that is done; null for any other, and where one was just shown: each opens a window. */
  shownPath(id: number): string | null {
    const path = this.written.get(id) ?? null;
    if (path === null || this.now() - this.shownAt < SHOWN_MS) return null;
    this.shownAt = this.now();
    return path;
  }

  /** Remembers where an export is, of a few: the page shows the newest alone. */
  private keepPath(id: number, path: string): void {
    this.written.set(id, path);
    const [oldest] = this.written.keys();
    if (this.written.size > MOST_EXPORTS && oldest !== undefined) this.written.delete(oldest);
  }

  private async run(id: number, job: WrittenJob, path: string): Promise<void> {
    let bytes = 0;
    const tell = (state: ExportProgress['state'], failure: Failure | null): void => {
      const rows = state === 'done' ? job.writtenRows : job.scannedRows;
      const { totalRows, skippedRows } = job;
      const losses = job.writtenLosses ?? 0;
      if (state === 'done') this.keepPath(id, path);
      this.onProgress({ id, path, state, rows, totalRows, losses, skippedRows, bytes, failure });
    };
    const created = await ReplacingFile.create(path);
    if (!created.ok) {
      tell('failed', created.failure);
      return;
    }
    const file = created.value;
    let toldAt = this.now();
    try {
      for (;;) {
        const chunk = await job.next();
        const cancelled = this.cancelled.has(id);
        if (!chunk.ok || cancelled) {
          await file.discard();
          tell(cancelled ? 'cancelled' : 'failed', cancelled || chunk.ok ? null : chunk.failure);
          return;
        }
        const written = chunk.value === null ? await file.commit() : await file.write(chunk.value);
        if (!written.ok) {
          tell('failed', written.failure);
          return;
        }
        if (chunk.value === null) break;
        bytes += chunk.value.length;
        if (this.now() - toldAt >= PROGRESS_MS) {
          toldAt = this.now();
          tell('running', null);
        }
        await rest();
      }
      tell('done', null);
    } catch (error) {
      // A defect of ours. The person is told nevertheless, and the temporary file is removed.
      await file.discard();
      const what = error instanceof Error ? error.message : String(error);
      tell('failed', {
        code: 'internal',
        message: `RingView met a defect of its own in an export: ${what}`,
        action: 'Please report it',
      });
    }
  }
}
