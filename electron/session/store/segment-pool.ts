/**
 * The buffers of segments: allocated, counted, and reused once their segment has left memory. The engine frees shared
 * memory too late to rely on, so a store at its memory cap keeps reusing the same buffers.
 */
import { Chunk, Segment } from './segment.ts';

/**
 * The most sets of columns that wait for reuse. A scan unpins several segments at once; keeping more would use memory
 * that counts against the cap.
 */
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

  /**
   * Bytes of all chunks, in use or not, and of the columns that wait for reuse. Columns in use are counted by their
   * segments.
   */
  get bytes(): number {
    let bytes = this.chunkTotalBytes;
    for (const segment of this.spareSegments) bytes += segment.columnBytes;
    return bytes;
  }

  /** Whether the next segment can reuse memory. */
  get hasSegment(): boolean {
    return this.spareSegments.length > 0;
  }

  /** Whether a chunk for a payload of so many bytes can reuse memory. */
  hasChunk(payloadBytes: number): boolean {
    return payloadBytes <= this.chunkBytes && this.spareChunks.length > 0;
  }

  /** Size of the chunk for a payload of so many bytes. A payload larger than a chunk gets one of its own size. */
  chunkBytesFor(payloadBytes: number): number {
    return payloadBytes > this.chunkBytes ? (payloadBytes + 3) & ~3 : this.chunkBytes;
  }

  /** An empty segment without chunks. */
  takeSegment(firstRow: number): Segment {
    const segment = this.spareSegments.pop() ?? new Segment(this.segmentRows, this.chunkShift);
    segment.reset(firstRow);
    return segment;
  }

  /** A chunk with one user. */
  takeChunk(payloadBytes: number): Chunk {
    let chunk = this.hasChunk(payloadBytes) ? this.spareChunks.pop() : undefined;
    if (chunk === undefined) {
      chunk = new Chunk(this.chunkBytesFor(payloadBytes));
      this.chunkTotalBytes += chunk.bytes.length;
    }
    chunk.users = 1;
    return chunk;
  }

  /** Takes back the buffers of a segment that has left memory. A chunk is taken back once no other segment uses it. */
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

  /** Frees one waiting chunk; false if there is none. */
  dropChunk(): boolean {
    if (this.spareChunks.pop() === undefined) return false;
    this.chunkTotalBytes -= this.chunkBytes;
    return true;
  }

  /** Frees one waiting chunk or set of columns; false if there is neither. */
  dropSpare(): boolean {
    return this.dropChunk() || this.spareSegments.pop() !== undefined;
  }

  /** Forgets all buffers, including those in use. */
  clear(): void {
    this.spareSegments = [];
    this.spareChunks = [];
    this.chunkTotalBytes = 0;
  }
}
