/**
 * `ringview capture`: the app's capture without a window. The same source and the same formatters, a file instead of a
 * store, and accounts that add up. Once a stop was asked for, nothing is waited for without bound: an output that takes
 * nothing is given up, and the summary says what it did not take.
 */
import { type EntryBatch, RowKind } from '../../native/core/entry.ts';
import { type Failure, fail, type Result } from '../../native/core/result.ts';
import type { LogSource, SourceState } from '../../native/sources/source.ts';
import { createExportRow, createFormatter, formatBatch, type RowFormatter } from '../session/export.ts';
import { encodeUtf8 } from '../session/text.ts';
import type { CaptureRequest } from './args.ts';
import { MergedSources } from './merged-sources.ts';
import { openAll } from './open-sources.ts';
import { RowWriter } from './row-writer.ts';
import { sameFile } from './same-file.ts';
import { type CaptureSummary, describeSummary, summarize } from './summary.ts';
import { checkSummaryPath, writeSummary } from './summary-file.ts';
import { type Waiter, waitPatiently } from './waiter.ts';

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
/** After a stop, the longest wait for an output to open; milliseconds. */
const OPEN_MS = 200;

/** Captures until something ends it, then accounts for it. Every failure is in the result and in the summary. */
export async function captureToFile(request: CaptureRequest, io: CaptureIo): Promise<CaptureResult> {
  const startedAtUnixMs = io.unixMs();
  const startMs = io.waiter.now();
  const base = { sources: request.sources, startedAtUnixMs };
  const refused = await checkPaths(request);
  if (refused !== null) {
    const nothing = { opened: [], lateByMerge: 0, durationMs: 0, rows: 0, notWritten: 0 };
    return { summary: summarize({ ...base, ...nothing, failure: refused }), failure: refused };
  }

  const opened = await openAll(request, io);
  const run = new CaptureRun(request, io);
  const failure = opened.ok ? await run.toEnd(opened.value) : opened.failure;
  const outcomes = (opened.ok ? opened.value : []).map((source, at) => ({
    source: request.sources[at] as string,
    info: source.info,
    stats: source.stats(),
    state: run.endings[at] ?? ('stopped' as const),
  }));
  const durationMs = io.waiter.now() - startMs;
  const { rows, notWritten, lateByMerge } = run;
  const summary = summarize({ ...base, opened: outcomes, lateByMerge, durationMs, rows, notWritten, failure });
  if (opened.ok) {
    const cpus = outcomes.flatMap(({ stats }) => stats.cpus);
    io.report(describeSummary(summary, cpus, run.stalledMs, run.readerLeft));
  }
  if (request.summaryPath === null) return { summary, failure };
  const unwritten = await writeSummary(request.summaryPath, summary, io.waiter);
  if (unwritten !== null) io.report(`The summary was to be: ${JSON.stringify(summary)}`);
  return { summary, failure: failure ?? unwritten };
}

/** Looks at the paths before anything else happens, so that a wrong one is known at once and costs no file. */
async function checkPaths({ out, summaryPath }: CaptureRequest): Promise<Failure | null> {
  if (summaryPath === null) return null;
  if (await sameFile(out, summaryPath)) {
    const message = `--out ${out} and --summary ${summaryPath} are one file`;
    const same = fail('bad-argument', message, 'Name two files: one would overwrite the other');
    return same.ok ? null : same.failure;
  }
  return checkSummaryPath(summaryPath);
}

/** One capture from open sources to an output. */
class CaptureRun {
  /** How each source ended by itself; null if this program stopped first. */
  endings: readonly (SourceState | null)[] = [];
  lateByMerge = 0;
  rows = 0;
  notWritten = 0;
  /** How long draining waited for the output, milliseconds. */
  stalledMs = 0;
  /** The reader of the output left before the end. */
  readerLeft = false;

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

  /** Opens the output and captures into it. The sources are released in every case. */
  async toEnd(sources: readonly LogSource[]): Promise<Failure | null> {
    const { durationSeconds } = this.request;
    const endMs = durationSeconds === null ? Number.POSITIVE_INFINITY : this.waiter.now() + durationSeconds * 1000;
    const written = await this.openOutput(endMs);
    if (!written.ok) {
      for (const source of sources) source.close(() => {});
      return written.failure;
    }
    const writer = written.value;
    const merged = new MergedSources(sources, (batch) => this.take(batch, formatter, writer));
    const formatter = createFormatter(this.request.format, merged.names, merged.processOf);
    const source = merged.names.map(({ name }) => name).join(', ');
    const header = { source, sessionId: merged.sessionIds, startUnixMs: merged.startUnixMs };
    writer.push(encodeUtf8(formatter.header(header)), 0);

    await this.drain(merged, writer, endMs);
    merged.finish();
    if (!(await waitPatiently(writer.finish(), () => writer.steps, this.waiter))) writer.abandon();
    this.endings = merged.endings;
    this.lateByMerge = merged.late;
    this.rows = writer.writtenRows;
    this.notWritten = this.beyondMax + writer.lostRows;
    this.readerLeft = writer.readerLeft;
    return writer.failure ?? sources.map((source) => source.stats().failure).find((each) => each !== null) ?? null;
  }

  /** A FIFO opens once somebody reads it, which may be never. */
  private async openOutput(endMs: number): Promise<Result<RowWriter>> {
    const { waiter } = this;
    let opened: Result<RowWriter> | null = null;
    const opening = RowWriter.open(this.request.out).then((result) => {
      opened = result;
    });
    await waiter.waitFor(opening, endMs - waiter.now());
    if (opened === null) await waiter.waitOut(opening, OPEN_MS);
    return (
      opened ??
      fail(
        'cancelled',
        `Nobody reads ${this.request.out}, so nothing was captured`,
        'Start the program that reads it first',
      )
    );
  }

  private async drain(merged: MergedSources, writer: RowWriter, endMs: number): Promise<void> {
    const { waiter } = this;
    while (!waiter.stopped && !writer.closed && this.entriesLeft > 0 && waiter.now() < endMs) {
      if (writer.full) {
        const since = waiter.now();
        await waiter.waitFor(writer.room(), endMs - since);
        this.stalledMs += waiter.now() - since;
        continue;
      }
      const delay = merged.poll(waiter.now());
      if (merged.ended) return;
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
