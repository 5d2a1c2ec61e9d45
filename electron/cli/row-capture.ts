/**
 * Moves the rows of open sources to a file, a pipe or standard output: all of them, in order, as fast as the output
 * accepts them.
 */
import type { EntryBatch } from '../../native/core/entry.ts';
import { type Failure, fail, type Result } from '../../native/core/result.ts';
import type { LogSource, SourceState } from '../../native/sources/source.ts';
import { isOneFile, type LogFiles } from '../files/log-files.ts';
import { RollingWriter } from '../files/rolling-writer.ts';
import { type RowOutput, RowWriter } from '../files/row-writer.ts';
import type { RowFormatter } from '../session/output/formatter.ts';
import { formatBatch } from '../session/output/line-formats.ts';
import type { ExportInfo } from '../session/output/output-facts.ts';
import { createExportRow } from '../session/output/output-row.ts';
import { encodeUtf8 } from '../session/text/text.ts';
import { BatchFilter } from './batch-filter.ts';
import { EntryLimit } from './entry-limit.ts';
import { MergedSources } from './merged-sources.ts';
import { MessageWatch, type WatchRequest } from './message-watch.ts';
import type { SourceFacts } from './source-facts.ts';
import { type Waiter, waitPatiently } from './waiter.ts';

export interface RowRequest {
  /** Seconds; null until the source ends. */
  readonly durationSeconds: number | null;
  /** Entries; null for no limit. */
  readonly maxEntries: number | null;
  /** A path, or `-` for standard output. */
  readonly out: string;
  readonly logFiles: LogFiles;
  readonly watch: WatchRequest;
  /** Only rows that it shows are written; without it all are. */
  readonly filter?: string;
}

/** What is needed of the system. */
export interface RowIo {
  readonly waiter: Waiter;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** A line for people. */
  readonly report: (line: string) => void;
}

/** Rows that are formatted into one buffer. If a write is cut short, all buffers before it are kept. */
const ROWS_A_PART = 256;
/** The same where files have a limit, which the rows of one part may pass. */
const ROWS_A_LIMITED_PART = 16;
/** After a stop, the longest wait for an output to open; milliseconds. */
const OPEN_MS = 200;

type FormatterFor = (info: ExportInfo, facts: SourceFacts) => RowFormatter;

export class RowCapture {
  /** In which state each source ended by itself; null if this program stopped before. */
  endings: readonly (SourceState | null)[] = [];
  lateByMerge = 0;
  rows = 0;
  notWritten = 0;
  /** Rows that a limit of the log's size took out again. */
  replaced = 0;
  /** Rows that the filter hid; null without one. */
  hidden: number | null = null;
  /** How long draining waited for the output, milliseconds. */
  stalledMs = 0;
  /** True if the reader of the output left before the end. */
  readerLeft = false;

  private readonly request: RowRequest;
  private readonly formatterFor: FormatterFor;
  private readonly io: RowIo;
  private readonly waiter: Waiter;
  readonly watch: MessageWatch;
  private readonly limit: EntryLimit;
  private filter: BatchFilter | null = null;
  private readonly scratch = createExportRow();

  /** `formatterFor` makes the formatter once the sources are known. */
  constructor(request: RowRequest, io: RowIo, formatterFor: FormatterFor) {
    this.request = request;
    this.io = io;
    this.waiter = io.waiter;
    this.watch = new MessageWatch(request.watch);
    this.formatterFor = formatterFor;
    this.limit = new EntryLimit(request.maxEntries);
  }

  /** Opens the output and captures into it. The sources are closed in every case. */
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
    const source = merged.facts.names.map(({ name }) => name).join(', ');
    const info = { source, sessionId: merged.sessionIds, startUnixMs: merged.startUnixMs };
    const formatter = this.formatterFor(info, merged.facts);
    const { filter } = this.request;
    if (filter !== undefined) this.filter = new BatchFilter(filter, merged.facts.names, sources, merged.startUnixMs);
    writer.begin(encodeUtf8(formatter.header(info)));

    await this.drain(merged, writer, endMs);
    merged.finish();
    if (!(await waitPatiently(writer.finish(), () => writer.steps, this.waiter))) writer.abandon();
    this.endings = merged.endings;
    this.lateByMerge = merged.late;
    this.rows = writer.writtenRows;
    this.notWritten = this.limit.beyond + writer.lostRows;
    this.replaced = writer.replacedRows;
    this.hidden = this.filter?.hidden ?? null;
    this.readerLeft = writer.readerLeft;
    return writer.failure ?? sources.map((source) => source.stats().failure).find((each) => each !== null) ?? null;
  }

  /** A FIFO opens once somebody reads it, which may be never. */
  private async openOutput(endMs: number): Promise<Result<RowOutput>> {
    const { waiter } = this;
    const { out, logFiles } = this.request;
    let opened: Result<RowOutput> | null = null;
    const one = isOneFile(logFiles) && !out.includes('{');
    const opening = (one ? RowWriter.open(out) : RollingWriter.open(out, logFiles, this.io)).then((result) => {
      opened = result;
    });
    await waiter.waitFor(opening, endMs - waiter.now());
    if (opened === null) await waiter.waitOut(opening, OPEN_MS);
    return (
      opened ??
      fail(
        'cancelled',
        `Nobody reads ${out}, or its disk does not answer, so nothing was captured`,
        'Start the program that reads it first, or see what holds its disk up',
      )
    );
  }

  private async drain(merged: MergedSources, writer: RowOutput, endMs: number): Promise<void> {
    const { waiter } = this;
    while (!waiter.stopped && !writer.closed && !this.limit.reached && !this.watch.done && waiter.now() < endMs) {
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

  private take(arrived: EntryBatch, formatter: RowFormatter, writer: RowOutput): void {
    const batch = this.filter?.take(arrived) ?? arrived;
    const end = this.limit.rowsOf(batch);
    // Also what a filter keeps out of the file, but nothing beyond the last entry that is wanted.
    this.watch.look(arrived, this.filter === null ? end : arrived.count);
    const most = this.request.logFiles.limitBytes === null ? ROWS_A_PART : ROWS_A_LIMITED_PART;
    for (let from = 0; from < end; from += most) {
      const to = Math.min(end, from + most);
      writer.push(encodeUtf8(formatBatch(formatter, batch, from, to, this.scratch)), to - from);
    }
  }
}
