/**
 * Turns the bytes of a file into rows in four steps: encoding, lines, format, time. Nothing in a file can make it
 * throw; text that it does not understand is kept and reported as broken.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import { type BatchLease, LOSS_CAUSE_NAMES, LOSS_CAUSES } from '../../core/entry.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { isTraceFile } from '../etl/etl-file.ts';
import { isEventLog } from '../evtx/evtx-reader.ts';
import { isZip } from '../zip/zip-directory.ts';
import { debugViewRun } from './debugview-run.ts';
import { ASK_PARQUET, detectFormat, FORMAT_NAMES, type FormatName, formatNamed, isParquet } from './detect.ts';
import {
  ansiEncoding,
  createTranscoder,
  type DetectedEncoding,
  detectEncoding,
  isKnownEncoding,
  type Transcoder,
} from './encoding.ts';
import { BrokenPlaces } from './file-facts.ts';
import { type FileDay, FileTime } from './file-time.ts';
import { clearLine, createLine, type LineFormat, LineKind, TimeKind } from './line-format.ts';
import { characterStart, type LineSink, LineSplitter, MOST_LINE_BYTES, viewOf } from './lines.ts';
import { RowBuilder } from './row-builder.ts';
import type { RunReader } from './run-reader.ts';

/** The decisions about reading a file that a person may make instead of the program. */
export interface ReadingWishes {
  /** A name that TextDecoder knows, or `auto`. */
  readonly encoding?: string;
  readonly format?: FormatName | 'auto';
  /** Language tag that determines the code page of text which is not Unicode; default that of this machine. */
  readonly locale?: string;
}

/** How a file is to be read. */
export interface Reading {
  readonly encoding: DetectedEncoding;
  readonly format: FormatName;
  /** The beginning of the file in UTF-8. */
  readonly head: Uint8Array;
  readonly year: number;
  /** Wall clock of the first record, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
  /** True if the first record states a date. Otherwise the begin is derived from when the file was written. */
  readonly dated: boolean;
}

/**
 * Decides how a file that begins with `head` is read. Failure: bad-argument for an unknown encoding or format, and for
 * Windows event logs, traces or zip files in a stream, since those need a file.
 */
export function chooseReading(head: Uint8Array, whole: boolean, day: FileDay, wishes: ReadingWishes): Result<Reading> {
  const binary = isEventLog(head)
    ? 'a Windows event log'
    : isTraceFile(head)
      ? 'a Windows trace'
      : isZip(head)
        ? 'a zip file'
        : null;
  if (binary !== null) {
    const what = `This is ${binary}, which is read in place and in no order of its bytes`;
    return fail('bad-argument', what, 'Unpack it, or save it as a file, and open that');
  }
  if (isParquet(head))
    return fail(
      'bad-argument',
      'This is a Parquet file, which is a table and no log',
      `Leave it out, and ${ASK_PARQUET}`,
    );
  const wish = wishes.encoding ?? 'auto';
  if (wish !== 'auto' && !isKnownEncoding(wish)) {
    return fail(
      'bad-argument',
      `'${wish}' is no encoding`,
      'Use auto, utf-8, utf-16le, windows-1252, gbk, shift_jis ...',
    );
  }
  const format = wishes.format ?? 'auto';
  if (format !== 'auto' && !FORMAT_NAMES.includes(format)) {
    return fail(
      'bad-argument',
      `'${String(format)}' is no format of log files`,
      `Use auto, ${FORMAT_NAMES.join(', ')}`,
    );
  }
  const locale = wishes.locale ?? Intl.DateTimeFormat().resolvedOptions().locale;
  const detected = detectEncoding(head, ansiEncoding(locale), whole);
  const encoding: DetectedEncoding =
    wish === 'auto'
      ? detected
      : new TextDecoder(wish).encoding === detected.encoding
        ? { ...detected, by: 'chosen' }
        : { encoding: new TextDecoder(wish).encoding, bomBytes: 0, by: 'chosen' };
  const text = createTranscoder(encoding.encoding).push(head.subarray(encoding.bomBytes));
  const name = format === 'auto' ? detectFormat(text, whole) : format;
  const year = new Date(day.modifiedMs).getUTCFullYear();
  const first = firstTime(formatNamed(name, text, year), text, day);
  return ok({ encoding, format: name, head: text, year, ...first });
}

