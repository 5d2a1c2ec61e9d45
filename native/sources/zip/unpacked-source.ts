/**
 * An event log, a trace or the memory of a machine in a zip file. Such a file is read in no order of its bytes, so it is unpacked
 * first: into a file that is this source's alone, while it is polled, and gone when it is closed. Where that file may lie is said
 * by whoever opens it. When the log began is told by its begin, which is unpacked at once; should all of it say otherwise, rows
 * are moved, and the begin stays.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync, statfsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import type { BatchSink } from '../../core/batch-writer.ts';
import type { EntryBatch } from '../../core/entry.ts';
import { EventNameTable } from '../../core/event-names.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { type BinaryKind, type BinaryOptions, imageEnding } from '../binary-files.ts';
import { fileInfo } from '../file/file-facts.ts';
import type { FileFigures, LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import type { Unpacking } from './unpacking.ts';
import type { ZipEntry } from './zip-directory.ts';

/** A folder for files that this program needs only while it runs, made if there is none. Failures: those of making one. */
export type ScratchFolder = () => Result<string>;

/** The most bytes that a file in a zip file may unpack to: the memory of a large machine. */
const MOST_BYTES = 64 * 1024 ** 3;
/** Of what is free on the disk, the share that may be used: others need room, too. */
const MOST_SHARE = 0.5;

/** What says nowhere when it began, began when it was written. */
function writtenWhen(path: string, { modifiedMs }: ZipEntry): void {
  try {
    utimesSync(path, modifiedMs / 1000, modifiedMs / 1000);
  } catch {
    // Where it cannot be touched, whoever opens it is told why.
  }
}

type PackedSizes = Pick<ZipEntry, 'bytes' | 'packedBytes'>;

/** What is to be unpacked. */
export interface PackedLog {
  /** Of the zip file and in it, as it is shown to people. */
  readonly shown: string;
  /** The same by its whole path. */
  readonly place: string;
  readonly entry: ZipEntry;
  readonly kind: BinaryKind;
  /** Its first bytes: as many as tell when it began, if it is one of the usual ones. */
  readonly head: Uint8Array;
  /** Begins to unpack it. */
  readonly unpack: () => Unpacking;
}

/**
 * Failures: bad-argument, for one that is too large, or where there is no folder to unpack to; disk-full; source-unsupported, for memory
 * that is not read; those of making a file.
 */
export function openUnpacked(
  log: PackedLog,
  scratch: ScratchFolder | undefined,
  options: BinaryOptions,
): Result<UnpackedSource> {
  const { shown, entry, kind } = log;
  if (scratch === undefined)
    return fail(
      'bad-argument',
      `${shown} is ${kind.what}, which is not read within a zip file here`,
      'Unpack it first',
    );
  const folder = scratch();
  if (!folder.ok) return folder;
  const path = join(folder.value, `unpacked-${randomBytes(8).toString('hex')}${imageEnding(entry.name)}`);
  try {
    mkdirSync(folder.value, { recursive: true });
    const { bavail, bsize } = statfsSync(folder.value);
    const room = roomFor(log, folder.value, bavail * bsize);
    if (!room.ok) return room;
    // It may hold what only its owner may see.
    writeFileSync(path, log.head, { flag: 'wx', mode: 0o600 });
    writtenWhen(path, entry);
  } catch (error) {
    removeFile(path);
    return unpackFailure(shown, error);
  }
  const begun = kind.open(path, { displayName: shown, unexplained: true });
  if (!begun.ok && begun.failure.code === 'source-unsupported') {
    removeFile(path);
    return { ok: false, failure: named(begun.failure, path, shown) };
  }
  if (begun.ok) begun.value.close(() => {});
  const info = infoOf(log, begun.ok ? begun.value.info : null, options.displayName ?? shown);
  return ok(new (kind.format === 'trace' ? UnpackedTrace : UnpackedSource)(log, info, path, options));
}

/**
 * Whether it may be unpacked into a folder whose disk has so many bytes free. A zip file says how large what it holds is, and no
 * more than that is unpacked. Failures: bad-argument, disk-full.
 */
export function roomFor(
  { shown, entry: { bytes, packedBytes } }: { readonly shown: string; readonly entry: PackedSizes },
  folder: string,
  free: number,
): Result<null> {
  const unpacks = `${shown} unpacks from ${gigabytes(packedBytes)} to ${gigabytes(bytes)}`;
  if (bytes > MOST_BYTES)
    return fail(
      'bad-argument',
      `${unpacks}, more than the ${gigabytes(MOST_BYTES)} that are unpacked here`,
      'If it is what you expect, unpack it yourself, and open what comes out',
    );
  return bytes <= free * MOST_SHARE
    ? ok(null)
    : fail(
        'disk-full',
        `${unpacks}, and the disk of ${folder} has ${gigabytes(free)} free, of which half may be used`,
        'Make room there, or unpack it elsewhere, and open what comes out',
      );
}

const gigabytes = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

function infoOf({ place, entry, kind }: PackedLog, begun: SourceInfo | null, name: string): SourceInfo {
  const { identity, ...own } = fileInfo(name, place, entry.crc32, entry.modifiedMs);
  const file = kind.format === 'memory' ? { ...own.file, fromEnd: true as const } : own.file;
  return { ...(begun ?? { ...own, startEstimated: true }), name, identity, file };
}

