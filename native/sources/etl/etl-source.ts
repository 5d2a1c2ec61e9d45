/**
 * A Windows trace file as a LogSource: events of all CPUs in the order of their time, losses as rows where they happened,
 * WPP messages by the format files that were given.
 */

import { resolve } from 'node:path';
import type { BatchSink } from '../../core/batch-writer.ts';
import type { EventNameTable } from '../../core/event-names.ts';
import { filetimeToUnixMs } from '../../core/filetime.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { wholeMillisecond } from '../evtx/values.ts';
import { ansiEncoding, isKnownEncoding } from '../file/encoding.ts';
import { fileInfo } from '../file/file-facts.ts';
import type { FileFigures, LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { EtlFile, LATER } from './etl-file.ts';
import { readSymbols, type Symbols, type SymbolWishes } from './symbols.ts';
import { TraceClock, type TraceHeader } from './trace-header.ts';
import { TraceRows } from './trace-rows.ts';

export interface TraceOptions extends SymbolWishes {
  /** What people call the source; default the path as given. */
  readonly displayName?: string;
  /** Code page of the traced machine, a name that TextDecoder knows, or `auto`: that of the language of this one. */
  readonly encoding?: string;
  /** Language tag instead of that of this machine. */
  readonly locale?: string;
}

/** Events decoded in one poll: some tens of milliseconds of work at most. */
const EVENTS_A_POLL = 16_384;
/** Reading a part of a buffer, or looking for buffers, counts as so many events of a poll. */
const WORK_OF_A_STEP = 64;

/** The code page that a trace is read with, a name of TextDecoder; null for none that it knows. */
export function codePage({ encoding = 'auto', locale }: Pick<TraceOptions, 'encoding' | 'locale'>): string | null {
  if (encoding !== 'auto') return isKnownEncoding(encoding) ? encoding : null;
  return ansiEncoding(locale ?? Intl.DateTimeFormat().resolvedOptions().locale);
}

/** Opens a trace. Failures: source-not-found, permission-denied, bad-magic (no trace), bad-argument, io-error. */
export function openTrace(path: string, options: TraceOptions = {}): Result<TraceSource> {
  const encoding = codePage(options);
  if (encoding === null) {
    return fail('bad-argument', `'${options.encoding}' is no encoding`, 'Use auto, windows-1252, gbk, shift_jis ...');
  }
  const symbols = readSymbols(options);
  if (!symbols.ok) return symbols;
  const file = EtlFile.open(path);
  if (!file.ok) return file;
  return ok(new TraceSource(options.displayName ?? path, resolve(path), file.value, symbols.value, encoding));
}

/** How long its machine had been running when the trace began, where its stamps are of a clock that says so. */
function uptimeOf({ clock, frequency, startTicks, startTime }: TraceHeader): Pick<SourceInfo, 'uptime'> {
  // At time 0, which is the begin of the millisecond in which it began.
  const ticks = startTicks - ((startTime - wholeMillisecond(startTime)) * frequency) / 10_000_000n;
  if (clock !== TraceClock.Qpc || ticks <= 0n) return {};
  return { uptime: { frequency: Number(frequency), startTicks: ticks.toString() } };
}

export class TraceSource implements LogSource {
  readonly info: SourceInfo;
  private readonly file: EtlFile;
  private readonly encoding: string;
  private readonly rows: TraceRows;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;

  constructor(name: string, path: string, file: EtlFile, symbols: Symbols, encoding: string) {
    this.file = file;
    this.encoding = encoding;
    this.rows = new TraceRows(symbols, encoding);
    file.onProblem = (place) => this.rows.note(place);
    const { header } = file;
    const startUnixMs = filetimeToUnixMs(header.startTime);
    this.info = {
      ...fileInfo(name, path, header.startTime, startUnixMs),
      producer: header.loggerName === '' ? 'Windows trace' : header.loggerName,
      cpuCount: Math.max(1, Math.min(2048, header.cpuCount)),
      ...uptimeOf(header),
    };
  }

  get processNames(): ReadonlyMap<number, string> {
    return this.rows.processNames;
  }

  get eventNames(): EventNameTable {
    return this.rows.eventNames;
  }

  /** GUID and number of WPP messages without a format, and how often each came. */
  get missingFormats(): ReadonlyMap<string, number> {
    return this.rows.missingFormats;
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    const { rows } = this;
    rows.sink = sink;
    const { done } = this.file.progress;
    const before = rows.tally.rows;
    let more = true;
    try {
      for (let work = 0; work < EVENTS_A_POLL && more; ) {
        const event = this.file.next();
        if (event === null) more = false;
        else if (event === LATER) work += WORK_OF_A_STEP;
        else {
          const { pointerBytes, frequency, loggerName } = event.header;
          rows.use(pointerBytes, frequency, loggerName);
          rows.add(event.view, event.event, event);
          work++;
        }
      }
    } catch (error) {
      const failed = fail('io-error', `${this.info.name} could not be read further`, 'What was read is kept', {
        code: (error as NodeJS.ErrnoException).code ?? 'unknown',
        text: String((error as Error).message),
      });
      if (!failed.ok) this.failure = failed.failure;
      more = false;
    }
    if (!more) this.end();
    rows.flush();
    return { state: this.state, rows: rows.tally.rows - before, bytes: this.file.progress.done - done, more };
  }

  stats(): SourceStats {
    const { state, failure, rows } = this;
    const { done, total } = this.file.progress;
    const file: FileFigures = {
      readBytes: done,
      totalBytes: total,
      ended: state === 'ended',
      format: 'Windows trace',
      formatName: 'trace',
      encoding: this.encoding,
      broken: rows.broken.figures(),
    };
    return { state, failure, cpus: rows.tally.stats(), file };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.file.close();
  }

  /** What the logging session counts as lost, and says nowhere where, stands at the end. */
  private end(): void {
    const { events, buffers } = this.file.unplaced;
    if (events > 0) this.rows.addLoss(0, events, 'kernel');
    if (buffers > 0) {
      this.rows.addLoss(0, buffers, 'file');
      const what = buffers === 1 ? '1 buffer was' : `${buffers} buffers were`;
      this.rows.note({ problem: `${what} lost while the trace was written, it is not known where` });
    }
    this.rows.finish();
    this.state = this.failure === null ? 'ended' : 'failed';
  }
}
