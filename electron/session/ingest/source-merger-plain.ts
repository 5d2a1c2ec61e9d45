/**
 * The merge of sources in its simplest form: of all waiting rows take the smallest (key, source), as long as it is not
 * above the smallest promise, or not above a row that has waited long enough. With a single source and nothing waiting,
 * its rows pass at once. Tests compare source-merger.ts with it.
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
  /** Rows that were flagged late since the last clear. */
  late = 0;
  private readonly present = new Set<number>();
  private waiting: Waiting[] = [];
  private readonly promises = new Map<number, number>();
  private readonly keys = new Map<number, number>();
  private emitted = Number.NEGATIVE_INFINITY;
  private order = 0;
  private readonly holdMs: number;

  constructor(holdMs: number) {
    this.holdMs = holdMs;
  }

  add(source: number): void {
    this.present.add(source);
    this.promises.set(source, Number.POSITIVE_INFINITY);
    this.keys.delete(source);
  }

  remove(source: number): void {
    this.present.delete(source);
    this.promises.delete(source);
  }

  clear(): void {
    this.waiting = [];
    this.keys.clear();
    this.emitted = Number.NEGATIVE_INFINITY;
    this.late = 0;
  }

  get holding(): boolean {
    return this.waiting.length > 0;
  }

  promise(source: number, safeNs: number): void {
    this.promises.set(source, safeNs);
  }

  push(rows: readonly PlainSourceRow[], nowMs: number): void {
    const alone = this.present.size === 1 && this.waiting.length === 0;
    for (const row of rows) {
      const key = Math.max(this.keys.get(row.source) ?? Number.NEGATIVE_INFINITY, row.timeNs);
      this.keys.set(row.source, key);
      this.waiting.push({ ...row, key, order: this.order++, arrivedMs: nowMs });
    }
    if (alone) this.emit(Number.POSITIVE_INFINITY);
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
      if (key < this.emitted) this.late++;
      this.emitted = Math.max(this.emitted, key);
    }
  }
}
