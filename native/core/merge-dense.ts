/**
 * Merges by placing rows instead of comparing them. Global indices are dense, so a row's key minus the smallest key is
 * its place among the waiting rows. With eight rings in random order a heap costs several mispredicted branches for
 * each row; placing costs one store and one load.
 *
 * Only rows that are provably in order are taken: whole numbers, each used once, ascending within each CPU, none below
 * what was already released. Everything else (losses between two indices, late rows, clocks as keys, a ring with false
 * contents) is left to the heap, which can take any rows.
 */
import type { CpuRun } from './run.ts';

/** Number of keys that one window spans. */
export const WINDOW_KEYS = 32768;
/** If fewer than one in so many keys has a row, scanning the window costs more than the heap does. */
const SPARSE = 8;

/** A place is 0 if it has no row; otherwise it holds the CPU in the bits above 16 and the row number plus 1 below. */
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
   * Places the rows from the smallest key on, up to (key, cpu) or to the end of the window, whichever comes first.
   * True: the runs have advanced, the rows are to be released in the order of `places`, and `clear` is to be called
   * afterwards. False: nothing was changed.
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
