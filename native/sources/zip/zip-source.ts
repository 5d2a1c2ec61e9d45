/**
 * Log files within a zip file. Each is named by a path that goes on behind that of the zip file, `logs.zip/boot/dbgview.LOG`. Text
 * is unpacked while it is read, a bounded part ahead, so that nothing is written to a disk; other logs are unpacked into a
 * file first (unpacked-source.ts).
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inflateRawSync, constants as zlib } from 'node:zlib';
import { fail, ok, type Result } from '../../core/result.ts';
import { type BinaryOptions, binaryKind } from '../binary-files.ts';
import { openFailure } from '../file/byte-feed.ts';
import { ASK_PARQUET, isParquet } from '../file/detect.ts';
import { DETECT_BYTES, detectEncoding } from '../file/encoding.ts';
import { type FileOptions, FileSource, fileDay } from '../file/file-source.ts';
import { chooseReading } from '../file/record-reader.ts';
import { isGzip, StreamFeed } from '../file/stream-feed.ts';
import type { LogSource } from '../source.ts';
import { openUnpacked, type ScratchFolder } from './unpacked-source.ts';
import { unpackEntry } from './unpacking.ts';
import { isZip, packedAt, type ReadAt, readZipDirectory, type ZipEntry } from './zip-directory.ts';

/** The most files of a zip file that are looked at, and that are opened at once. */
const MOST_FILES = 256;
const MOST_LOGS = 32;
/** Packed bytes of a file by which it is told whether it may be a log; they unpack to 1 MiB at most. */
const LOOK_BYTES = 1024;
/**
 * Bytes of a file that is no text by which it is told when it began. Packed bytes that are unpacked for that: the first come to
 * no more than twice as many, whatever they hold, and the next are taken as long as these came to less.
 */
const BEGIN_BYTES = 4 * 1024 * 1024;
const PACKED_STEPS = [4 * 1024, 64 * 1024, 512 * 1024, BEGIN_BYTES] as const;
/** A folder that macOS adds, of what no other system knows. */
const NO_LOGS = /^__MACOSX\//;

export type ZipOptions = FileOptions &
  BinaryOptions & {
    /** Where logs that are no text are unpacked to; without it they are refused. */
    readonly scratch?: ScratchFolder;
  };

/** A zip file while it is looked at. */
interface OpenZip {
  readonly path: string;
  readonly size: number;
  readonly read: ReadAt;
  readonly entries: readonly ZipEntry[];
}

