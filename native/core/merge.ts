/**
 * Merges the runs of all CPUs into one order: smallest (key, cpu) first, the order within each CPU kept, nothing
 * released above the watermark. A binary heap holds the heads of the runs. As long as the smallest run stays below
 * the second smallest, its rows are released without touching the heap, which makes bursts on one CPU cheap.
 *
 * Where keys are dense, merge-dense.ts takes what it can first. merge-plain.ts says the same in a few lines, and
 * tests compare the results.
 */
import type { BatchWriter } from './batch-writer.ts';
import { DenseWindow, PLACE_CPU_SHIFT } from './merge-dense.ts';
import type { CpuRun } from './run.ts';

/**
 * Places that are handed on in one call. The size is limited because an engine optimises a function that is called
 * often better than one long loop.
 */
const ADD_AT_ONCE = 512;

/** Rows up to and including (key, cpu) may be released. */
export interface Watermark {
  key: number;
  cpu: number;
}

/** Whether (key, cpu) comes before (otherKey, otherCpu). */
export function before(key: number, cpu: number, otherKey: number, otherCpu: number): boolean {
  return key < otherKey || (key === otherKey && cpu < otherCpu);
}

export class Merger {
  private readonly runs: readonly CpuRun[];
  private readonly heap: Int32Array;
  private readonly headKey: Float64Array;
  private readonly dense: DenseWindow;
  private size = 0;
  /** The latest (key, cpu) released so far; a row below it is late. */
  private emittedKey = Number.NEGATIVE_INFINITY;
  private emittedCpu = -1;

  /** `runs[n].cpu` must be n. */
  constructor(runs: readonly CpuRun[]) {
    this.runs = runs;
    this.heap = new Int32Array(runs.length);
    this.headKey = new Float64Array(runs.length);
    this.dense = new DenseWindow(runs);
  }

  /** Releases every row up to the watermark. */
  release(watermark: Watermark, writer: BatchWriter): void {
    const dense = this.dense;
    while (dense.place(watermark.key, watermark.cpu, this.emittedKey)) {
      const last = dense.end - 1;
      this.emittedKey = dense.base + last;
      this.emittedCpu = (dense.places[last] as number) >>> PLACE_CPU_SHIFT;
      for (let from = 0; from < dense.end; from += ADD_AT_ONCE) {
        writer.addPlaced(this.runs, dense.places, from, Math.min(from + ADD_AT_ONCE, dense.end));
      }
      writer.noteLastIndices(this.runs, dense.places, dense.end);
      dense.clear();
    }
    this.releaseByHeap(watermark, writer);
  }

  private releaseByHeap(watermark: Watermark, writer: BatchWriter): void {
    this.build();
    const heap = this.heap;
    const headKey = this.headKey;
    let emittedKey = this.emittedKey;
    let emittedCpu = this.emittedCpu;
    while (this.size > 0) {
      const cpu = heap[0] as number;
      const run = this.runs[cpu] as CpuRun;
      let limitKey = watermark.key;
      let limitCpu = watermark.cpu;
      for (let child = 1; child < 3 && child < this.size; child++) {
        const rival = heap[child] as number;
        const rivalKey = headKey[rival] as number;
        if (before(rivalKey, rival, limitKey, limitCpu)) {
          limitKey = rivalKey;
          limitCpu = rival;
        }
      }
      const { key, tail } = run;
      const first = run.head;
      let row = first;
      while (row < tail) {
        const rowKey = key[row] as number;
        if (rowKey > limitKey || (rowKey === limitKey && cpu > limitCpu)) break;
        if (rowKey > emittedKey || (rowKey === emittedKey && cpu >= emittedCpu)) {
          emittedKey = rowKey;
          emittedCpu = cpu;
          writer.add(run, row, false);
        } else {
          writer.add(run, row, true);
        }
        row++;
      }
      if (row === first) break;
      run.head = row;
      if (row === tail) heap[0] = heap[--this.size] as number;
      else headKey[cpu] = key[row] as number;
      this.sift(0);
    }
    this.emittedKey = emittedKey;
    this.emittedCpu = emittedCpu;
  }

  private build(): void {
    this.size = 0;
    for (const run of this.runs) {
      if (run.head === run.tail) continue;
      this.headKey[run.cpu] = run.key[run.head] as number;
      this.heap[this.size++] = run.cpu;
    }
    for (let node = (this.size >>> 1) - 1; node >= 0; node--) this.sift(node);
  }

  private sift(start: number): void {
    const heap = this.heap;
    const headKey = this.headKey;
    const size = this.size;
    let node = start;
    const cpu = heap[node] as number;
    const key = headKey[cpu] as number;
    for (;;) {
      let child = node * 2 + 1;
      if (child >= size) break;
      let childCpu = heap[child] as number;
      let childKey = headKey[childCpu] as number;
      if (child + 1 < size) {
        const otherCpu = heap[child + 1] as number;
        const otherKey = headKey[otherCpu] as number;
        if (before(otherKey, otherCpu, childKey, childCpu)) {
          child++;
          childCpu = otherCpu;
          childKey = otherKey;
        }
      }
      if (!before(childKey, childCpu, key, cpu)) break;
      heap[node] = childCpu;
      node = child;
    }
    heap[node] = cpu;
  }
}
