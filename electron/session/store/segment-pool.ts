/**
 * The buffers of segments: made, counted, and used again once a segment has left memory. Shared memory that is let go of
 * is freed too late to rely on, so a history at its cap lives on the same buffers all the time.
 */
import { Chunk, Segment } from './segment.ts';

/** Segments whose columns wait for the next: scans let go of several at once, and more would wait while they count. */
const SPARE_SEGMENTS = 4;

export class SegmentPool {
  private readonly segmentRows: number;
  private readonly chunkBytes: number;
  private readonly chunkShift: number;
  private spareSegments: Segment[] = [];
  private spareChunks: Chunk[] = [];
  private chunkTotalBytes = 0;

  /** `chunkBytes`: a power of two up to 2^24. */
  constructor(segmentRows: number, chunkBytes: number) {
    this.segmentRows = segmentRows;
    this.chunkBytes = chunkBytes;
    this.chunkShift = Math.log2(chunkBytes);
    if (!Number.isInteger(this.chunkShift) || this.chunkShift > 24)
      throw new Error('chunkBytes: a power of two up to 2^24');
  }

  /** Bytes of all chunks, in use or not, and of the columns that wait. Columns in use are their segments' own. */
  get bytes(): number {
    let bytes = this.chunkTotalBytes;
    for (const segment of this.spareSegments) bytes += segment.columnBytes;
    return bytes;
  }

  /** Whether the next segment needs no new memory. */
  get hasSegment(): boolean {
    return this.spareSegments.length > 0;
  }

  /** Whether a chunk for a payload of so many bytes needs no new memory. */
  hasChunk(payloadBytes: number): boolean {
    return payloadBytes <= this.chunkBytes && this.spareChunks.length > 0;
  }

  /** Bytes of a chunk for a payload of so many bytes: one that is larger than all others gets one of its own size. */
  chunkBytesFor(payloadBytes: number): number {
    return payloadBytes > this.chunkBytes ? (payloadBytes + 3) & ~3 : this.chunkBytes;
  }

  /** An empty segment without chunks. */
  takeSegment(firstRow: number): Segment {
    const segment = this.spareSegments.pop() ?? new Segment(this.segmentRows, this.chunkShift);
    segment.reset(firstRow);
    return segment;
  }

  /** A chunk of one user. */
  takeChunk(payloadBytes: number): Chunk {
    let chunk = this.hasChunk(payloadBytes) ? this.spareChunks.pop() : undefined;
    if (chunk === undefined) {
      chunk = new Chunk(this.chunkBytesFor(payloadBytes));
      this.chunkTotalBytes += chunk.bytes.length;
    }
    chunk.users = 1;
    return chunk;
  }

  /** Takes the buffers of a segment that has left memory; a chunk once no other segment uses it. */
  recycle(segment: Segment): void {
    for (const chunk of segment.chunks) {
      chunk.users--;
      if (chunk.users > 0) continue;
      if (chunk.bytes.length === this.chunkBytes) this.spareChunks.push(chunk);
      else this.chunkTotalBytes -= chunk.bytes.length;
    }
    segment.reset(0);
    if (this.spareSegments.length < SPARE_SEGMENTS) this.spareSegments.push(segment);
  }

  /** Gives the memory of a chunk that waits back; false if there is none. */
  dropChunk(): boolean {
    if (this.spareChunks.pop() === undefined) return false;
    this.chunkTotalBytes -= this.chunkBytes;
    return true;
  }

  /** Gives the memory of a chunk or of columns that wait back; false if there is neither. */
  dropSpare(): boolean {
    return this.dropChunk() || this.spareSegments.pop() !== undefined;
  }

  /** Forgets everything, what is in use included. */
  clear(): void {
    this.spareSegments = [];
    this.spareChunks = [];
    this.chunkTotalBytes = 0;
  }
}