function withZip<T>(path: string, use: (zip: OpenZip) => Result<T>): Result<T> {
  let fd: number | null = null;
  try {
    const opened = openSync(path, 'r');
    fd = opened;
    const { size } = fstatSync(opened);
    const read: ReadAt = (offset, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(opened, bytes, 0, length, offset));
    };
    const entries = readZipDirectory(path, size, read);
    return entries.ok ? use({ path, size, read, entries: entries.value }) : entries;
  } catch (error) {
    return openFailure(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/**
 * The paths of the log files in a zip file: what is text, event logs, traces, and the memory of machines. Failures: bad-argument for a zip file that is damaged, hostile, of no log or of too many, and those of opening it.
 */
export function logsInZip(path: string): Result<readonly string[]> {
  return withZip(path, (zip) => {
    const files = zip.entries.filter(({ name, bytes }) => bytes > 0 && !NO_LOGS.test(name));
    if (files.length > MOST_FILES) return tooMany(path, files.length, 'files');
    const logs: string[] = [];
    let advice = 'Unpack it, and see what it holds';
    for (const entry of files) {
      const head = headOf(zip, entry, LOOK_BYTES);
      if (!head.ok) return head;
      const better = adviceFor(entry.name, head.value);
      if (better !== null) advice = better;
      else if (mayBeLog(entry.name, head.value)) logs.push(`${path}/${entry.name}`);
    }
    if (logs.length === 0) return fail('bad-argument', `${path} holds no log file`, advice);
    return logs.length > MOST_LOGS ? tooMany(path, logs.length, 'log files') : ok(logs);
  });
}

/** What to do with a file that is opened, but not within a zip file; null for any other. */
function adviceFor(name: string, head: Uint8Array): string | null {
  if (isParquet(head)) return `Unpack ${name}, and ${ASK_PARQUET}`;
  const packed = isZip(head) || isGzip(head) || /\.tar$/i.test(name);
  return packed ? `Unpack ${name}, and open that` : null;
}

const tooMany = (path: string, count: number, what: string): Result<never> =>
  fail('bad-argument', `${path} holds ${count.toLocaleString('en')} ${what}`, 'Unpack it, and open those that matter');

/**
 * What is to be opened for a path: the log files in a zip file, if it holds several, else the path itself. Failures: those of
 * `logsInZip`.
 */
export function logsAt(path: string): Result<readonly string[]> {
  if (!isZipFile(path)) return ok([path]);
  const logs = logsInZip(path);
  return logs.ok && logs.value.length === 1 ? ok([path]) : logs;
}

/** Whether a path is that of a zip file, or of something in one. */
export const leadsToZip = (path: string): boolean => isZipFile(path) || placeInZip(path) !== null;

/** Whether a regular file is a zip file; what cannot be looked at is none. */
function isZipFile(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const fd = openSync(path, 'r');
    try {
      const head = new Uint8Array(4);
      return readSync(fd, head, 0, head.length, 0) === head.length && isZip(head);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

/** A zip file, and the file in it that a path leads to; null for every other path. */
export function placeInZip(path: string): { readonly zip: string; readonly name: string } | null {
  for (let at = 1; at < path.length; at++) {
    if (path[at] !== '/' && path[at] !== '\\') continue;
    if (isZipFile(path.slice(0, at))) return { zip: path.slice(0, at), name: path.slice(at + 1).replaceAll('\\', '/') };
  }
  return null;
}

/** Opens the one log file in a zip file. Failures: bad-argument, also where it holds several; those of `openInZip`. */
export function openZip(path: string, options: ZipOptions = {}): Result<LogSource> {
  const logs = logsInZip(path);
  if (!logs.ok) return logs;
  const [first = '', ...more] = logs.value;
  if (more.length > 0) {
    const what = `${path} holds ${more.length + 1} log files, and one source reads one of them`;
    return fail('bad-argument', what, `Name the one, such as ${first}`);
  }
  return openInZip(path, first.slice(path.length + 1), { displayName: path, ...options });
}

/** Opens a file in a zip file. Failures: source-not-found, bad-argument, those of opening the zip file and of `openUnpacked`. */
export function openInZip(zipPath: string, name: string, options: ZipOptions = {}): Result<LogSource> {
  const shown = `${zipPath}/${name}`;
  if (options.follow)
    return fail(
      'bad-argument',
      `${shown} is packed, and a packed file cannot be followed`,
      'Open it without following',
    );
  return withZip<LogSource>(zipPath, (zip) => {
    const entry = zip.entries.find((each) => each.name === name);
    if (entry === undefined) return fail('source-not-found', `${zipPath} holds no file ${name}`, 'Check the name');
    const head = headOf(zip, entry, DETECT_BYTES);
    if (!head.ok) return head;
    const at = packedAt(zipPath, entry, zip.size, zip.read);
    if (!at.ok) return at;
    const place = `${resolve(zipPath)}/${name}`;
    const kind = binaryKind(name, head.value);
    if (kind !== null) {
      const unpack = () => unpackEntry(zipPath, entry, at.value);
      return openUnpacked({ shown, place, entry, kind, head: beginOf(zip, entry), unpack }, options.scratch, options);
    }
    const day = fileDay(entry.modifiedMs, options);
    const begin = head.value.subarray(0, DETECT_BYTES);
    const reading = chooseReading(begin, begin.length === entry.bytes, day, options);
    if (!reading.ok) {
      const { failure } = reading;
      return { ok: false, failure: { ...failure, message: `${shown}: ${failure.message}` } };
    }
    const unpacking = unpackEntry(zipPath, entry, at.value);
    const progress = () => ({ done: unpacking.done, total: entry.packedBytes });
    const feed = new StreamFeed(shown, unpacking.stream, progress);
    const now = options.milliseconds ?? (() => performance.now());
    return ok(new FileSource(options.displayName ?? shown, place, feed, reading.value, day, options, now));
  });
}

/**
 * The begin of a file, unpacked from so many bytes; nothing if they come to more than `mostUnpacked`. What is damaged in it is
 * told where it is read.
 */
function headOf(
  { path, size, read }: OpenZip,
  entry: ZipEntry,
  most: number,
  mostUnpacked?: number,
): Result<Uint8Array> {
  const at = packedAt(path, entry, size, read);
  if (!at.ok) return at;
  const packed = read(at.value, Math.min(most, entry.packedBytes));
  if (entry.packed === 'stored') return ok(packed);
  try {
    const limit = mostUnpacked === undefined ? {} : { maxOutputLength: mostUnpacked };
    return ok(inflateRawSync(packed, { finishFlush: zlib.Z_SYNC_FLUSH, ...limit }));
  } catch {
    return ok(new Uint8Array(0));
  }
}

/** As much of the begin of a file as tells when it began, unpacked; fewer bytes where it is damaged, or unpacks to very many. */
function beginOf(zip: OpenZip, entry: ZipEntry): Uint8Array {
  let begin: Uint8Array = new Uint8Array(0);
  for (const most of PACKED_STEPS) {
    const head = headOf(zip, entry, most, 2 * BEGIN_BYTES);
    if (!head.ok || head.value.length <= begin.length) break;
    begin = head.value;
    if (begin.length >= BEGIN_BYTES || most >= entry.packedBytes) break;
  }
  return begin;
}

/** Text in any encoding, and the logs that are no text. Other files have zero bytes, which no text but UTF-16 has. */
function mayBeLog(name: string, head: Uint8Array): boolean {
  if (binaryKind(name, head) !== null) return true;
  return /^utf-16/.test(detectEncoding(head, 'windows-1252', false).encoding) || !head.includes(0);
}
