/**
 * One bit for each position of a view: which rows are shown only because they are near a match. In chunks like the
 * index of positions, so that it grows without copying and shrinks from the front.
 */

/** Positions in a chunk. */
const CHUNK = 16_384;
const SHIFT = 14;

export class PositionFlags {
  private readonly chunks: Uint8Array[] = [];
  /** Position of the first bit of `chunks[0]`. */
  private base: number;
  private end: number;

  /** `first`: position of the first flag that is added. */
  constructor(first: number) {
    this.base = Math.floor(first / CHUNK) * CHUNK;
    this.end = first;
  }

  get bytes(): number {
    return (this.chunks.length * CHUNK) / 8;
  }

  /** Adds the first `count` flags, each 0 or 1, of the positions that follow. */
  append(flags: Uint8Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const at = this.end++ - this.base;
      while (at >= this.chunks.length * CHUNK) this.chunks.push(new Uint8Array(CHUNK / 8));
      if (flags[i] !== 1) continue;
      const chunk = this.chunks[at >>> SHIFT] as Uint8Array;
      const byte = (at & (CHUNK - 1)) >>> 3;
      chunk[byte] = (chunk[byte] as number) | (1 << (at & 7));
    }
  }

  /** The flag of a position that was not dropped; false for one that was never added. */
  has(position: number): boolean {
    const at = position - this.base;
    if (at < 0 || position >= this.end) return false;
    const byte = (this.chunks[at >>> SHIFT] as Uint8Array)[(at & (CHUNK - 1)) >>> 3] as number;
    return ((byte >>> (at & 7)) & 1) === 1;
  }

  /** Releases the memory of positions below `position`. */
  dropBefore(position: number): void {
    const whole = Math.min(this.chunks.length, Math.floor((position - this.base) / CHUNK));
    if (whole <= 0) return;
    this.chunks.splice(0, whole);
    this.base += whole * CHUNK;
  }
}
