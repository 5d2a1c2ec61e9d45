/** Seeded pseudo-random numbers (xorshift, 32 bits): the same seed gives the same session on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    // The state must not be zero, because xorshift never leaves zero.
    this.state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 0 || 1;
  }

  /** 0..2^32-1 */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** 0..limit-1, `limit` up to 2^32. */
  below(limit: number): number {
    return Math.floor((this.next() / 4294967296) * limit);
  }
}
