/**
 * Buffers of segments that were read back, kept for the next ones. The engine frees unused shared memory only minutes
 * later, so reading one segment after another has to reuse the same few buffers.
 */
import type { Segment } from '../session/store/segment.ts';

/** The sizes of buffers are multiples of this, so that segments of nearly the same size can share them. */
const BUFFER_STEP = 1024 * 1024;
/**
 * The most spare buffers that are kept. A scan has about as many segments under way, and each buffer comes back when
 * the threads are done with it.
 */
const SPARES = 8;
const SPARE_BYTES = 48 * 1024 * 1024;

export class SpareBuffers {
  private spares: SharedArrayBuffer[] = [];

  get bytes(): number {
    return this.spares.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
  }

  /** A buffer of at least so many bytes. */
  take(bytes: number): SharedArrayBuffer {
    const at = this.spares.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes);
    if (at >= 0) return this.spares.splice(at, 1)[0] as SharedArrayBuffer;
    // No spare fits: each is too small or more than twice as large. The oldest is given up, so that the new one can be
    // kept when it comes back.
    this.spares.shift();
    return new SharedArrayBuffer(bytes);
  }

  /** A segment that was read into a buffer of these is not needed any more. */
  giveBack({ index }: Segment): void {
    const buffer = index.buffer as SharedArrayBuffer;
    if (this.spares.length < SPARES && this.bytes + buffer.byteLength <= SPARE_BYTES) this.spares.push(buffer);
  }

  clear(): void {
    this.spares = [];
  }
}

/** Small sizes are rounded less, because tests and tiny caps count every byte. */
export function roundedUp(bytes: number): number {
  return bytes < BUFFER_STEP ? bytes : Math.ceil(bytes / BUFFER_STEP) * BUFFER_STEP;
}
