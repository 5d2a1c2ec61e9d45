/**
 * Merging by placing instead of comparing: global indices are dense, so a row's key, less the smallest, is its place
 * among the rows waiting. Eight rings in random order cost a heap several mispredicted branches a row; this costs one
 * store and one load.
 *
 * It only ever takes what it can prove to be in order: whole numbers, each once, each CPU ascending, nothing below what
 * was released before. Anything else (losses between two indices, late rows, clocks, a ring that lies) is left to the
 * heap, which takes everything.
 */
import type { CpuRun } from './run.ts';

/** Keys one window spans. */
export const WINDOW_KEYS = 32768;
/** Fewer rows than one in so many keys, and looking through the window costs more than the heap. */
const SPARSE = 8;

/** A place holds 0 for no row, else the CPU above 16 bits and the row + 1 below. */
export const PLACE_CPU_SHIFT = 16;
export const PLACE_ROW_MASK = 0xffff;
const MAX_CPUS = 32768;

export class DenseWindow {
  /** Places in order of their keys; elements at and above `end` are 0. */
  readonly places = new Int32Array(WINDOW_KEYS);
  /** One above the last place in use. */
  end = 0;
  /** The key of place 0. */
  base = 0;
  private readonly runs: readonly CpuRun[];
  private readonly heads: Int32Array;

  constructor(runs: readonly CpuRun[]) {
    this.runs = runs;
    this.heads = new Int32Array(runs.length);
  }

  /**
   * Places the rows from the smallest key on, up to (key, cpu) or the window's end, whichever comes first. True if they
   * are to be released in the order of `places`, after which `clear` is called; the runs have moved on. False if
   * nothing was changed.
   */
  place(key: number, cpu: number, emittedKey: number): boolean {
    const runs = this.runs;
    let base = Number.POSITIVE_INFINITY;
    for (const run of runs) {
      if (run.head === run.tail) continue;
      const first = run.key[run.head] as number;
      if (first < base) base = first;
    }
    if (!(base > emittedKey) || !Number.isSafeInteger(base) || runs.length > MAX_CPUS) return false;
    this.base = base;
    this.end = 0;
    let rows = 0;
    for (const run of runs) {
      const limit = Math.min(run.cpu <= cpu ? Math.floor(key) : Math.ceil(key) - 1, base + WINDOW_KEYS - 1);
      const until = this.placeRun(run, limit);
      if (until < 0) {
        this.clear();
        return false;
      }
      this.heads[run.cpu] = until;
      rows += until - run.head;
    }
    if (rows === 0 || rows * SPARSE < this.end) {
      this.clear();
      return false;
    }
    for (const run of runs) run.head = this.heads[run.cpu] as number;
    return true;
  }

  clear(): void {
    this.places.fill(0, 0, this.end);
  }

  /** Returns the first row not placed, or -1 if a row cannot be placed. */
  private placeRun(run: CpuRun, limit: number): number {
    const { key, tail } = run;
    const { places, base } = this;
    if (tail >= PLACE_ROW_MASK) return -1;
    const mark = (run.cpu << PLACE_CPU_SHIFT) + 1;
    let last = -1;
    let row = run.head;
    let placed = true;
    for (; row < tail; row++) {
      const rowKey = key[row] as number;
      if (rowKey > limit) break;
      const exact = rowKey - base;
      const at = exact | 0;
      if (at !== exact || at <= last || places[at] !== 0) {
        placed = false;
        break;
      }
      places[at] = mark + row;
      last = at;
    }
    if (last >= this.end) this.end = last + 1;
    return placed ? row : -1;
  }
}
