/**
 * Writes rows to a file descriptor while capture goes on: a bounded queue, one write at a time. When the queue is full,
 * the capture is told to stop draining, so that losses due to a slow disk happen in the rings, which count them, rather
 * than memory filling up.
 *
 * When the disk refuses a write, the file is cut back to the last whole row that reached it; a row counts as written
 * only once it is there. If the reader of a pipe closes its end, it has seen enough, and that is no failure. Opening a
 * FIFO and writing to a pipe that nobody reads may last for ever. So whoever waits has to set a limit; `abandon` then
 * counts the rows that are left behind.
 */
import { close, fdatasync, fstat, ftruncate, open, writev } from 'node:fs';
import { promisify } from 'node:util';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from './system-failure.ts';

/** When so many bytes are queued, the writer counts as full. */
const QUEUE_BYTES = 32 * 1024 * 1024;
/** The most buffers in one write. */
const BUFFERS_A_WRITE = 64;
/** Wait before writing again to a descriptor that accepts nothing at the moment; milliseconds. */
const RETRY_MS = 5;

const STDOUT = 1;

/** The functions of the file system that are used; tests replace them. */
export interface RowFile {
  writev(fd: number, buffers: readonly Uint8Array[]): Promise<number>;
  truncate(fd: number, length: number): Promise<void>;
  /** True if the descriptor is a file that can be truncated and synchronised. */
  isRegular(fd: number): Promise<boolean>;
  sync(fd: number): Promise<void>;
  close(fd: number): Promise<void>;
}

const fstatOf = promisify(fstat);

export const systemFile: RowFile = {
  writev: (fd, buffers) =>
    new Promise((resolve, reject) => {
      writev(fd, buffers, (error, written) => (error ? reject(error) : resolve(written)));
    }),
  truncate: promisify(ftruncate),
  isRegular: async (fd) => (await fstatOf(fd)).isFile(),
  sync: promisify(fdatasync),
  close: promisify(close),
};

interface Part {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** Where rows of a capture go. */
export interface RowOutput {
  /** Why no more can be written. */
  readonly failure: Failure | null;
  /** The reader of a pipe has closed it. */
  readonly readerLeft: boolean;
  /** True once rows that are given go nowhere: after a failure, or when the reader has left. */
  readonly closed: boolean;
  /** True while nothing more should be given: wait for `room`. */
  readonly full: boolean;
  /** Rows that are in the output, and rows given that are not. */
  readonly writtenRows: number;
  readonly lostRows: number;
  /** Rows that were in the output until a limit of its size took them out again. */
  readonly replacedRows: number;
  /** Grows with each thing the output has done. */
  readonly steps: number;
  /** What stands before the rows; called once, first. */
  begin(header: Uint8Array): void;
  push(bytes: Uint8Array, rows: number): void;
  room(): Promise<void>;
  finish(): Promise<void>;
  abandon(): void;
}

export class RowWriter implements RowOutput {
  readonly replacedRows = 0;
  /** Why no more can be written. */
  failure: Failure | null = null;
  /** True if the reader of a pipe has closed it. */
  readerLeft = false;
  /** Rows that reached the output. */
  writtenRows = 0;
  /** Rows given to this writer that did not reach the output. */
  lostRows = 0;
  /**
   * Increases with every sign of progress of the output. If it stays the same while the writer waits, the output is
   * stuck.
   */
  steps = 0;

  private readonly fd: number;
  private readonly name: string;
  private readonly file: RowFile;
  private readonly queueBytes: number;
  private queue: Part[] = [];
  private queued = 0;
  private position: number;
  /** Whether whoever writes says how many rows its parts hold. */
  private countsRows = false;
  private writing: Promise<void> | null = null;
  private ending: Promise<void> | null = null;
  private roomListeners: (() => void)[] = [];

  /** `heldBytes`: what the file holds already, and keeps should the disk refuse. */
  constructor(fd: number, name: string, file: RowFile = systemFile, queueBytes = QUEUE_BYTES, heldBytes = 0) {
    this.position = heldBytes;
    this.fd = fd;
    this.name = name;
    this.file = file;
    this.queueBytes = queueBytes;
  }

