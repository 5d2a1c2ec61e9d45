/** How many rows of which kind a segment has: counted when they are appended, and known when they are dropped. */

/** Counters of a CPU, next to each other: entries of each level, entries of any other level, gap rows. */
export const CPU_SHIFT = 3;
export const CPU_MASK = (1 << CPU_SHIFT) - 1;
export const OTHER_LEVEL = 4;
export const GAP = 5;

/** Numbers of rows by everything that the store counts. */
export interface Tally {
  readonly entries: number;
  readonly gaps: number;
  /** Entries per level, the last for all others. */
  readonly levels: readonly number[];
  /** Pairs of a CPU and its entries. */
  readonly cpus: readonly (readonly [cpu: number, entries: number])[];
}

/** The counters of a segment; the array grows with the highest CPU number seen. */
export class SegmentCounts {
  private counters: Uint32Array = new Uint32Array(0);

  /** @internal Called by RowCounts. */
  add(counter: number, rows: number): void {
    if (counter >= this.counters.length) this.counters = grown(this.counters, (counter | CPU_MASK) + 1);
    this.counters[counter] = (this.counters[counter] as number) + rows;
  }

  reset(): void {
    this.counters.fill(0);
  }

  tally(): Tally {
    const levels = [0, 0, 0, 0, 0];
    const cpus: [number, number][] = [];
    let entries = 0;
    let gaps = 0;
    for (let first = 0; first < this.counters.length; first += 1 << CPU_SHIFT) {
      let ofCpu = 0;
      for (let level = 0; level <= OTHER_LEVEL; level++) {
        const rows = this.counters[first + level] as number;
        levels[level] = (levels[level] as number) + rows;
        ofCpu += rows;
      }
      gaps += this.counters[first + GAP] as number;
      entries += ofCpu;
      if (ofCpu > 0) cpus.push([first >>> CPU_SHIFT, ofCpu]);
    }
    return { entries, gaps, levels, cpus };
  }
}

/** The counters with room for at least `length` of them, and for as many again as there were. */
export function grown(values: Uint32Array, length: number): Uint32Array {
  const array = new Uint32Array(Math.max(length, values.length * 2));
  array.set(values);
  return array;
}
