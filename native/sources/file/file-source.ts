/**
 * A log file, or a stream, as a LogSource. It is decoded while it is read, a bounded piece in each poll, so that the
 * first rows of a file of any size appear at once. Broken parts are kept as text and reported with their line.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { gunzipSync, constants as zlib } from 'node:zlib';
import type { BatchSink } from '../../core/batch-writer.ts';
import { type BatchLease, batchOver, type EntryBatch } from '../../core/entry.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import type { FileFigures, LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { type ByteFeed, FileFeed, openFailure } from './byte-feed.ts';
import { FORMAT_TITLES } from './detect.ts';
import { DETECT_BYTES } from './encoding.ts';
import { BrokenPlaces, FileTally, fileInfo } from './file-facts.ts';
import type { FileDay } from './file-time.ts';
import { ReadAhead } from './read-ahead.ts';
import { chooseReading, type Reading, type ReadingWishes, RecordReader } from './record-reader.ts';
import { gunzipFeed, HEAD_PATIENCE_MS, isGzip, StreamFeed, unpackedIfPacked } from './stream-feed.ts';

export interface FileOptions extends ReadingWishes {
  /** Go on when the file grows, is cut, or is replaced. Default false. */
  readonly follow?: boolean;
  /** What people call the source; default the path as given. */
  readonly displayName?: string;
  /** Monotonic milliseconds; default performance.now. */
  readonly milliseconds?: () => number;
  /** Minutes to add to UTC for the local time at a moment; default the time zone of this machine. */
  readonly offsetMinutes?: (unixMs: number) => number;
  /** Where the thread lies that reads ahead, for tests; otherwise only large files have one. */
  readonly aheadScript?: URL;
}

const LF = 10;
/** Bytes decoded in one poll, after which other sources have their turn. */
const POLL_BYTES = 4 * 1024 * 1024;

export function fileDay(modifiedMs: number, options: FileOptions): FileDay {
  return { modifiedMs, offsetMinutes: options.offsetMinutes ?? ((ms) => -new Date(ms).getTimezoneOffset()) };
}

/**
 * Opens a log file. Failures: source-not-found, permission-denied, bad-argument (a folder, a device; an encoding or format
 * that this program does not know), io-error.
 */
export function openTextFile(path: string, options: FileOptions = {}): Result<FileSource> {
  const now = options.milliseconds ?? (() => performance.now());
  const looked = lookAt(path);
  if (!looked.ok) return looked;
  const { head, size, modifiedMs } = looked.value;
  const day = fileDay(modifiedMs, options);
  const packed = isGzip(head);
  if (packed && options.follow) {
    return fail('bad-argument', `${path} is packed, and a packed file cannot be followed`, 'Open it without following');
  }
  const plain = packed ? unpackHead(head) : head;
  const reading = chooseReading(plain, !packed && head.length === size, day, options);
  if (!reading.ok) return reading;
  // A followed file that is still empty will get content; its format is judged then.
  const known = options.follow && size === 0 ? null : reading.value;
  const feed: Result<ByteFeed> = packed
    ? ok(gunzipFeed(path, size))
    : FileFeed.open(path, options.follow ?? false, now);
  if (!feed.ok) return feed;
  return ok(new FileSource(options.displayName ?? path, resolve(path), feed.value, known, day, options, now));
}

/**
 * Reads a stream, for instance standard input, and unpacks it if it is packed by gzip. Its format and encoding are
 * judged by its first bytes.
 */
export function openStreamSource(stream: Readable, name: string, options: FileOptions = {}): FileSource {
  const now = options.milliseconds ?? (() => performance.now());
  const feed = new StreamFeed(name, unpackedIfPacked(stream));
  return new FileSource(options.displayName ?? name, null, feed, null, fileDay(Date.now(), options), options, now);
}

/**
 * Reads a stream some of which may have arrived already; the source then begins at the first time in it rather than
 * now. Failure: bad-argument, as for openTextFile.
 */
