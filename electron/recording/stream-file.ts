/**
 * A file of rows that grows: an Arrow IPC stream, which anyone reads up to its last whole batch, and beside it the list of
 * batches. A write that fails is taken back, so that what stood before stays readable and the next one can follow.
 */
import { closeSync, constants, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type RecordBatch, RecordBatchStreamWriter } from 'apache-arrow';
import { SEGMENT_SCHEMA } from '../files/arrow-segment.ts';
import { writeAll } from '../files/whole-io.ts';
import { formatLine, type IndexLine } from './batch-line.ts';
import { INDEX_ENDING } from './layout.ts';

/** Encodes batches into pieces instead of a stream. */
class StreamEncoder extends RecordBatchStreamWriter {
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

  /** What begins the stream; the first to be taken. */
  take(): Uint8Array[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  encode(batch: RecordBatch): Uint8Array[] {
    this.write(batch);
    // Kept for the footer of a file, which a stream has not.
    this._recordBatchBlocks.length = 0;
    return this.take();
  }
}

const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
const NEW = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR;

export interface Appended {
  readonly at: number;
  readonly length: number;
  readonly crc: number;
}

export class StreamFile {
  readonly path: string;
  readonly descriptor: number;
  readonly indexDescriptor: number;
  batches = 0;
  private readonly encoder = new StreamEncoder();
  private end = 0;
  private indexEnd = 0;
  private open = true;

  /** A new file, beginning with the schema. Throws the system's error, and leaves nothing then. */
  constructor(folder: string, name: string) {
    this.path = join(folder, name);
    this.descriptor = openSync(this.path, NEW, 0o600);
    try {
      this.indexDescriptor = openSync(`${this.path}${INDEX_ENDING}`, NEW, 0o600);
    } catch (error) {
      closeSync(this.descriptor);
      rmSync(this.path, { force: true });
      throw error;
    }
    try {
      this.end = writeAll(this.descriptor, this.encoder.take(), 0);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Bytes of the file and of the list beside it. */
  get bytes(): number {
    return this.end + this.indexEnd;
  }

  /**
   * Appends a batch, and then the line that makes it count. Throws the system's error; the file is as it was before then.
   */
  append(batch: RecordBatch, lineOf: (place: Appended) => IndexLine): Appended {
    const pieces = this.encoder.encode(batch);
    const before = this.end;
    try {
      const end = writeAll(this.descriptor, pieces, before);
      const place = { at: before, length: end - before, crc: checksum(pieces) };
      this.note(lineOf(place));
      this.end = end;
      this.batches++;
      return place;
    } catch (error) {
      ftruncateSync(this.descriptor, before);
      throw error;
    }
  }

  /** Writes a line. Throws the system's error; then no part of the line remains in the file. */
  note(line: IndexLine): void {
    const before = this.indexEnd;
    try {
      this.indexEnd = writeAll(this.indexDescriptor, [Buffer.from(formatLine(line))], before);
    } catch (error) {
      ftruncateSync(this.indexDescriptor, before);
      throw error;
    }
  }

  /** Ends the stream as readers expect it. Nothing is lost where that cannot be written. */
  finish(): void {
    try {
      this.end = writeAll(this.descriptor, [END_OF_STREAM], this.end);
    } catch {
      try {
        ftruncateSync(this.descriptor, this.end);
      } catch {
        // What follows the last batch is no batch; readers stop there.
      }
    }
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    try {
      closeSync(this.descriptor);
    } finally {
      if (this.indexDescriptor !== undefined) closeSync(this.indexDescriptor);
    }
  }

  /** Closes it and takes it away. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
    rmSync(`${this.path}${INDEX_ENDING}`, { force: true });
  }
}

function checksum(pieces: readonly Uint8Array[]): number {
  let crc = 0;
  for (const piece of pieces) crc = crc32(piece, crc);
  return crc;
}
