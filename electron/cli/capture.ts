/**
 * `ringview capture`: the app's capture without a window. The same source and the same formatters, a file instead of a
 * store, and accounts that add up.
 */
import { close, openSync, writeSync } from 'node:fs';
import { type EntryBatch, RowKind } from '../../native/core/entry.ts';
import { nextPollDelay } from '../../native/core/pacing.ts';
import { type Failure, type FailureCode, fail, type Result } from '../../native/core/result.ts';
import type { LogSource, SourceState } from '../../native/sources/source.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { createExportRow, FORMATTERS, formatBatch } from '../session/export.ts';
import { encodeUtf8 } from '../session/text.ts';
import type { CaptureRequest } from './args.ts';
import { RowWriter } from './row-writer.ts';
import { type CaptureSummary, describeSummary, summarize } from './summary.ts';
import type { Waiter } from './waiter.ts';

export interface CaptureIo {
  readonly open: (spec: string) => Result<LogSource>;
  readonly waiter: Waiter;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** A line for people. */
  readonly report: (line: string) => void;
}

export interface CaptureResult {
  readonly summary: CaptureSummary;
  readonly failure: Failure | null;
}

/** Rows formatted into one buffer; a write that is cut short keeps all buffers before it. */
const ROWS_A_PART = 256;
/** Wait between two attempts to open a source that is not there yet, milliseconds. */
const RETRY_MS = 50;
/** Failures that may pass while a producer is still creating its session. */
const NOT_YET: readonly FailureCode[] = ['source-not-found', 'bad-magic', 'truncated-mapping'];

/** Captures until something ends it, then accounts for it. Every failure is in the result and in the summary. */
export async function captureToFile(request: CaptureRequest, io: CaptureIo): Promise<CaptureResult> {
  const startedAtUnixMs = io.unixMs();
  const startMs = io.waiter.now();
  const base = { source: request.source, startedAtUnixMs };
  const account = openAccount(request.summaryPath);
  if (!account.ok) {
    const nothing = { info: null, stats: null, state: null, durationMs: 0, rows: 0, notWritten: 0 };
    return { summary: summarize({ ...base, ...nothing, failure: account.failure }), failure: account.failure };
  }

  const opened = await openWhenThere(request, io);
  const written = opened.ok ? await RowWriter.open(request.out) : opened;
  const run = new CaptureRun(request, io);
  let failure: Failure | null = null;
  if (!opened.ok) failure = opened.failure;
  else if (!written.ok) {
    failure = written.failure;
    opened.value.close(() => {});
  } else failure = await run.toEnd(opened.value, written.value);

  const info = opened.ok ? opened.value.info : null;
  const stats = opened.ok ? opened.value.stats() : null;
  const state = opened.ok ? (run.ending ?? 'stopped') : null;
  const durationMs = io.waiter.now() - startMs;
  const { rows, notWritten, stalledMs } = run;
  const summary = summarize({ ...base, info, stats, state, durationMs, rows, notWritten, failure });
  if (opened.ok) io.report(describeSummary(summary, stats, stalledMs));
  const unwritten = account.value(summary);
  if (unwritten !== null) io.report(`The summary was to be: ${JSON.stringify(summary)}`);
  return { summary, failure: failure ?? unwritten };
}

/** Opens the summary before anything else happens, so that a wrong path is known at once; returns what writes it. */
function openAccount(path: string | null): Result<(summary: CaptureSummary) => Failure | null> {
  if (path === null) return { ok: true, value: () => null };
  try {
    const fd = openSync(path, 'w');
    const write = (summary: CaptureSummary): Failure | null => {
      try {
        const bytes = encodeUtf8(`${JSON.stringify(summary)}\n`);
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        return null;
      } catch (error) {
        return failureOfSystemError(error, `The summary ${path} could not be written`);
      } finally {
        close(fd);
      }
    };
    return { ok: true, value: write };
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `The summary ${path} cannot be written`) };
  }
}

async function openWhenThere(request: CaptureRequest, io: CaptureIo): Promise<Result<LogSource>> {
  const { waiter } = io;
  const until = waiter.now() + request.waitSeconds * 1000;
  for (;;) {
    const opened = io.open(request.source);
    if (opened.ok || !NOT_YET.includes(opened.failure.code)) return opened;
    if (waiter.now() >= until) return opened;
    await waiter.wait(RETRY_MS);
    if (waiter.stopped)
      return fail('cancelled', `Stopped while waiting for ${request.source}`, 'Start the source first');
  }
}

/** One capture from an open source to an open output. */
class CaptureRun {
  /** How the source ended by itself; null if this program stopped first. */
  ending: SourceState | null = null;
  rows = 0;
  notWritten = 0;
  /** How long draining waited for the output, milliseconds. */
  stalledMs = 0;

  private readonly request: CaptureRequest;
  private readonly waiter: Waiter;
  private entriesLeft: number;
  private beyondMax = 0;
  private readonly scratch = createExportRow();

  constructor(request: CaptureRequest, io: CaptureIo) {
    this.request = request;
    this.waiter = io.waiter;
    this.entriesLeft = request.maxEntries ?? Number.POSITIVE_INFINITY;
  }

  async toEnd(source: LogSource, writer: RowWriter): Promise<Failure | null> {
    const formatter = FORMATTERS[this.request.format];
    const { name, sessionId, startUnixMs } = source.info;
    writer.push(encodeUtf8(formatter.header({ source: name, sessionId, startUnixMs })), 0);
    const sink = (batch: EntryBatch) => this.take(batch, writer);

    await this.drain(source, writer, sink);
    source.close(sink);
    await writer.finish();
    this.rows = writer.writtenRows;
    this.notWritten = this.beyondMax + writer.lostRows;
    return writer.failure ?? source.stats().failure;
  }

  private async drain(source: LogSource, writer: RowWriter, sink: (batch: EntryBatch) => void): Promise<void> {
    const { waiter } = this;
    const { durationSeconds } = this.request;
    const endMs = durationSeconds === null ? Number.POSITIVE_INFINITY : waiter.now() + durationSeconds * 1000;
    let delay = 0;
    while (!waiter.stopped && writer.failure === null && this.entriesLeft > 0 && waiter.now() < endMs) {
      if (writer.full) {
        const since = waiter.now();
        await waiter.waitFor(writer.room(), endMs - since);
        this.stalledMs += waiter.now() - since;
        continue;
      }
      const outcome = source.poll(sink);
      if (outcome.state !== 'capturing' && !outcome.more) {
        this.ending = outcome.state;
        return;
      }
      delay = nextPollDelay(delay, outcome);
      await waiter.wait(Math.min(delay, endMs - waiter.now()));
    }
  }

  private take(batch: EntryBatch, writer: RowWriter): void {
    const end = this.rowsWithin(batch);
    this.beyondMax += batch.count - end;
    const formatter = FORMATTERS[this.request.format];
    for (let from = 0; from < end; from += ROWS_A_PART) {
      const to = Math.min(end, from + ROWS_A_PART);
      writer.push(encodeUtf8(formatBatch(formatter, batch, from, to, this.scratch)), to - from);
    }
  }

  /** Rows of a batch up to the last entry that is still wanted. */
  private rowsWithin(batch: EntryBatch): number {
    if (this.entriesLeft === Number.POSITIVE_INFINITY) return batch.count;
    let row = 0;
    for (; row < batch.count && this.entriesLeft > 0; row++) {
      if (batch.kind[row] === RowKind.Entry) this.entriesLeft--;
    }
    return row;
  }
}
