/**
 * The records of one CPU between its ring and the merge: the bytes as they were copied out, and one row for each
 * record in ring order. A run also counts what was delivered from it, because statistics are about what was delivered.
 *
 * Its memory is allocated when the CPU first has data, is reused from then on, and never grows.
 */
import { RV } from './layout.ts';

const HEADER_WORDS = RV.RECORD_HEADER_BYTES / 4;
/** Spare rows for losses without a record behind them. A round adds one at most. */
const SPARE_ROWS = 64;

export class CpuRun {
  readonly cpu: number;
  readonly capacity: number;
  bytes: Uint8Array = new Uint8Array(0);
  words: Uint32Array = new Uint32Array(0);
  /** The arena as 8-byte words, which is how payloads are copied. */
  quads: BigUint64Array = new BigUint64Array(0);
  /** Merge key of each row: index or clock, relative to the session's key base. */
  key: Float64Array = new Float64Array(0);
  /** Word offset of each row's header in `words`. */
  offset: Uint32Array = new Uint32Array(0);
  /** Number of attempts lost between the row before and this one. */
  lost: Float64Array = new Float64Array(0);
  /** Rows [head, tail) wait for the merge. */
  head = 0;
  tail = 0;
  /** Bytes of the arena in use, a multiple of 8. */
  used = 0;

  delivered = 0;
  deliveredLost = 0;
  late = 0;
  firstIndex: number | null = null;
  lastIndex: number | null = null;

  /** `capacity`: bytes held back at most, a multiple of 8, at least the longest record. */
  constructor(cpu: number, capacity: number) {
    this.cpu = cpu;
    this.capacity = capacity;
  }

  get empty(): boolean {
    return this.head === this.tail;
  }

  /**
   * Makes room in the arena and returns its free bytes. Waiting records are moved to the start if `wanted` bytes would
   * not fit otherwise.
   */
  makeRoom(wanted: number): number {
    if (this.words.length === 0) this.allocate();
    if (this.empty) {
      this.head = 0;
      this.tail = 0;
      this.used = 0;
    } else if (this.capacity - this.used < wanted) {
      this.compact();
    }
    return this.capacity - this.used;
  }

  /**
   * True if a row for a loss without a record fits. No record is shorter than such a row, so where there are bytes for
   * it there is a row too.
   */
  hasSpareRow(): boolean {
    this.makeRoom(RV.RECORD_HEADER_BYTES);
    return this.words.length - (this.used >>> 2) >= HEADER_WORDS;
  }

  /**
   * Adds a row that stands only for a loss. `stamp` and `index` are word pairs, low first. They are put into a header
   * of kind zero, so that the merge finds them where it finds those of a record.
   */
  pushLoss(key: number, lost: number, stamp: Uint32Array, index: Uint32Array): void {
    const at = this.used >>> 2;
    this.words.fill(0, at, at + HEADER_WORDS);
    this.words[at + 1] = this.cpu;
    this.words[at + 2] = stamp[0] ?? 0;
    this.words[at + 3] = stamp[1] ?? 0;
    this.words[at + 4] = index[0] ?? 0;
    this.words[at + 5] = index[1] ?? 0;
    this.used += RV.RECORD_HEADER_BYTES;
    this.key[this.tail] = key;
    this.offset[this.tail] = at;
    this.lost[this.tail] = lost;
    this.tail++;
  }

  private allocate(): void {
    const spare = SPARE_ROWS * RV.RECORD_HEADER_BYTES;
    const buffer = new ArrayBuffer(this.capacity + spare);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.quads = new BigUint64Array(buffer);
    const rows = Math.ceil(this.capacity / RV.RECORD_HEADER_BYTES) + SPARE_ROWS;
    this.key = new Float64Array(rows);
    this.offset = new Uint32Array(rows);
    this.lost = new Float64Array(rows);
  }

  private compact(): void {
    const first = this.offset[this.head] ?? 0;
    this.words.copyWithin(0, first, this.used >>> 2);
    this.key.copyWithin(0, this.head, this.tail);
    this.lost.copyWithin(0, this.head, this.tail);
    const rows = this.tail - this.head;
    for (let row = 0; row < rows; row++) this.offset[row] = (this.offset[this.head + row] ?? 0) - first;
    this.used -= first * 4;
    this.head = 0;
    this.tail = rows;
  }
}
