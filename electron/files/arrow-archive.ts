/**
 * The history's place on disk: Arrow IPC files of at most some size in one folder, each a whole Arrow file at any time,
 * for its footer is written anew after every record batch. A session that fits has one file; more are begun so that the
 * disk space of dropped history can be given back, which happens a file at a time.
 *
 * Writes are synchronous: a segment's write goes to the page cache and takes a few milliseconds, and the buffers it came
 * from are free at once. Nothing is synced: the files do not outlive the program.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordBatch, RecordBatchFileWriter } from 'apache-arrow';
import { ok, type Result } from '../../native/core/result.ts';
import type { ArchiveHandle, SegmentArchive } from '../session/store/archive.ts';
import type { Segment } from '../session/store/segment.ts';
import { bodyOf, bufferBytes, fromRecordBatch, SEGMENT_SCHEMA, toRecordBatch } from './arrow-segment.ts';
import { BatchScratch } from './join-payloads.ts';
import { roundedUp, SpareBuffers } from './spare-buffers.ts';
import { failureOfSystemError } from './system-failure.ts';

/** A file is closed, and a new one begun, once it is this long. */
const FILE_BYTES = 256 * 1024 * 1024;

interface Encoded {
  /** The file's next bytes, and what completes the file after them. */
  readonly body: Uint8Array[];
  readonly footer: Uint8Array[];
  /** Where the batch lies in the file. */
  readonly at: number;
  readonly length: number;
  /** The beginning of the batch, which says where its columns lie. */
  readonly metadata: Uint8Array;
}

/** Encodes batch after batch of one file into pieces instead of a stream, so that a failed write can be taken back. */
class BatchEncoder extends RecordBatchFileWriter {
  private pieces: Uint8Array[] = [];

  constructor() {
    super();
    this.reset(undefined, SEGMENT_SCHEMA);
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started || chunk.byteLength === 0) return this;
    this.pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }

  /** The file's next bytes up to and with the batch, and the footer that completes the file after them. */
  encode(batch: RecordBatch): Encoded {
    this.write(batch);
    const body = this.take();
    // The first body begins with the magic and the schema, which wait since the file was begun.
    const begin = this._position - body.reduce((bytes, piece) => bytes + piece.length, 0);
    const { offset, metaDataLength, bodyLength } = this._recordBatchBlocks.at(-1) as {
      offset: number | bigint;
      metaDataLength: number;
      bodyLength: number | bigint;
    };
    const at = Number(offset);
    const metadata = sliceOf(body, at - begin, metaDataLength);
    return { body, footer: this.footer(), at, length: metaDataLength + Number(bodyLength), metadata };
  }

  /** What completes the file after the batches so far. */
  footer(): Uint8Array[] {
    const end = this._position;
    this._writeFooter(SEGMENT_SCHEMA);
    this._position = end;
    return this.take();
  }

  /** What was encoded for `end` and beyond was not written: it is as if it had not been. */
  takeBack(end: number): void {
    this.take();
    this._position = end;
    this._recordBatchBlocks = this._recordBatchBlocks.filter((block) => Number(block.offset) < end);
  }

  private take(): Uint8Array[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }
}

interface ArchiveFile {
  readonly path: string;
  readonly descriptor: number;
  readonly encoder: BatchEncoder;
  /** Where the next batch goes; the footer stands there until then. */
  end: number;
  bytes: number;
  /** Segments not released yet. */
  held: number;
}

interface Handle extends ArchiveHandle {
  readonly file: ArchiveFile;
  readonly at: number;
  readonly length: number;
  /** As it was written: anything else in its place could send the decoder anywhere, so it is not decoded. */
  readonly metadata: Uint8Array;
}

export class ArrowArchive implements SegmentArchive {
  readonly place: string;
  private readonly fileBytes: number;
  private readonly files = new Set<ArchiveFile>();
  private current: ArchiveFile | null = null;
  private lastNumber = 0;
  private readonly spares = new SpareBuffers();
  private readonly scratch = new BatchScratch();

  /** Nothing is created before the first segment is put away. `folder` is the archive's own. */
  constructor(folder: string, fileBytes = FILE_BYTES) {
    this.place = folder;
    this.fileBytes = fileBytes;
  }