  /** Opens `path` for writing from its beginning, or standard output for `-`. */
  static async open(path: string): Promise<Result<RowWriter>> {
    if (path === '-') return ok(new RowWriter(STDOUT, 'standard output'));
    try {
      return ok(new RowWriter(await promisify(open)(path, 'w'), path));
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `${path} cannot be written`) };
    }
  }

  /** True if further rows would be discarded: after a failure, or when the reader has left. */
  get closed(): boolean {
    return this.failure !== null || this.readerLeft;
  }

  /** True while no more rows should be given: wait for `room`. */
  get full(): boolean {
    return this.queued >= this.queueBytes;
  }

  /** Resolves when the writer is no longer full, or closed. */
  room(): Promise<void> {
    if (!this.full || this.closed) return Promise.resolve();
    return new Promise((resolve) => this.roomListeners.push(resolve));
  }

  begin(header: Uint8Array): void {
    this.push(header, 0);
  }

  /** Queues whole lines that hold `rows` rows; always 0 from whoever does not count them. */
  push(bytes: Uint8Array, rows: number): void {
    this.countsRows ||= rows > 0;
    if (this.closed) {
      this.lostRows += rows;
      return;
    }
    if (bytes.length === 0) return;
    this.queue.push({ bytes, rows });
    this.queued += bytes.length;
    this.writing ??= this.writeQueue();
  }

  /**
   * Waits until everything is written and on the disk, and closes the file. `failure` then tells whether that
   * succeeded. The file is closed once however often this is called: the number of a closed one may be another file's.
   */
  finish(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private async end(): Promise<void> {
    while (this.writing !== null) await this.writing;
    if (this.fd === STDOUT) return;
    try {
      if (this.failure === null && (await this.file.isRegular(this.fd))) await this.file.sync(this.fd);
      this.steps++;
    } catch (error) {
      this.failure ??= this.explain(error);
    }
    try {
      await this.file.close(this.fd);
    } catch (error) {
      this.failure ??= this.explain(error);
    }
  }

  /**
   * Gives up an output that accepts nothing. Rows it has not confirmed count as lost, even if it accepts them later.
   */
  abandon(): void {
    this.loseQueue();
    const message = `Writing to ${this.name} was given up${this.after}: it did not take more in time`;
    const given = fail('cancelled', message, 'See who reads it, or whether its disk answers');
    if (!given.ok) this.failure ??= given.failure;
  }

  /** How far it came, for people. */
  private get after(): string {
    return this.countsRows ? ` after ${this.writtenRows} rows` : '';
  }

  private explain(error: unknown): Failure {
    return failureOfSystemError(error, `Writing to ${this.name} failed${this.after}`);
  }

  private async writeQueue(): Promise<void> {
    // Bytes of the first part that are written already.
    let begun = 0;
    try {
      while (this.queue.length > 0) {
        const parts = this.queue.slice(0, BUFFERS_A_WRITE);
        const buffers = parts.map((part, at) => (at === 0 ? part.bytes.subarray(begun) : part.bytes));
        begun = this.take(begun + (await this.writeOnce(buffers)));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') this.readerLeft = true;
      else this.failure ??= this.explain(error);
      this.loseQueue();
      if (this.failure !== null) await this.cutBack(begun);
    }
    this.writing = null;
    this.tellRoom();
  }

  private loseQueue(): void {
    for (const part of this.queue) this.lostRows += part.rows;
    this.queue = [];
    this.queued = 0;
  }

  /** Removes the parts that `written` bytes cover; returns how much of the next part they cover. */
  private take(written: number): number {
    this.steps++;
    let left = written;
    let whole = 0;
    for (const part of this.queue) {
      if (part.bytes.length > left) break;
      left -= part.bytes.length;
      this.position += part.bytes.length;
      this.queued -= part.bytes.length;
      this.writtenRows += part.rows;
      whole++;
    }
    this.queue.splice(0, whole);
    if (!this.full) this.tellRoom();
    return left;
  }

  private tellRoom(): void {
    for (const listener of this.roomListeners.splice(0)) listener();
  }

  private async writeOnce(buffers: readonly Uint8Array[]): Promise<number> {
    for (;;) {
      try {
        return await this.file.writev(this.fd, buffers);
      } catch (error) {
        // Another program that shares standard output may have made it non-blocking.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Removes an incomplete row from the end of the file. If that fails too, only the first failure is reported. */
  private async cutBack(begun: number): Promise<void> {
    if (begun === 0) return;
    try {
      if (await this.file.isRegular(this.fd)) await this.file.truncate(this.fd, this.position);
    } catch (error) {
      const { message, action, system } = this.explain(error);
      const first = this.failure as Failure;
      this.failure = { ...first, message: `${first.message}; ${message}`, action, ...(system ? { system } : {}) };
    }
  }
}