/** Wall clock of the first record that has a time. */
function firstTime(
  format: LineFormat,
  head: Uint8Array,
  day: FileDay,
): { readonly startUnixMs: number; readonly dated: boolean } {
  const time = new FileTime(day);
  const line = createLine();
  let found = false;
  let dated = false;
  const splitter = new LineSplitter(
    format.quotes,
    (bytes, start, end, part) => {
      if (found || part || format.parse(bytes, start, end, line) !== LineKind.Record) return;
      found = line.timeKind !== TimeKind.None;
      dated = found && line.timeKind !== TimeKind.Elapsed;
      time.place(line);
    },
    format.longest,
  );
  splitter.push(head);
  splitter.finish();
  return { startUnixMs: time.startUnixMs, dated };
}

/** The formats that have a fast way. */
const RUN_READERS: { readonly [F in FormatName]?: RunReader } = { debugview: debugViewRun };
/** The longest text of a loss that is searched for causes. */
const MOST_LOSS_TEXT = 256;
/** The most processes that a file may name, so that a hostile file cannot fill the memory with names. */
const MOST_PROCESSES = 100_000;

export interface ReaderOptions {
  /** Receives the broken places. */
  readonly broken?: BrokenPlaces;
  readonly shiftNs?: number;
  readonly before?: RecordReader | null;
  /** Is told each name of a process that is new, or another than before. */
  readonly named?: (pid: number, name: string) => void;
  /** Reads each line by itself, also where its format has a faster way: the plain twin, for tests. */
  readonly plainly?: boolean;
}

export class RecordReader {
  readonly processNames: Map<number, string>;
  readonly broken: BrokenPlaces;
  private readonly format: LineFormat;
  private readonly transcoder: Transcoder;
  private readonly splitter: LineSplitter;
  private readonly time: FileTime;
  private readonly rows: RowBuilder;
  private readonly line = createLine();
  private readonly shiftNs: number;
  private readonly named: (pid: number, name: string) => void;
  private readonly run: RunReader | null;
  private skip: number;
  /** Whether the line that goes on is a record. */
  private isRecord = false;
  /** The line of which it was last told that its message goes on in another row. */
  private toldLine = 0;

  /**
   * `shiftNs` is added to all times. `before` is the reader of the earlier contents of the same name, whose counts are
   * continued.
   */
  constructor(
    reading: Reading,
    day: FileDay,
    sink: BatchSink,
    { broken = new BrokenPlaces(), shiftNs = 0, before = null, named = () => {}, plainly = false }: ReaderOptions = {},
  ) {
    this.shiftNs = shiftNs;
    this.run = plainly ? null : (RUN_READERS[reading.format] ?? null);
    this.broken = broken;
    this.named = named;
    this.processNames = before?.processNames ?? new Map();
    this.format = formatNamed(reading.format, reading.head, reading.year);
    this.transcoder = createTranscoder(reading.encoding.encoding);
    this.skip = reading.encoding.bomBytes;
    this.time = new FileTime(day);
    this.rows = new RowBuilder(sink, before?.lastIndex ?? 0);
    const take: LineSink = (bytes, start, end, part, more) =>
      part ? this.takePart(bytes, start, end, more) : this.take(bytes, start, end, more);
    this.splitter = new LineSplitter(this.format.quotes, take, this.format.longest);
  }

  /** Rows handed on. */
  get rowCount(): number {
    return this.rows.rows;
  }

  get lastIndex(): number {
    return this.rows.lastIndex;
  }

  /** Time of the newest record, as it was handed on. */
  get lastNs(): number {
    return this.time.latestNs + this.shiftNs;
  }

  /** Until the next flush, rows may be written into batches of `lease`. */
  begin(lease: BatchLease | null): void {
    this.rows.begin(lease);
  }

  push(bytes: Uint8Array): void {
    const skipped = Math.min(this.skip, bytes.length);
    this.skip -= skipped;
    this.pushText(this.transcoder.push(skipped > 0 ? bytes.subarray(skipped) : bytes));
  }

  private pushText(text: Uint8Array): void {
    const { run, splitter } = this;
    if (run === null) {
      splitter.push(text);
      return;
    }
    const view = viewOf(text);
    for (let at = 0; at < text.length; ) {
      if (splitter.atLineBegin && this.rows.open) at = this.readRun(run, text, view, at);
      // What the run stops at is read plainly, a line of it; it stops at the latest before the last line of the piece.
      at = splitter.pushLine(text, view, at);
    }
  }

  private readRun(run: RunReader, text: Uint8Array, view: DataView, from: number): number {
    const { rows, splitter } = this;
    const before = rows.batch.count;
    const to = run(text, view, from, rows, this.time, this.shiftNs);
    splitter.skip(rows.batch.count - before);
    return to;
  }