export function openFeedSource(feed: StreamFeed, name: string, options: FileOptions = {}): Result<FileSource> {
  const now = options.milliseconds ?? (() => performance.now());
  const day = fileDay(Date.now(), options);
  const { head } = feed;
  const reading = head === null || head.length === 0 ? null : chooseReading(head, false, day, options);
  if (reading !== null && !reading.ok) return reading;
  return ok(new FileSource(options.displayName ?? name, null, feed, reading?.value ?? null, day, options, now));
}

/**
 * The beginning of a file, its size, and when it was last written. Opening never blocks, even if the name belongs to a
 * pipe.
 */
function lookAt(path: string): Result<{ head: Uint8Array; size: number; modifiedMs: number }> {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = fstatSync(fd);
    if (facts.isDirectory()) return fail('bad-argument', `${path} is a folder`, 'Name a file');
    if (!facts.isFile()) return fail('bad-argument', `${path} is no file with an end`, 'Read it as standard input: -');
    let head = beginOf(fd, Math.min(DETECT_BYTES, facts.size));
    // What is packed says enough, and more of it could unpack to anything.
    if (head.length < facts.size && !isGzip(head) && !hasRecords(head))
      head = beginOf(fd, Math.min(LONG_DETECT_BYTES, facts.size));
    return ok({ head, size: facts.size, modifiedMs: facts.mtimeMs });
  } catch (error) {
    return openFailure(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** Where lines are so long that what is usually looked at has no two whole ones, so many bytes are. */
const LONG_DETECT_BYTES = 8 * DETECT_BYTES;

function beginOf(fd: number, bytes: number): Uint8Array {
  const head = new Uint8Array(bytes);
  return head.subarray(0, readSync(fd, head, 0, bytes, 0));
}

/** Whether two lines end in it: one may name the columns, what follows says what they hold. */
const hasRecords = (head: Uint8Array): boolean => head.indexOf(LF, head.indexOf(LF) + 1) > head.indexOf(LF);

/** Unpacks the beginning of a packed file; 64 KiB unpack to 66 MiB at most. */
function unpackHead(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, DETECT_BYTES);
  } catch {
    // The packed data is broken. Reading it later reports where.
    return new Uint8Array(0);
  }
}

export class FileSource implements LogSource {
  readonly info: ReturnType<typeof fileInfo> & Pick<SourceInfo, 'startEstimated'>;
  private readonly feed: ByteFeed;
  private day: FileDay;
  private readonly wishes: FileOptions;
  private readonly now: () => number;
  private chosen: Reading | null;
  private reader: RecordReader | null = null;
  /** The reader of the earlier contents, if the file was truncated or replaced. */
  private earlier: RecordReader | null = null;
  /** What arrived of a stream before its format was judged. */
  private head: Uint8Array[] = [];
  private headBytes = 0;
  private headSince = 0;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private sink: BatchSink = () => {};
  /** Of the poll that is going on. */
  private lease: BatchLease | null = null;
  private readonly tally = new FileTally();
  private readonly broken = new BrokenPlaces();
  /** A thread that reads the whole file; null for one that is read here. */
  private ahead: ReadAhead | null = null;
  private mayReadAhead: boolean;
  /** Rows that come again, because they were handed on before the thread read them, or the other way round. */
  private again = 0;
  private closed = false;

  constructor(
    name: string,
    path: string | null,
    feed: ByteFeed,
    reading: Reading | null,
    day: FileDay,
    wishes: FileOptions,
    now: () => number,
  ) {
    this.feed = feed;
    this.day = day;
    this.wishes = wishes;
    this.now = now;
    this.chosen = reading;
    this.mayReadAhead = feed instanceof FileFeed && wishes.follow !== true && reading !== null;
    const startUnixMs = reading?.startUnixMs ?? day.modifiedMs;
    this.info = {
      ...fileInfo(name, path, day.modifiedMs, startUnixMs),
      ...(reading?.dated === true ? {} : { startEstimated: true as const }),
    };
  }

