/**
 * The source's side of a thread that reads a log file ahead: starts it, takes what it has read in order, and ends it. A
 * thread that cannot be started, or goes wrong, is no failure of the file: its source then reads on by itself.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { EntryBatch } from '../../core/entry.ts';
import type { Failure } from '../../core/result.ts';
import { type AheadJob, type AheadNews, AheadTaker, createAheadLink } from './ahead-link.ts';
import { BrokenPlaces } from './file-facts.ts';

/** The thread as it lies beside this module in a bundle. What runs from the sources has none. */
const SCRIPT = import.meta.url.endsWith('.ts') ? null : new URL('./read-ahead-worker.js', import.meta.url);
/** Files from this size on are worth a thread; bytes. */
const LEAST_BYTES = 32 * 1024 * 1024;
/** How long a poll waits for the thread if nothing has come yet, while other sources and the page wait too; milliseconds. */
const WAIT_MS = 1;
/** A thread from which nothing comes for so long is given up; milliseconds. */
const STALL_MS = 10_000;
/** The most threads of this program that read ahead at a time. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));
let threads = 0;

export interface AheadRead {
  /** `more`: there is more, now or soon; `ended`: nothing more will come; `lost`: the thread is of no use. */
  readonly state: 'more' | 'ended' | 'lost';
  /** Payload bytes that were handed on. */
  readonly bytes: number;
}

export class ReadAhead {
  readonly broken = new BrokenPlaces();
  /** Why the file could not be read to its end. */
  failure: Failure | null = null;
  /** Bytes of the file that have been read for the rows so far. */
  doneBytes = 0;
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly taker: AheadTaker;
  private readonly names: Map<number, string>;
  private readonly now: () => number;
  /** Since when nothing has come; null while something does. */
  private waitsSince: number | null = null;
  private trouble: string | null = null;
  private closed = false;

  private constructor(script: URL, job: AheadJob, names: Map<number, string>, now: () => number) {
    const link = createAheadLink();
    const { port1, port2 } = new MessageChannel();
    this.names = names;
    this.now = now;
    this.taker = new AheadTaker(link);
    this.port = port1;
    this.worker = new Worker(script, { workerData: { link, job, port: port2 }, transferList: [port2] });
    this.worker.on('error', (error) => this.lose(String(error)));
    this.worker.on('exit', () => this.lose('it ended'));
    // Must come after the handlers: adding a handler makes the thread keep the process alive again.
    this.worker.unref();
    threads++;
  }

  /**
   * Starts a thread; null if there is none to start, or the file is not worth one. Names of processes are put into `names`.
   * `now`: monotonic milliseconds. `script`: where the thread lies, for tests; any file is then worth one.
   */
  static start(
    job: AheadJob,
    size: number,
    names: Map<number, string>,
    now: () => number,
    script: URL | null = null,
  ): ReadAhead | null {
    const lies = script ?? SCRIPT;
    if (lies === null || threads >= MOST_THREADS) return null;
    if (script === null && (size < LEAST_BYTES || !existsSync(fileURLToPath(lies)))) return null;
    try {
      return new ReadAhead(lies, job, names, now);
    } catch {
      // The system gives no further thread.
      return null;
    }
  }

  /** Hands on what is there, up to some `most` payload bytes. Waits for a moment if nothing is. */
  read(hand: (batch: EntryBatch) => void, most: number): AheadRead {
    let bytes = 0;
    let batches = 0;
    while (bytes < most) {
      const next = this.taker.take();
      if (next === null) break;
      this.hear();
      this.doneBytes = next.done;
      bytes += next.batch.bytesUsed;
      batches++;
      hand(next.batch);
      this.taker.release();
    }
    if (batches > 0) {
      this.waitsSince = null;
      return { state: 'more', bytes };
    }
    // In this order: what the thread has told is there once it says that it is done.
    const { done } = this.taker;
    this.hear();
    if (this.trouble !== null || this.stalls()) return { state: 'lost', bytes };
    if (done && this.taker.take() === null) return { state: 'ended', bytes };
    this.taker.wait(WAIT_MS);
    return { state: 'more', bytes };
  }

  /** Ends the thread, whatever it is doing. Safe to call twice. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    threads--;
    this.taker.stop();
    this.port.close();
  }

  private lose(why: string): void {
    if (!this.closed) this.trouble ??= why;
  }

  private stalls(): boolean {
    const now = this.now();
    this.waitsSince ??= now;
    return now - this.waitsSince > STALL_MS;
  }

  /** Takes in what the thread has told. */
  private hear(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.port) as { readonly message: AheadNews } | undefined;
      if (received === undefined) return;
      const { names, broken, failure, trouble } = received.message;
      for (const [pid, name] of names) this.names.set(pid, name);
      for (const place of broken.places) this.broken.add(place);
      this.broken.count = Math.max(this.broken.count, broken.count);
      this.failure ??= failure ?? null;
      this.trouble ??= trouble ?? null;
    }
  }
}