function unpackFailure(shown: string, error: unknown): Result<never> {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  return fail(
    code === 'ENOSPC' ? 'disk-full' : 'io-error',
    `${shown} could not be unpacked: ${message}`,
    code === 'ENOSPC' ? 'Make room on the disk' : 'Unpack it yourself, and open what comes out',
    { code, text: message },
  );
}

/** A failure of the reader, of the file in the zip file rather than of the one it was unpacked to. */
const named = (failure: Failure, path: string, shown: string): Failure => ({
  ...failure,
  message: failure.message.replaceAll(path, shown),
});

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It goes with its folder.
  }
}

const NOTHING: PollOutcome = { state: 'capturing', rows: 0, bytes: 0, more: false };

export class UnpackedSource implements LogSource {
  readonly info: SourceInfo;
  readonly eventNames = new EventNameTable();
  /** What the file is. */
  readonly format: BinaryKind['format'];
  protected inner: LogSource | null = null;
  private readonly log: PackedLog;
  private readonly path: string;
  private readonly options: BinaryOptions;
  private readonly unpacking: Unpacking;
  /** How it went: null while it is unpacked. */
  private unpacked: { readonly failure: Failure | null } | null = null;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private packedDone = 0;
  private shiftNs = 0;
  /** Of this source, by the numbers of events that the reader has. */
  private readonly events: number[] = [0];
  private closed = false;

  /** `path`: the file to unpack to, which this source removes. */
  constructor(log: PackedLog, info: SourceInfo, path: string, options: BinaryOptions) {
    this.log = log;
    this.info = info;
    this.format = log.kind.format;
    this.path = path;
    this.options = options;
    this.unpacking = log.unpack();
    // The file is there, with its begin; one that was removed meanwhile is not made again.
    const written = createWriteStream(path, { flags: 'r+' });
    pipeline(this.unpacking.stream, written, (error) => {
      const failed = error ? unpackFailure(log.shown, error) : null;
      this.unpacked = { failure: failed === null || failed.ok ? null : failed.failure };
    });
    // Some systems remove no file that is still written.
    written.once('close', () => this.closed && removeFile(path));
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { ...NOTHING, state: this.state };
    const { done } = this.unpacking;
    const bytes = done - this.packedDone;
    this.packedDone = done;
    if (this.unpacked === null) return { ...NOTHING, bytes };
    this.inner ??= this.openInner(this.unpacked.failure);
    if (this.inner === null) return { ...NOTHING, state: this.state };
    const { inner } = this;
    const outcome = inner.poll((batch) => sink(this.own(batch)));
    if (outcome.state === 'capturing') return outcome;
    const { failure } = inner.stats();
    // What was unpacked before it failed was read as far as it goes.
    this.failure = this.unpacked.failure ?? (failure && named(failure, this.path, this.log.shown));
    this.state = this.failure === null ? outcome.state : 'failed';
    return { ...outcome, state: this.state };
  }

  stats(): SourceStats {
    const { entry } = this.log;
    const stats = this.inner?.stats();
    const of = stats?.file;
    // What is unpacked first and read then is half done between the two.
    const read = of === undefined || !of.totalBytes ? 0 : of.readBytes / of.totalBytes;
    const done = this.state === 'ended' ? 1 : (this.unpacking.done / Math.max(1, entry.packedBytes) + read) / 2;
    const file: FileFigures = {
      ...(of ?? { format: null, encoding: null, broken: { count: 0, places: [] } }),
      readBytes: Math.round(Math.min(1, done) * entry.packedBytes),
      totalBytes: entry.packedBytes,
      ended: this.state === 'ended',
      formatName: this.format,
    };
    return { cpus: [], ...stats, state: this.state, failure: this.failure, file };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    this.closed = true;
    this.unpacking.stream.destroy();
    this.inner?.close((batch) => sink(this.own(batch)));
    removeFile(this.path);
  }

  /** Null where it cannot be read, which `failure` then explains. */
  private openInner(unpackFailure: Failure | null): LogSource | null {
    const { entry, kind, shown } = this.log;
    writtenWhen(this.path, entry);
    const opened = kind.open(this.path, { ...this.options, displayName: this.info.name });
    if (opened.ok) {
      this.shiftNs = Math.round((opened.value.info.startUnixMs - this.info.startUnixMs) * 1e6);
      return opened.value;
    }
    this.failure = unpackFailure ?? named(opened.failure, this.path, shown);
    this.state = 'failed';
    return null;
  }

  /** The batch with the times and the numbers of events of this source. */
  private own(batch: EntryBatch): EntryBatch {
    const { events, shiftNs, inner } = this;
    const table = inner?.eventNames;
    for (let number = events.length; table !== undefined && number < table.size; number++) {
      const names = table.at(number);
      events.push(names === null ? 0 : this.eventNames.numberOf(names));
    }
    for (let row = 0; row < batch.count; row++) {
      batch.event[row] = events[batch.event[row] as number] ?? 0;
      if (shiftNs !== 0) batch.timeNs[row] = (batch.timeNs[row] as number) + shiftNs;
    }
    return batch;
  }
}

/** A trace names processes. */
class UnpackedTrace extends UnpackedSource {
  get processNames(): ReadonlyMap<number, string> {
    return this.inner?.processNames ?? NO_NAMES;
  }
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();
