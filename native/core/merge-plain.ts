/**
 * The merge in its simplest form: look at the head of every run, take the smallest (key, cpu), stop at the
 * watermark. Tests compare merge.ts with it, and it is the place to read what the merge means.
 */
import { before, type Watermark } from './merge.ts';

export interface PlainRow {
  readonly cpu: number;
  readonly key: number;
  readonly lost: number;
}

export interface PlainOutput extends PlainRow {
  readonly late: boolean;
}

export class PlainMerger {
  /** Waiting rows of each CPU, in ring order. */
  readonly waiting: PlainRow[][];
  private emitted: { key: number; cpu: number } = { key: Number.NEGATIVE_INFINITY, cpu: -1 };

  constructor(cpuCount: number) {
    this.waiting = Array.from({ length: cpuCount }, () => []);
  }

  release(watermark: Watermark): PlainOutput[] {
    const out: PlainOutput[] = [];
    for (;;) {
      let least: PlainRow | undefined;
      for (const [head] of this.waiting) {
        if (head && (!least || before(head.key, head.cpu, least.key, least.cpu))) least = head;
      }
      if (!least || before(watermark.key, watermark.cpu, least.key, least.cpu)) return out;
      this.waiting[least.cpu]?.shift();
      const late = before(least.key, least.cpu, this.emitted.key, this.emitted.cpu);
      if (!late) this.emitted = least;
      out.push({ ...least, late });
    }
  }
}
