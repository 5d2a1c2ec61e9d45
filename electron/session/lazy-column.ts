/**
 * A column that costs nothing while all its values are equal. Type, origin, process, flags and kind rarely change within
 * a segment; storing them only once they do is what keeps a row near the size of its text.
 */

type Words = Uint8Array | Uint16Array | Uint32Array;

export class LazyColumn<T extends Words> {
  /** One element a row, or null while every row holds `constant`. */
  data: T | null = null;
  constant = 0;
  /** The array of an earlier use, kept for the next. */
  private spare: T | null = null;
  private readonly allocate: () => T;

  /** `allocate` makes an array with room for every row of a segment. */
  constructor(allocate: () => T) {
    this.allocate = allocate;
  }

  /** Takes the values another column has: an array, or the one that all rows share. */
  become(values: T | number): void {
    if (typeof values === 'number') this.constant = values;
    else this.data = values;
  }

  /** Rows `0..count-1` as an array, which is the column's own if it has one; `constants` makes one of equal values. */
  values(count: number, constants: (count: number, value: number) => T): T {
    return this.data === null ? constants(count, this.constant) : (this.data.subarray(0, count) as T);
  }

  /** Bytes allocated, in use or not. */
  get bytes(): number {
    return (this.data ?? this.spare)?.byteLength ?? 0;
  }

  get(offset: number): number {
    return this.data === null ? this.constant : (this.data[offset] as number);
  }

  /** Copies `source[from..to-1]` to rows `at` and on; rows below `at` are in use. */
  append(at: number, source: T, from: number, to: number): void {
    if (this.data === null) {
      if (at === 0) this.constant = source[from] as number;
      const constant = this.constant;
      let same = from;
      while (same < to && source[same] === constant) same++;
      if (same === to) return;
      this.data = this.spare ?? this.allocate();
      this.spare = null;
      this.data.fill(constant, 0, at);
    }
    this.data.set(source.subarray(from, to), at);
  }

  reset(): void {
    this.spare = this.data ?? this.spare;
    this.data = null;
    this.constant = 0;
  }
}