  /** How the file is read; null while nothing of a stream has arrived. */
  get reading(): Reading | null {
    return this.chosen;
  }

  /** Whether a thread reads the file, or has read it to its end. */
  get readsAhead(): boolean {
    return this.ahead !== null;
  }

  get processNames(): ReadonlyMap<number, string> {
    return (this.reader ?? this.earlier)?.processNames ?? new Map();
  }

  poll(sink: BatchSink, lease: BatchLease | null = null): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    this.sink = sink;
    if (this.ahead !== null) return this.takeAhead(this.ahead);
    // Rows that are not handed on must not be written where they would be kept.
    this.lease = this.again > 0 ? null : lease;
    this.reader?.begin(this.lease);
    const before = this.tally.rows;
    let bytes = 0;
    let more = true;
    while (bytes < POLL_BYTES) {
      const fed = this.feed.next();
      if (fed.kind === 'bytes') {
        bytes += fed.bytes.length;
        this.take(fed.bytes);
      } else if (fed.kind === 'restart') {
        this.restart(fed.why);
      } else if (fed.kind === 'wait') {
        this.judgeIfPatient();
        more = false;
        break;
      } else {
        this.end(fed.failure);
        more = false;
        break;
      }
    }
    // If there is no more data now, the newest record is handed on at once, rather than waiting for a line that might
    // continue it.
    this.reader?.flush(!more);
    // The first rows were there at once. For all others a thread is waited for, if the file is worth one.
    if (more && this.mayReadAhead) this.startAhead();
    return { state: this.state, rows: this.tally.rows - before, bytes, more };
  }

  /** Starts a thread that reads the file once more from its begin; rows that were handed on already are left out. */
  private startAhead(): void {
    this.mayReadAhead = false;
    const { chosen, feed, info, reader, wishes } = this;
    const { path } = info.file;
    if (!(feed instanceof FileFeed) || chosen === null || reader === null || path === null) return;
    try {
      const shiftNs = this.shiftOf(chosen);
      const job = { path, file: feed.identity, reading: chosen, modifiedMs: this.day.modifiedMs, shiftNs };
      this.ahead = ReadAhead.start(job, feed.progress.total, reader.processNames, this.now, wishes.aheadScript);
    } catch {
      // The file can no longer be looked at; reading it says why.
    }
    if (this.ahead !== null) this.again = this.tally.rows;
  }

  private takeAhead(ahead: ReadAhead): PollOutcome {
    const before = this.tally.rows;
    const { state, bytes } = ahead.read((batch) => this.hand(batch), POLL_BYTES);
    if (state === 'ended') this.finishAt(ahead.failure);
    if (state === 'lost') {
      ahead.close();
      this.ahead = null;
      this.again = this.tally.rows - (this.reader?.rowCount ?? 0);
    }
    return { state: this.state, rows: this.tally.rows - before, bytes, more: this.state === 'capturing' };
  }

  stats(): SourceStats {
    const { state, failure } = this;
    return { state, failure, cpus: this.tally.stats(), file: this.figures() };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    this.sink = sink;
    this.judge();
    // What a thread has read further is as if it had not been read.
    if (this.ahead === null) this.reader?.finish();
    else this.ahead.close();
    this.closed = true;
    this.feed.close();
  }

  private figures(): FileFigures {
    const { done, total } = this.feed.progress;
    const readBytes = this.ahead?.doneBytes ?? done;
    return {
      readBytes,
      totalBytes: total === null ? null : Math.max(total, readBytes),
      ended: this.state === 'ended',
      format: this.chosen === null ? null : FORMAT_TITLES[this.chosen.format],
      formatName: this.chosen?.format ?? null,
      encoding: this.chosen?.encoding.encoding ?? null,
      ...(this.chosen === null ? {} : { encodingBy: this.chosen.encoding.by }),
      broken: (this.ahead?.broken ?? this.broken).figures(),
    };
  }

  private take(bytes: Uint8Array): void {
    if (this.chosen === null) {
      if (this.headBytes === 0) this.headSince = this.now();
      this.head.push(bytes.slice());
      this.headBytes += bytes.length;
      if (this.headBytes >= DETECT_BYTES) this.judge();
      return;
    }
    this.reader ??= this.createReader(this.chosen);
    this.reader.push(bytes);
  }

  /**
   * Judges what has arrived if it seems enough. For a file without more data, whole lines are enough; part of a line
   * may soon be continued, and is judged only after a while.
   */
  private judgeIfPatient(): void {
    if (this.headBytes === 0) return;
    const patient = this.now() - this.headSince >= HEAD_PATIENCE_MS;
    if (patient || (this.info.file.path !== null && this.head.some((piece) => piece.includes(LF)))) this.judge();
  }

  /** Decides how a stream is read, by what has arrived so far. */
  private judge(): void {
    if (this.chosen !== null || this.headBytes === 0) return;
    const said = new Uint8Array(this.headBytes);
    let at = 0;
    for (const piece of this.head) {
      said.set(piece, at);
      at += piece.length;
    }
    this.head = [];
    this.headBytes = 0;
    const reading = chooseReading(said.subarray(0, DETECT_BYTES), false, this.day, this.wishes);
    if (!reading.ok) {
      this.failure = reading.failure;
      this.state = 'failed';
      return;
    }
    this.chosen = reading.value;
    this.take(said);
  }

  private createReader(reading: Reading): RecordReader {
    const { broken, earlier } = this;
    const options = { broken, shiftNs: this.shiftOf(reading), before: earlier };
    const reader = new RecordReader(reading, this.day, (batch) => this.hand(batch), options);
    reader.begin(this.lease);
    return reader;
  }

  /**
   * A source that was judged only after it was opened has rows before or after the begin that was assumed for it; their
   * times are shifted accordingly. A new file without dates continues at the time where the one before ended.
   */
  private shiftOf(reading: Reading): number {
    const distance = Math.round((reading.startUnixMs - this.info.startUnixMs) * 1e6);
    return reading.dated || this.earlier === null ? distance : this.earlier.lastNs;
  }

  private hand(batch: EntryBatch): void {
    const rest = this.again === 0 ? batch : this.withoutKnown(batch);
    if (rest === null) return;
    this.tally.note(rest);
    this.sink(rest);
  }

  /** The batch without those of its rows that were handed on before; null if all of them were. */
  private withoutKnown(batch: EntryBatch): EntryBatch | null {
    const known = Math.min(this.again, batch.count);
    this.again -= known;
    if (known === batch.count) return null;
    const { dataStart, dataLength, bytes } = batch;
    const places = { dataStart: dataStart.subarray(known), dataLength: dataLength.subarray(known), bytes };
    const rest = batchOver(batch.capacity - known, (name) => batch[name].subarray(known), places);
    return Object.assign(rest, { count: batch.count - known, bytesUsed: batch.bytesUsed });
  }

  /**
   * Starts again with a followed file that was truncated or replaced. The rows read so far stay, and new ones follow
   * them. Format and encoding are judged again, because another program may have written the new file.
   */
  private restart(why: string): void {
    this.judge();
    this.reader?.finish();
    this.broken.add({ problem: why });
    this.earlier = this.reader ?? this.earlier;
    this.reader = null;
    this.chosen = null;
    this.day = fileDay(Date.now(), this.wishes);
  }

  private end(failure: Failure | null): void {
    this.judge();
    this.reader?.finish();
    this.finishAt(failure);
  }

  private finishAt(failure: Failure | null): void {
    this.failure ??= failure;
    this.state = this.failure === null ? 'ended' : 'failed';
    this.ahead?.close();
    this.feed.close();
  }
}