  /** Hands on the records that are complete; with `newest`, also the newest one, which the next line might continue. */
  flush(newest: boolean): void {
    if (newest) this.rows.flush();
    else this.rows.flushComplete();
  }

  /** To be called at the end of the file. */
  finish(): void {
    const rest = this.transcoder.finish();
    this.splitter.push(rest);
    this.splitter.finish();
    this.rows.flush();
  }

  /** Reports a broken place. */
  note(problem: string, line = this.splitter.line): void {
    this.broken.add({ line, problem });
  }

  /** A line, or as much of it as is read at once if there is `more`. */
  private take(bytes: Uint8Array, start: number, end: number, more: boolean): void {
    const { line, rows } = this;
    const kind = this.format.parse(bytes, start, end, line);
    this.isRecord = kind === LineKind.Record;
    switch (kind) {
      case LineKind.Header:
        return;
      case LineKind.Continuation:
        this.takeContinuation(bytes, start, end);
        return;
      case LineKind.Broken:
        this.note(line.problem);
        if (line.text === null) {
          line.textStart = start;
          line.textEnd = end;
        }
        break;
    }
    // The end of the message is behind what is read at once.
    if (more && line.text === null) line.textEnd = end;
    if (line.lost) line.type = causesNamed(line.text === null ? bytes.subarray(start, end) : line.text);
    if (line.process !== null && line.pid !== 0) this.nameProcess(line.pid, line.process);
    rows.add(line, this.time.place(line) + this.shiftNs, bytes);
    if (!line.lost) this.addRest(line.text ?? bytes, line.text === null ? line.textEnd : line.text.length);
  }

  /** A line that continues the message above it, or begins the next row where that one has no room for the line. */
  private takeContinuation(bytes: Uint8Array, start: number, end: number): void {
    const { room } = this.rows;
    if (end - start < room) {
      this.rows.append(bytes, start, end, false);
      return;
    }
    if (room >= 0) this.tellLong();
    this.addRows(bytes, start, end);
  }

  /** What is left of a line that is too long to be read at once. */
  private takePart(bytes: Uint8Array, start: number, lineEnd: number, more: boolean): void {
    const end = !more && this.isRecord && bytes[lineEnd - 1] === this.format.behind ? lineEnd - 1 : lineEnd;
    const { room } = this.rows;
    const to = end - start <= room ? end : room > 0 ? characterStart(bytes, start + room, start) : start;
    if (to > start) this.rows.append(bytes, start, to, true);
    if (to === end) return;
    this.tellLong();
    this.addRows(bytes, to, end);
  }

  /** What is too long for a row goes on in others, of the same time: up to `end` of the newest message. */
  private addRest(text: Uint8Array, end: number): void {
    const from = end - this.rows.left;
    if (from === end) return;
    this.tellLong();
    this.addRows(text, from, end);
  }

  /** Tells once of a line that its message goes on in another row. */
  private tellLong(): void {
    if (this.toldLine === this.splitter.line) return;
    this.toldLine = this.splitter.line;
    this.note(
      `a message is longer than the ${MOST_LINE_BYTES.toLocaleString('en')} bytes of a row: it goes on in the next`,
    );
  }

  /** Adds records of text alone, as long as a row can be. */
  private addRows(text: Uint8Array, start: number, end: number): void {
    let from = start;
    do {
      const to = end - from > MOST_LINE_BYTES ? characterStart(text, from + MOST_LINE_BYTES, from) : end;
      this.addText(text, from, to);
      from = to;
    } while (from < end);
  }

  private nameProcess(pid: number, name: string): void {
    if (this.processNames.size >= MOST_PROCESSES || this.processNames.get(pid) === name) return;
    this.processNames.set(pid, name);
    this.named(pid, name);
  }

  /** Adds a record of text alone, with the time of the record before. */
  private addText(bytes: Uint8Array, start: number, end: number): void {
    clearLine(this.line, start, end);
    this.rows.add(this.line, this.time.place(this.line) + this.shiftNs, bytes);
  }
}

const decoder = new TextDecoder();

/**
 * The causes that our own files name behind a loss, such as `(ring full or corrupt)`, as bits of LOSS_CAUSES; 0 for
 * none.
 */
function causesNamed(text: Uint8Array): number {
  const named = /\(([^()]*)\)$/.exec(decoder.decode(text.subarray(0, MOST_LOSS_TEXT)))?.[1];
  if (named === undefined) return 0;
  const names = named.split(' or ');
  return LOSS_CAUSES.reduce(
    (mask, cause, at) => (names.includes(LOSS_CAUSE_NAMES[cause]) ? mask | (1 << at) : mask),
    0,
  );
}
