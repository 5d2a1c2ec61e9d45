/**
 * `ringview capture`: the app's capture without a window. The same source and the same formatters, a file instead of a
 * store, and accounts that add up.
 */
import { close, openSync, writeSync } from 'node:fs';
import { type EntryBatch, RowKind } from '../../native/core/entry.ts';
import { nextPollDelay, SLOW_POLL_MS } from '../../native/core/pacing.ts';
import { type Failure, type FailureCode, fail, type Result } from '../../native/core/result.ts';
import type { LogSource, SourceState } from '../../native/sources/source.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { createExportRow, createFormatter, formatBatch, type RowFormatter } from '../session/export.ts';
import type { NameOfProcess } from '../session/process-names.ts';
import { type SessionPlace, SessionTime } from '../session/session-time.ts';
import { type Lane, SourceMerger } from '../session/source-merger.ts';
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
  const base = { sources: request.sources, startedAtUnixMs };
  const account = openAccount(request.summaryPath);
  if (!account.ok) {
    const nothing = { opened: [], lateByMerge: 0, durationMs: 0, rows: 0, notWritten: 0 };
    return { summary: summarize({ ...base, ...nothing, failure: account.failure }), failure: account.failure };
  }

  const opened = await openAll(request, io);
  const written = opened.ok ? await RowWriter.open(request.out) : opened;
  const run = new CaptureRun(request, io);
  let failure: Failure | null = null;
  if (!opened.ok) failure = opened.failure;
  else if (!written.ok) {
    failure = written.failure;
    for (const source of opened.value) source.close(() => {});
  } else failure = await run.toEnd(opened.value, written.value);

  const outcomes = (opened.ok ? opened.value : []).map((source, at) => ({
    source: request.sources[at] as string,
    info: source.info,
    stats: source.stats(),
    state: run.endings[at] ?? ('stopped' as const),
  }));
  const durationMs = io.waiter.now() - startMs;
  const { rows, notWritten, stalledMs, lateByMerge } = run;
  const summary = summarize({ ...base, opened: outcomes, lateByMerge, durationMs, rows, notWritten, failure });
  const cpus = outcomes.flatMap(({ stats }) => stats.cpus);
  if (opened.ok) io.report(describeSummary(summary, cpus, stalledMs));
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

/** Opens all sources, or none. */
async function openAll(request: CaptureRequest, io: CaptureIo): Promise<Result<readonly LogSource[]>> {
  const until = io.waiter.now() + request.waitSeconds * 1000;
  const sources: LogSource[] = [];
  for (const spec of request.sources) {
    const opened = await openWhenThere(spec, until, io);
    if (!opened.ok) {
      for (const source of sources) source.close(() => {});
      return opened;
    }
    sources.push(opened.value);
  }
  return { ok: true, value: sources };
}

async function openWhenThere(spec: string, until: number, io: CaptureIo): Promise<Result<LogSource>> {
  const { waiter } = io;
  for (;;) {
    const opened = io.open(spec);
    if (opened.ok || !NOT_YET.includes(opened.failure.code)) return opened;
    if (waiter.now() >= until) return opened;
    await waiter.wait(RETRY_MS);
    if (waiter.stopped) return fail('cancelled', `Stopped while waiting for ${spec}`, 'Start the source first');
  }
}

/** One source on its way into the merge. */
class MergedSource {
  readonly place: SessionPlace;
  /** How it ended by itself, once it did. */
  ending: SourceState | null = null;
  private readonly source: LogSource;
  private readonly merger: SourceMerger;
  private readonly lane: Lane;
  private delayMs = 0;
  private nowMs = 0;

  constructor(source: LogSource, place: SessionPlace, merger: SourceMerger, lane: Lane) {
    this.source = source;
    this.place = place;
    this.merger = merger;
    this.lane = lane;
  }

  /** Moves what there is to the merge. Returns the milliseconds until the next poll is worth it. */
  poll(nowMs: number): number {
    if (this.ending !== null) return Number.POSITIVE_INFINITY;
    this.nowMs = nowMs;
    const outcome = this.source.poll(this.sink);
    const { state, more, safeTimeNs } = outcome;
    const ended = state !== 'capturing' && !more;
    if (ended) this.ending = state;
    const promise = ended || safeTimeNs === undefined ? Number.POSITIVE_INFINITY : safeTimeNs + this.place.offsetNs;
    this.merger.promise(this.lane, promise);
    this.delayMs = nextPollDelay(this.delayMs, outcome);
    return this.delayMs;
  }

  close(): void {
    this.source.close(this.sink);
  }

  private readonly sink = (batch: EntryBatch): void => {
    this.merger.push(this.lane, batch, this.place.offsetNs, this.nowMs);
  };
}

/** One capture from open sources to an open output. */
class CaptureRun {
  /** How each source ended by itself; null if this program stopped first. */
  endings: (SourceState | null)[] = [];
  lateByMerge = 0;
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

  async toEnd(sources: readonly LogSource[], writer: RowWriter): Promise<Failure | null> {
    const names = sources.map(({ info }, id) => ({ id, name: info.name }));
    // Whether there are names is decided before the first row: a column cannot come later.
    const named = sources.some(({ processNames }) => processNames !== undefined);
    const processOf: NameOfProcess = (source, pid) => sources[source]?.processNames?.get(pid);
    const formatter = createFormatter(this.request.format, names, named ? processOf : null);
    const time = new SessionTime();
    const merger = new SourceMerger((batch) => this.take(batch, formatter, writer));
    const merged: MergedSource[] = [];
    for (const [id, source] of sources.entries()) {
      const places = merged.map(({ place }) => place);
      const place = time.begin(source.info, places);
      merged.push(new MergedSource(source, place, merger, merger.add(id)));
    }
    const header = {
      source: names.map(({ name }) => name).join(', '),
      sessionId: sources.map(({ info }) => info.sessionId).join(', '),
      startUnixMs: time.startUnixMs,
    };
    writer.push(encodeUtf8(formatter.header(header)), 0);

    await this.drain(merged, merger, writer);
    for (const source of merged) source.close();
    merger.flush();
    await writer.finish();
    this.endings = merged.map(({ ending }) => ending);
    this.lateByMerge = merger.late;
    this.rows = writer.writtenRows;
    this.notWritten = this.beyondMax + writer.lostRows;
    return writer.failure ?? sources.map((source) => source.stats().failure).find((each) => each !== null) ?? null;
  }

  private async drain(sources: readonly MergedSource[], merger: SourceMerger, writer: RowWriter): Promise<void> {
    const { waiter } = this;
    const { durationSeconds } = this.request;
    const endMs = durationSeconds === null ? Number.POSITIVE_INFINITY : waiter.now() + durationSeconds * 1000;
    while (!waiter.stopped && writer.failure === null && this.entriesLeft > 0 && waiter.now() < endMs) {
      if (writer.full) {
        const since = waiter.now();
        await waiter.waitFor(writer.room(), endMs - since);
        this.stalledMs += waiter.now() - since;
        continue;
      }
      const now = waiter.now();
      let delay = merger.holding ? SLOW_POLL_MS : Number.POSITIVE_INFINITY;
      for (const source of sources) delay = Math.min(delay, source.poll(now));
      merger.release(now);
      if (sources.every(({ ending }) => ending !== null)) return;
      await waiter.wait(Math.min(delay, endMs - waiter.now()));
    }
  }

  private take(batch: EntryBatch, formatter: RowFormatter, writer: RowWriter): void {
    const end = this.rowsWithin(batch);
    this.beyondMax += batch.count - end;
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
