/**
 * How many rows of which kind there are, in a segment and in the whole store. Rows are counted when they are appended,
 * once for each batch; when rows are dropped later, their counts are known without reading them again.
 */
import { type EntryBatch, RowKind } from '../../../native/core/entry.ts';
import type { Segment } from './segment.ts';
import { CPU_MASK, CPU_SHIFT, GAP, grown, OTHER_LEVEL, type Tally } from './segment-counts.ts';
import { ROWS_A_CALL } from './slice.ts';

/**
 * How many rows there are, and how many there were since the last clear. `kept` excludes the oldest rows, which were
 * dropped.
 */
export interface RowFigures {
  /** Entries kept. */
  readonly entryCount: number;
  /** Gap rows kept. */
  readonly gapCount: number;
  /** Entries appended, evicted ones included. */
  readonly totalEntries: number;
  /** Entries among the evicted rows. */
  readonly evictedEntries: number;
  readonly evictedRows: number;
  /** Entries kept per level: error, warning, info, trace, other. */
  readonly levelCounts: readonly [number, number, number, number, number];
  /** One above the highest CPU number seen. */
  readonly cpuCount: number;
  /** Entries appended, by CPU, `cpuCount` elements. This is the array in which the store counts, so read it at once. */
  readonly totalEntriesByCpu: Float64Array;
  /** Entries kept of a CPU. */
  entriesOfCpu(cpu: number): number;
}

/** The counts of all that was appended. */
export class RowCounts implements RowFigures {
  gapCount = 0;
  totalEntries = 0;
  evictedEntries = 0;
  evictedRows = 0;
  cpuCount = 0;
  /** Entries kept per level. */
  private readonly levels = new Float64Array(OTHER_LEVEL + 1);
  /** Entries kept, and appended, by CPU. */
  private heldByCpu = new Float64Array(64);
  private totalByCpu = new Float64Array(64);
  /** Counters of the rows that are being added; all zero in between. */
  private counters: Uint32Array = new Uint32Array(64 << CPU_SHIFT);
  /** The counters that are not zero. */
  private touched: Uint32Array = new Uint32Array(64 << CPU_SHIFT);

  get entryCount(): number {
    return this.totalEntries - this.evictedEntries;
  }

  get levelCounts(): readonly [number, number, number, number, number] {
    const l = this.levels;
    return [l[0] as number, l[1] as number, l[2] as number, l[3] as number, l[4] as number];
  }

  get totalEntriesByCpu(): Float64Array {
    return this.totalByCpu.subarray(0, this.cpuCount);
  }

  entriesOfCpu(cpu: number): number {
    return this.heldByCpu[cpu] ?? 0;
  }

  /** Counts rows `from..to-1` of a batch that are added to a segment, and extends the range of its indices. */
  add(segment: Segment, batch: EntryBatch, from: number, to: number): void {
    for (let at = from; at < to; at += ROWS_A_CALL) this.addSome(segment, batch, at, Math.min(at + ROWS_A_CALL, to));
  }

  private addSome(segment: Segment, batch: EntryBatch, from: number, to: number): void {
    const { kind, cpu, level, index } = batch;
    let { minIndex, maxIndex } = segment;
    let { counters, touched, cpuCount } = this;
    let used = 0;
    for (let row = from; row < to; row++) {
      const value = index[row] as number;
      if (value < minIndex) minIndex = value;
      if (value > maxIndex) maxIndex = value;
      const on = cpu[row] as number;
      if (on >= cpuCount) {
        cpuCount = on + 1;
        this.growCpus(cpuCount);
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

  /** Adds the counts of rows that come with a tally of their own, from an opened session. */
  restore(tally: Tally): void {
    this.gapCount += tally.gaps;
    this.totalEntries += tally.entries;
    tally.levels.forEach((entries, level) => {
      this.levels[level] = (this.levels[level] as number) + entries;
    });
    for (const [cpu, entries] of tally.cpus) {
      if (cpu >= this.cpuCount) this.growCpus(cpu + 1);
      this.heldByCpu[cpu] = (this.heldByCpu[cpu] as number) + entries;
      this.totalByCpu[cpu] = (this.totalByCpu[cpu] as number) + entries;
    }
  }

  /** Subtracts the counts of rows that were dropped. */
  remove(tally: Tally, rows: number): void {
    this.gapCount -= tally.gaps;
    this.evictedEntries += tally.entries;
    this.evictedRows += rows;
    tally.levels.forEach((entries, level) => {
      this.levels[level] = (this.levels[level] as number) - entries;
    });
    for (const [cpu, entries] of tally.cpus) this.heldByCpu[cpu] = (this.heldByCpu[cpu] as number) - entries;
  }

  clear(): void {
    this.gapCount = 0;
    this.totalEntries = 0;
    this.evictedEntries = 0;
    this.evictedRows = 0;
    this.cpuCount = 0;
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
      this.gapCount += rows;
      return;
    }
    const cpu = counter >>> CPU_SHIFT;
    this.totalEntries += rows;
    this.levels[column] = (this.levels[column] as number) + rows;
    this.heldByCpu[cpu] = (this.heldByCpu[cpu] as number) + rows;
    this.totalByCpu[cpu] = (this.totalByCpu[cpu] as number) + rows;
  }

  private growCpus(cpus: number): void {
    this.cpuCount = cpus;
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
