/**
 * A column that takes no memory as long as all its values are equal. Type, origin, process, flags and kind rarely
 * change within a segment, so allocating them only when they do keeps a row hardly larger than its text.
 */

type IntegerArray = Uint8Array | Uint16Array | Uint32Array;
type Values = IntegerArray | Float64Array;

/** From so many rows on, comparing four bytes at once is worth its cost. */
const MANY_ROWS = 256;

export class LazyColumn<T extends IntegerArray> {
  /** One element for each row, or null while every row has the value `constant`. */
  data: T | null = null;
  constant = 0;
  /** The array of an earlier use, kept for the next one. */
  private spare: T | null = null;
  private readonly allocate: () => T;

  /** `allocate` makes an array with room for every row of a segment. */
  constructor(allocate: () => T) {
    this.allocate = allocate;
  }

  /** Takes over the values of another column: an array, or the one value that all rows share. */
  become(values: T | number): void {
    if (typeof values === 'number') this.constant = values;
    else this.data = values;
  }

  /** Rows `0..count-1` as an array: the column's own array if it has one, else one that `constants` makes. */
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
      if (equalRows(source, from, to, constant) === to) return;
      this.data = this.spare ?? this.allocate();
      this.spare = null;
      this.data.fill(constant, 0, at);
    }
    copyRows(source, from, to, this.data, at);
  }

  reset(): void {
    this.spare = this.data ?? this.spare;
    this.data = null;
    this.constant = 0;
  }
}

/** Place of the first of `source[from..to-1]` that differs from `value`, or `to`. */
function equalRows(source: IntegerArray, from: number, to: number, value: number): number {
  let row = from;
  const start = source.byteOffset + from * source.BYTES_PER_ELEMENT;
  if (to - from >= MANY_ROWS && start % 4 === 0) {
    const perWord = 4 / source.BYTES_PER_ELEMENT;
    const words = new Uint32Array(source.buffer, start, Math.floor((to - from) / perWord));
    row += equalWords(words, perWord === 4 ? value * 0x1010101 : perWord === 2 ? value * 0x10001 : value) * perWord;
  }
  while (row < to && source[row] === value) row++;
  return row;
}

function equalWords(words: Uint32Array, value: number): number {
  let at = 0;
  while (at < words.length && words[at] === value) at++;
  return at;
}

/**
 * Copies rows between columns. The engine's block copy into shared memory goes byte by byte unless both sides have the
 * same alignment to 8 bytes, so a loop is faster. There is a loop for each kind of column, so that each is compiled for
 * its own type.
 */
export function copyRows(source: Values, from: number, to: number, target: Values, at: number): void {
  if (source instanceof Float64Array) target.set(source.subarray(from, to), at);
  else if (source instanceof Uint8Array) copyBytes(source, from, to, target as Uint8Array, at);
  else if (source instanceof Uint16Array) copyShorts(source, from, to, target as Uint16Array, at);
  else copyWords(source as Uint32Array, from, to, target as Uint32Array, at);
}

function copyBytes(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  for (let i = from, j = at; i < to; i++, j++) target[j] = source[i] as number;
}

function copyShorts(source: Uint16Array, from: number, to: number, target: Uint16Array, at: number): void {
  for (let i = from, j = at; i < to; i++, j++) target[j] = source[i] as number;
}

function copyWords(source: Uint32Array, from: number, to: number, target: Uint32Array, at: number): void {
  for (let i = from, j = at; i < to; i++, j++) target[j] = source[i] as number;
}
