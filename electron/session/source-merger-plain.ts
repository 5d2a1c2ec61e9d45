/**
 * The merge of sources, said plainly: of all rows that wait, take the smallest (key, source) while it is not above the
 * smallest promise, or not above a row that has waited long enough. The oracle of source-merger.ts in tests.
 */

export interface PlainSourceRow {
  readonly source: number;
  readonly timeNs: number;
  readonly text: string;
}

interface Waiting extends PlainSourceRow {
  readonly key: number;
  readonly order: number;
  readonly arrivedMs: number;
}

export class PlainSourceMerger {
  readonly output: (PlainSourceRow & { readonly late: boolean })[] = [];
  private waiting: Waiting[] = [];
  private readonly promises = new Map<number, number>();
  private readonly keys = new Map<number, number>();
  private emitted = Number.NEGATIVE_INFINITY;
  private order = 0;
  private readonly holdMs: number;

  constructor(holdMs: number) {
    this.holdMs = holdMs;
  }

  promise(source: number, safeNs: number): void {
    this.promises.set(source, safeNs);
  }

  push(rows: readonly PlainSourceRow[], nowMs: number): void {
    for (const row of rows) {
      const key = Math.max(this.keys.get(row.source) ?? Number.NEGATIVE_INFINITY, row.timeNs);
      this.keys.set(row.source, key);
      this.waiting.push({ ...row, key, order: this.order++, arrivedMs: nowMs });
    }
  }

  release(nowMs: number): void {
    const expired = this.waiting.filter((row) => row.arrivedMs + this.holdMs <= nowMs).map((row) => row.key);
    this.emit(Math.max(Math.min(...this.promises.values()), ...expired));
  }

  emit(limit: number): void {
    const out = this.waiting
      .filter((row) => row.key <= limit)
      .sort((a, b) => a.key - b.key || a.source - b.source || a.order - b.order);
    this.waiting = this.waiting.filter((row) => row.key > limit);
    for (const { source, timeNs, text, key } of out) {
      this.output.push({ source, timeNs, text, late: key < this.emitted });
      this.emitted = Math.max(this.emitted, key);
    }
  }
}