  get bytes(): number {
    let bytes = 0;
    for (const file of this.files) bytes += file.bytes;
    return bytes;
  }

  put(segment: Segment): Result<ArchiveHandle> {
    let file: ArchiveFile | null = null;
    try {
      file = this.current ?? this.create();
      const { body, footer, at, length, metadata } = file.encoder.encode(
        toRecordBatch(segment, 0, segment.count, this.scratch),
      );
      const end = writeAll(file.descriptor, body, file.end);
      const bytes = writeAll(file.descriptor, footer, end);
      file.end = end;
      file.bytes = bytes;
      file.held++;
      if (bytes >= this.fileBytes) this.current = null;
      const rows = segment.count;
      const handle: Handle = { rows, memoryBytes: roundedUp(bufferBytes(length, rows)), file, at, length, metadata };
      return ok(handle);
    } catch (error) {
      if (file !== null) this.abandon(file);
      return { ok: false, failure: failureOfSystemError(error, `The history could not be written to ${this.place}`) };
    }
  }

  load(handle: ArchiveHandle): Result<Segment> {
    const { file, at, length, metadata, rows, memoryBytes } = handle as Handle;
    try {
      const buffer = this.spares.take(memoryBytes);
      const body = bodyOf(buffer, length);
      let read = 0;
      while (read < length) {
        const got = readSync(file.descriptor, body, read, length - read, at + read);
        if (got === 0) throw new Error(`the file ends at ${at + read}`);
        read += got;
      }
      if (Buffer.compare(body.subarray(0, metadata.length), metadata) !== 0) {
        throw new Error(`the file was changed at ${at}`);
      }
      return ok(fromRecordBatch(buffer, length, rows));
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `The history could not be read from ${file.path}`) };
    }
  }

  get spareBytes(): number {
    return this.spares.bytes;
  }

  giveBack(segment: Segment): void {
    this.spares.giveBack(segment.index.buffer as SharedArrayBuffer);
  }

  release(handle: ArchiveHandle): void {
    const { file } = handle as Handle;
    file.held--;
    if (file.held === 0) this.remove(file);
  }

  clear(): void {
    for (const file of [...this.files]) this.remove(file);
    this.spares.clear();
  }

  private create(): ArchiveFile {
    mkdirSync(this.place, { recursive: true });
    const path = join(this.place, `history-${String(++this.lastNumber).padStart(4, '0')}.arrow`);
    const descriptor = openSync(path, 'wx+', 0o600);
    const file = { path, descriptor, encoder: new BatchEncoder(), end: 0, bytes: 0, held: 0 };
    this.files.add(file);
    this.current = file;
    return file;
  }

  /** After a failed write: what stood before it stays, and what follows goes to a new file once there is room again. */
  private abandon(file: ArchiveFile): void {
    this.current = null;
    if (file.held === 0) {
      this.remove(file);
      return;
    }
    file.encoder.takeBack(file.end);
    try {
      ftruncateSync(file.descriptor, file.end);
      file.bytes = file.end;
      file.bytes = writeAll(file.descriptor, file.encoder.footer(), file.end);
    } catch {
      // The failure of the write is told already. Without its footer the file serves this program all the same.
    }
  }

  private remove(file: ArchiveFile): void {
    this.files.delete(file);
    if (this.current === file) this.current = null;
    try {
      closeSync(file.descriptor);
      rmSync(file.path, { force: true });
    } catch {
      // Dropping history must not stop the capture; the next start removes what is left of this session's folder.
    }
  }
}

/** A copy of `length` bytes from `from` on of pieces that follow one another. */
function sliceOf(pieces: readonly Uint8Array[], from: number, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  let start = 0;
  for (const piece of pieces) {
    const part = piece.subarray(Math.max(0, from - start), Math.max(0, from + length - start));
    copy.set(part, Math.max(0, start - from));
    start += piece.length;
    if (start >= from + length) break;
  }
  return copy;
}

/** Writes the pieces one after the other from a place on, and returns where the last ends. */
function writeAll(descriptor: number, pieces: readonly Uint8Array[], from: number): number {
  let at = from;
  for (const piece of pieces) {
    let written = 0;
    while (written < piece.length)
      written += writeSync(descriptor, piece, written, piece.length - written, at + written);
    at += piece.length;
  }
  return at;
}
