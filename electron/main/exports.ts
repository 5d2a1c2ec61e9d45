/**
 * Exports in progress: each pulls chunks from the session's job, writes them to a file that appears whole or not at all,
 * and lets the capture go on between two chunks.
 */
import { setImmediate as rest } from 'node:timers/promises';
import type { Failure } from '../../native/core/result.ts';
import type { ExportProgress } from '../contract/channels.ts';
import { ReplacingFile } from '../files/replacing-file.ts';
import type { ExportJob } from '../session/export-job.ts';

/** At most one progress event in this time, milliseconds. */
const PROGRESS_MS = 100;

export class Exports {
  private readonly cancelled = new Set<number>();
  private readonly running = new Set<number>();
  private readonly onProgress: (progress: ExportProgress) => void;
  private readonly now: () => number;
  private lastId = 0;

  constructor(onProgress: (progress: ExportProgress) => void, now: () => number) {
    this.onProgress = onProgress;
    this.now = now;
  }

  /** Starts writing; returns the number that progress events carry. Every outcome arrives as an event. */
  start(job: ExportJob, path: string): number {
    const id = ++this.lastId;
    this.running.add(id);
    void this.run(id, job, path).finally(() => {
      job.close();
      this.running.delete(id);
      this.cancelled.delete(id);
    });
    return id;
  }

  cancel(id: number): void {
    if (this.running.has(id)) this.cancelled.add(id);
  }

  private async run(id: number, job: ExportJob, path: string): Promise<void> {
    let bytes = 0;
    const tell = (state: ExportProgress['state'], failure: Failure | null): void => {
      const rows = state === 'done' ? job.writtenRows : job.scannedRows;
      const { totalRows, skippedRows } = job;
      this.onProgress({ id, path, state, rows, totalRows, skippedRows, bytes, failure });
    };
    let toldAt = this.now();
    const created = await ReplacingFile.create(path);
    if (!created.ok) {
      tell('failed', created.failure);
      return;
    }
    const file = created.value;
    for (;;) {
      const chunk = await job.next();
      if (!chunk.ok || this.cancelled.has(id)) {
        await file.discard();
        if (chunk.ok) tell('cancelled', null);
        else tell('failed', chunk.failure);
        return;
      }
      const done = chunk.value === null;
      const written = chunk.value === null ? await file.commit() : await file.write(chunk.value);
      if (!written.ok) {
        tell('failed', written.failure);
        return;
      }
      if (done) break;
      bytes += chunk.value?.length ?? 0;
      if (this.now() - toldAt >= PROGRESS_MS) {
        toldAt = this.now();
        tell('running', null);
      }
      await rest();
    }
    tell('done', null);
  }
}
