/**
 * How many rows of which kind there are, of a segment and of the history. Counted as rows are appended, once per batch:
 * what leaves the history later is then known without looking at its rows again.
 */
import { type EntryBatch, RowKind } from '../../../native/core/entry.ts';
import type { Segment } from './segment.ts';
import { ROWS_A_CALL } from './slice.ts';

/** Counters of a CPU, all in one row: entries of each level, entries of any other level, gap rows. */
const CPU_SHIFT = 3;
const CPU_MASK = (1 << CPU_SHIFT) - 1;
export const OTHER_LEVEL = 4;
const GAP = 5;

/** Rows by what the store counts. */
export interface Tally {
  readonly entries: number;
  readonly gaps: number;
  /** Entries per level, the last for all others. */
  readonly levels: readonly number[];
  /** Pairs of a CPU and its entries. */
  readonly cpus: readonly (readonly [cpu: number, entries: number])[];
}

/** The counters of a segment; they grow with the CPU numbers seen. */
export class SegmentCounts {
  private counters: Uint32Array = new Uint32Array(0);

  /** @internal For RowCounts. */
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

/** The counts of the history. */
export class RowCounts {
  /** Gap rows kept. */
  gaps = 0;
  /** Entries appended since the last clear, evicted ones included. */
  allEntries = 0;
  entriesEvicted = 0;
  rowsEvicted = 0;
  /** One above the highest CPU number seen since the last clear. */
  cpus = 0;
  /** Entries kept per level. */
  readonly levels = new Float64Array(OTHER_LEVEL + 1);
  /** Entries kept, and appended, by CPU. */
  heldByCpu = new Float64Array(64);
  totalByCpu = new Float64Array(64);
  /** Of the rows being added; all zero in between. */
  private counters: Uint32Array = new Uint32Array(64 << CPU_SHIFT);
  /** Those that are not zero. */
  private touched: Uint32Array = new Uint32Array(64 << CPU_SHIFT);

  /** Counts rows `from..to-1` of a batch that go to a segment, and widens its bounds of the index. */
  add(segment: Segment, batch: EntryBatch, from: number, to: number): void {
    for (let at = from; at < to; at += ROWS_A_CALL) this.addSome(segment, batch, at, Math.min(at + ROWS_A_CALL, to));
  }

  private addSome(segment: Segment, batch: EntryBatch, from: number, to: number): void {
    const { kind, cpu, level, index } = batch;
    let { minIndex, maxIndex } = segment;
    let { counters, touched, cpus } = this;
    let used = 0;
    for (let row = from; row < to; row++) {
      const value = index[row] as number;
      if (value < minIndex) minIndex = value;
      if (value > maxIndex) maxIndex = value;
      const on = cpu[row] as number;
      if (on >= cpus) {
        cpus = on + 1;
        this.growCpus(cpus);
        ({ counters, touched } = this);
      }
      const rank = level[row] as number;
      const column = kind[row] !== RowKind.Entry ? GAP : rank < OTHER_LEVEL ? rank : OTHER_LEVEL;
      const counter = (on << CPU_SHIFT) | column;
      const rows = counters[counter] as number;
      if (rows === 0) touched[used++] = counter;
      counters[counter] = rows + 1;
    }
    segment.minIndex = minIndex;
    segment.maxIndex = maxIndex;
    for (let i = 0; i < used; i++) this.fold(touched[i] as number, segment);
  }

  /** Rows have come that were counted before. */
  restore(tally: Tally): void {
    this.gaps += tally.gaps;
    this.allEntries += tally.entries;
    tally.levels.forEach((entries, level) => {
      this.levels[level] = (this.levels[level] as number) + entries;
    });
    for (const [cpu, entries] of tally.cpus) {
      if (cpu >= this.cpus) this.growCpus(cpu + 1);
      this.heldByCpu[cpu] = (this.heldByCpu[cpu] as number) + entries;
      this.totalByCpu[cpu] = (this.totalByCpu[cpu] as number) + entries;
    }
  }

  /** Rows have left the history. */
  remove(tally: Tally, rows: number): void {
    this.gaps -= tally.gaps;
    this.entriesEvicted += tally.entries;
    this.rowsEvicted += rows;
    tally.levels.forEach((entries, level) => {
      this.levels[level] = (this.levels[level] as number) - entries;
    });
    for (const [cpu, entries] of tally.cpus) this.heldByCpu[cpu] = (this.heldByCpu[cpu] as number) - entries;
  }

  clear(): void {
    this.gaps = 0;
    this.allEntries = 0;
    this.entriesEvicted = 0;
    this.rowsEvicted = 0;
    this.cpus = 0;
    this.levels.fill(0);
    this.heldByCpu.fill(0);
    this.totalByCpu.fill(0);
  }

  private fold(counter: number, segment: Segment): void {
    const rows = this.counters[counter] as number;
    this.counters[counter] = 0;
    segment.counts.add(counter, rows);
    const column = counter & CPU_MASK;
    if (column === GAP) {
      this.gaps += rows;
      return;
    }
    const cpu = counter >>> CPU_SHIFT;
    this.allEntries += rows;
    this.levels[column] = (this.levels[column] as number) + rows;
    this.heldByCpu[cpu] = (this.heldByCpu[cpu] as number) + rows;
    this.totalByCpu[cpu] = (this.totalByCpu[cpu] as number) + rows;
  }

  private growCpus(cpus: number): void {
    this.cpus = cpus;
    const old = this.heldByCpu.length;
    if (cpus <= old) return;
    const length = Math.max(cpus, old * 2);
    const sums = (values: Float64Array) => {
      const array = new Float64Array(length);
      array.set(values);
      return array;
    };
    this.heldByCpu = sums(this.heldByCpu);
    this.totalByCpu = sums(this.totalByCpu);
    this.counters = grown(this.counters, length << CPU_SHIFT);
    this.touched = grown(this.touched, length << CPU_SHIFT);
  }
}

function grown(values: Uint32Array, length: number): Uint32Array {
  const array = new Uint32Array(Math.max(length, values.length * 2));
  array.set(values);
  return array;
}
