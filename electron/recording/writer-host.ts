/**
 * The writing thread without the thread: takes messages in their order, answers each, and keeps what was written safe
 * twice a second. A failure is an answer; the messages after it are done as far as they do not depend on it.
 */
import type { Failure } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { OutOfTurn, SessionWriter, type SessionWriterOptions } from './session-writer.ts';
import type { WriterMessage, WriterReply } from './writer-messages.ts';

/**
 * Between two times that what was written is made safe. A power cut costs this, what the disk takes for it, and the time until
 * rows are handed over: together less than a second.
 */
export const SYNC_MS = 500;

export interface WriterHostDependencies {
  readonly reply: (reply: WriterReply) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back after some milliseconds. */
  readonly after: (ms: number, run: () => void) => void;
}

export class WriterHost {
  private readonly folder: string;
  private readonly writer: SessionWriter;
  private readonly dependencies: WriterHostDependencies;
  private syncing: Promise<void> | null = null;
  private ended = false;

  constructor(options: SessionWriterOptions, dependencies: WriterHostDependencies) {
    this.folder = options.folder;
    this.writer = new SessionWriter(options);
    this.dependencies = dependencies;
    this.syncLater();
  }

  take({ id, job }: WriterMessage): void {
    if (job.do === 'finish') {
      void this.finish(id, job.manifest);
      return;
    }
    try {
      this.answer(id, null, this.writer.do(job));
    } catch (error) {
      this.answer(id, this.failureOf(error), null);
    }
  }

  private syncLater(): void {
    this.dependencies.after(SYNC_MS, () => {
      if (this.ended) return;
      if (this.writer.unsafe) this.syncing ??= this.sync();
      this.syncLater();
    });
  }

  private async sync(): Promise<void> {
    const start = this.dependencies.now();
    let failure: Failure | null = null;
    try {
      await this.writer.sync();
    } catch (error) {
      failure = this.failureOf(error);
    }
    this.syncing = null;
    this.dependencies.reply({ synced: true, ms: this.dependencies.now() - start, failure });
  }

  private async finish(id: number, manifest: string): Promise<void> {
    this.ended = true;
    await this.syncing;
    let failure: Failure | null = null;
    try {
      await this.writer.finish(manifest);
    } catch (error) {
      failure = this.failureOf(error);
    }
    this.answer(id, failure, null);
  }

  private answer(id: number, failure: Failure | null, batch: ReturnType<SessionWriter['do']>): void {
    this.dependencies.reply({ id, failure, batch, bytes: this.writer.bytes });
  }

  private failureOf(error: unknown): Failure {
    const message = `The session could not be written to ${this.folder}`;
    if (error instanceof OutOfTurn) {
      return {
        code: 'cancelled',
        message: `${message}: ${error.message}`,
        action: 'Nothing is to be done: it is tried again',
      };
    }
    return failureOfSystemError(error, message);
  }
}

/** Of a thread that could not be started or has ended. */
export function threadFailure(folder: string, why: string): Failure {
  return {
    code: 'internal',
    message: `Nothing more is written to ${folder}: the thread that writes has ended (${why})`,
    action: 'Save the log by an export, then start again',
  };
}
