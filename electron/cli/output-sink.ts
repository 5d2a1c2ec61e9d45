/**
 * Where a command's rows are written: to a file that appears complete or not at all, or to standard output at the pace
 * of its reader.
 */
import { stat } from 'node:fs/promises';
import { ok, type Result } from '../../native/core/result.ts';
import { ReplacingFile } from '../files/replacing-file.ts';
import { RowWriter } from '../files/row-writer.ts';
import { type Waiter, waitPatiently } from './waiter.ts';

export interface OutputSink {
  /** True if nothing more needs to be written, because the reader of the output has left. */
  readonly closed: boolean;
  /** Writes bytes; resolves when the sink is ready for more. */
  write(bytes: Uint8Array): Promise<Result<void>>;
  /** Completes the output after the last write. */
  finish(): Promise<Result<void>>;
  /** Gives up the output; an incomplete file is removed. */
  discard(): Promise<void>;
}

/** `out` is a path, or `-`. Failures: those of `ReplacingFile.create`, or of opening a device. */
export async function openSink(out: string, waiter: Waiter): Promise<Result<OutputSink>> {
  // A device (for instance the null device) is written to directly, because it cannot be replaced by a file.
  if (out === '-' || (await isDevice(out))) {
    const opened = await RowWriter.open(out);
    return opened.ok ? ok(new StreamSink(opened.value, waiter)) : opened;
  }
  const created = await ReplacingFile.create(out);
  return created.ok ? ok(new FileSink(created.value)) : created;
}

async function isDevice(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isCharacterDevice(),
    () => false,
  );
}

class FileSink implements OutputSink {
  readonly closed = false;
  private readonly file: ReplacingFile;

  constructor(file: ReplacingFile) {
    this.file = file;
  }

  write(bytes: Uint8Array): Promise<Result<void>> {
    return this.file.write(bytes);
  }

  finish(): Promise<Result<void>> {
    return this.file.commit();
  }

  discard(): Promise<void> {
    return this.file.discard();
  }
}

class StreamSink implements OutputSink {
  private readonly writer: RowWriter;
  private readonly waiter: Waiter;

  constructor(writer: RowWriter, waiter: Waiter) {
    this.writer = writer;
    this.waiter = waiter;
  }

  get closed(): boolean {
    return this.writer.readerLeft;
  }

  async write(bytes: Uint8Array): Promise<Result<void>> {
    this.writer.push(bytes, 0);
    if (this.writer.full) await this.waiter.waitFor(this.writer.room(), Number.POSITIVE_INFINITY);
    return this.outcome();
  }

  async finish(): Promise<Result<void>> {
    if (!(await waitPatiently(this.writer.finish(), () => this.writer.steps, this.waiter))) this.writer.abandon();
    return this.outcome();
  }

  async discard(): Promise<void> {
    await this.finish();
  }

  private outcome(): Result<void> {
    const { failure } = this.writer;
    return failure === null ? ok(undefined) : { ok: false, failure };
  }
}
