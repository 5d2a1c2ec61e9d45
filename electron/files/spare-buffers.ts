/**
 * Buffers of segments that were read back, kept for the next: shared memory that is let go of is freed minutes later, so
 * whoever reads segment after segment lives on the same few buffers.
 */

/** Buffers to read into are a multiple of this long, so that segments of nearly the same size share them. */
const BUFFER_STEP = 1024 * 1024;
/** Buffers kept for the next segments: a scan has as many under way, each comes back when its threads are done with it. */
const SPARES = 8;
const SPARE_BYTES = 48 * 1024 * 1024;

export class SpareBuffers {
  private spares: SharedArrayBuffer[] = [];

  get bytes(): number {
    return this.spares.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
  }

  /** One of at least so many bytes. */
  take(bytes: number): SharedArrayBuffer {
    const at = this.spares.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes);
    if (at >= 0) return this.spares.splice(at, 1)[0] as SharedArrayBuffer;
    // None fits: the oldest makes room for one that does when it comes back.
    this.spares.shift();
    return new SharedArrayBuffer(bytes);
  }

  giveBack(buffer: SharedArrayBuffer): void {
    if (this.spares.length < SPARES && this.bytes + buffer.byteLength <= SPARE_BYTES) this.spares.push(buffer);
  }

  clear(): void {
    this.spares = [];
  }
}

/** Small ones stay small: tests and tiny caps count every byte. */
export function roundedUp(bytes: number): number {
  return bytes < BUFFER_STEP ? bytes : Math.ceil(bytes / BUFFER_STEP) * BUFFER_STEP;
}
