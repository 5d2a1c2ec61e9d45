/** Sessions made by hand, for tests: a writer without a thread, and rows of every kind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionStore } from '../session/store/store.ts';
import { entry, gap, type PlainRow, storedRow } from '../session/test-support.ts';
import type { SessionWriterOptions } from './session-writer.ts';
import { WriterHost } from './writer-host.ts';
import type { WriterMessage, WriterPort, WriterReply } from './writer-messages.ts';

/** Segments of a few rows, so that there are many of them. */
export const TINY = { memoryCapBytes: 1 << 20, segmentRows: 16, chunkBytes: 256, segmentBytes: 2048 };

/** A writer in this thread, which works when it is told to: `work` takes messages, `settle` all there are. */
export class DirectWriter implements WriterPort {
  readonly messages: WriterMessage[] = [];
  readonly host: WriterHost;
  /** What a message is answered with instead of being done; null does it. */
  refuse: (message: WriterMessage) => WriterReply | null = () => null;
  private taken = (_: WriterReply): void => {};
  private died = (_: string): void => {};
  private sync = (): void => {};
  /** Whether each message is done as it is sent. */
  eager: boolean;

  constructor(options: SessionWriterOptions, eager = true) {
    this.eager = eager;
    this.host = new WriterHost(options, {
      reply: (reply) => this.taken(reply),
      now: () => performance.now(),
      after: (_, run) => {
        this.sync = run;
      },
    });
  }

  post(message: WriterMessage): void {
    this.messages.push(message);
    if (this.eager) this.settle();
  }

  work(): boolean {
    const message = this.messages.shift();
    if (message === undefined) return false;
    const refused = this.refuse(message);
    if (refused !== null) this.taken(refused);
    else this.host.take(message);
    return true;
  }

  settle(): void {
    while (this.work()) {}
  }

  /** Makes what was written safe, as happens once a second. */
  syncNow(): void {
    this.sync();
  }

  die(why: string): void {
    this.died(why);
  }

  onReply(take: (reply: WriterReply) => void): void {
    // As from a thread: never while the one that asks is still at it.
    this.taken = (reply) => queueMicrotask(() => take(reply));
  }

  onDeath(died: (why: string) => void): void {
    this.died = died;
  }

  hold(): void {
    this.eager = true;
    this.settle();
  }

  end(): void {}
}

/** A folder that is gone after the test. */
export function newFolder(made: string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'ringview-session-'));
  made.push(path);
  return path;
}

export function removeFolders(made: string[]): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** Rows with something in every column, loss markers among them. */
export function someRows(count: number, from = 0): PlainRow[] {
  return Array.from({ length: count }, (_, at) => {
    const i = from + at;
    if (i % 53 === 7) return { ...gap(i, i % 4, (i % 9) + 1), timeNs: i * 1000 };
    return entry(i, i % 31 === 0 ? '' : `message ${i} für Gerät „${i % 7}“`, {
      ...{ timeNs: i * 1000, cpu: i % 8, level: i % 6, pid: 4 * (i % 3), remarks: i % 11, source: i % 2 },
      ...{ type: i % 17 === 0 ? 5 : 0, flags: i % 13 === 0 ? 64 : 0 },
    });
  });
}

/** Every row a store has, as it gives them. */
export function allRows(store: SessionStore): PlainRow[] {
  return Array.from({ length: store.rowCount }, (_, at) => storedRow(store, store.firstRow + at));
}
