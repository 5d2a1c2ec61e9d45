/**
 * The rows of a filtered view in order: maps a position to a row number in four bytes. It consists of chunks, so that
 * it grows without copying and shrinks from the front as rows are evicted.
 *
 * Row numbers are kept modulo 2^32. That is enough, because the rows in a store at any one time span far fewer
 * numbers (each row takes some 30 bytes), and the oldest kept row determines the rest.
 */

const CHUNK = 16_384;
const SHIFT = 14;

export class PositionIndex {
  private chunks: Uint32Array[] = [];
  /** Position of element 0 of `chunks[0]`. */
  private base = 0;
  private size = 0;

  /** One above the last position. */
  get end(): number {
    return this.size;
  }

  get bytes(): number {
    return this.chunks.length * CHUNK * 4;
  }

  /** Adds the rows `firstRow + offsets[0..count-1]`. */
  append(firstRow: number, offsets: Uint32Array, count: number): void {
    const low = firstRow >>> 0;
    let i = 0;
    while (i < count) {
      const at = this.size - this.base;
      if (at === this.chunks.length * CHUNK) this.chunks.push(new Uint32Array(CHUNK));
      const chunk = this.chunks[at >>> SHIFT] as Uint32Array;
      const from = at & (CHUNK - 1);
      const run = Math.min(count - i, CHUNK - from);
      // The Uint32Array stores values modulo 2^32.
      for (let k = 0; k < run; k++) chunk[from + k] = low + (offsets[i + k] as number);
      this.size += run;
      i += run;
    }
  }

  /** The row at a position that was not dropped; `oldestRow` is at most that row and less than 2^32 below it. */
  row(position: number, oldestRow: number): number {
    const at = position - this.base;
    const low = (this.chunks[at >>> SHIFT] as Uint32Array)[at & (CHUNK - 1)] as number;
    return oldestRow + ((low - (oldestRow >>> 0)) >>> 0);
  }

  /** Releases the memory of positions below `position`. */
  dropBefore(position: number): void {
    const whole = Math.floor((position - this.base) / CHUNK);
    if (whole <= 0) return;
    this.chunks.splice(0, whole);
    this.base += whole * CHUNK;
  }

  clear(): void {
    this.chunks = [];
    this.base = 0;
    this.size = 0;
  }
}
