/**
 * The archive of a session's rows on disk: Arrow IPC files of limited size in one folder. Each is a complete Arrow file
 * at any time, because its footer is rewritten after every record batch. A small session has a single file. Larger ones
 * have several, because the disk space of dropped rows can be given back only a whole file at a time.
 *
 * Writes are synchronous: writing a segment goes to the page cache and takes a few milliseconds, after which its
 * buffers are free. Nothing is synced to the disk, since the files are not needed after the program ends.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordBatch, RecordBatchFileWriter } from 'apache-arrow';
import { ok, type Result } from '../../native/core/result.ts';
import type { ArchiveHandle, SegmentArchive } from '../session/store/archive.ts';
import type { Segment } from '../session/store/segment.ts';
import { bodyOf, bufferBytes, fromRecordBatch, SEGMENT_SCHEMA, toRecordBatch } from './arrow-segment.ts';
import { BatchScratch } from './join-payloads.ts';
import { roundedUp, SpareBuffers } from './spare-buffers.ts';
import { failureOfSystemError } from './system-failure.ts';
import { readAll, writeAll } from './whole-io.ts';

/** When a file is this long, it is closed and a new one is begun. */
const FILE_BYTES = 256 * 1024 * 1024;

interface Encoded {
  /** The file's next bytes, and what completes the file after them. */
  readonly body: Uint8Array[];
  readonly footer: Uint8Array[];
  /** Offset of the batch in the file. */
  readonly at: number;
  readonly length: number;
  /** The metadata at the begin of the batch, which say where its columns are. */
  readonly metadata: Uint8Array;
}

/**
 * Encodes batches of one file into pieces of bytes rather than into a stream, so that a batch whose write failed can be
 * taken back.
 */
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

  /** The file's next bytes up to and including the batch, and the footer that then completes the file. */
  encode(batch: RecordBatch): Encoded {
    this.write(batch);
    const body = this.take();
    // The first batch is preceded by the magic and the schema, which were encoded when the file was begun.
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

  /** The footer that completes the file after the batches so far. */
  footer(): Uint8Array[] {
    const end = this._position;
    this._writeFooter(SEGMENT_SCHEMA);
    this._position = end;
    return this.take();
  }

  /** Undoes the encoding of everything at `end` and beyond, which was not written. */
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
  /** Where the next batch will be written; until then the footer is there. */
  end: number;
  bytes: number;
  /** Number of segments in the file that were not released yet. */
  held: number;
}

interface Handle extends ArchiveHandle {
  readonly file: ArchiveFile;
  readonly at: number;
  readonly length: number;
  /**
   * The metadata as they were written, to compare with those on disk: if they differ, the batch is not decoded, because
   * altered metadata could send the decoder to any address.
   */
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

  /** Creates nothing until the first segment is archived. `folder` belongs to this archive alone. */
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
      const read = readAll(file.descriptor, body, at);
      if (read < length) throw new Error(`the file ends at ${at + read}`);
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
    this.spares.giveBack(segment);
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

  /**
   * Stops writing to a file after a failed write. What was written before stays, and later segments go to a new file
   * once there is room.
   */
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
      // The failure of the write has been reported. The file lacks its footer, but this program can read it without
      // one.
    }
  }

  private remove(file: ArchiveFile): void {
    this.files.delete(file);
    if (this.current === file) this.current = null;
    try {
      closeSync(file.descriptor);
      rmSync(file.path, { force: true });
    } catch {
      // A file that cannot be removed must not stop the capture; the next start removes what is left in this session's
      // folder.
    }
  }
}

/** Copies `length` bytes from offset `from` out of consecutive pieces. */
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
