/**
 * Finds rows again when the files of a session are read anew: what a person marked or stands on is a record of a file, which
 * has another number afterwards. A record is told by its source, its index and its own time, whatever that is moved by.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';

/** A record of a source, whatever its number in the session. */
export interface CarriedRow {
  readonly source: number;
  /** As in the columns of the row. */
  readonly index: number;
  readonly kind: number;
  /** By the source's own clock, nanoseconds: without what moves it on the common time line. */
  readonly ownNs: number;
}

/** Times are doubles: sums of what lies years apart are exact to about a microsecond. */
const SAME_NS = 2_000;

export interface Carried<T> {
  readonly row: CarriedRow;
  /** What is kept for it. */
  readonly what: T;
}

export interface Found<T> {
  readonly row: number;
  readonly timeNs: number;
  readonly what: T;
}

export class CarriedRows<T> {
  private readonly missing = new Map<number, Map<number, Carried<T>[]>>();
  private left = 0;

  constructor(carried: Iterable<Carried<T>>) {
    for (const each of carried) this.add(each);
  }

  /** One more to find. */
  add(each: Carried<T>): void {
    const { source, index } = each.row;
    const ofSource = this.missing.get(source) ?? new Map<number, Carried<T>[]>();
    this.missing.set(source, ofSource);
    ofSource.set(index, [...(ofSource.get(index) ?? []), each]);
    this.left++;
  }

  /** How many were not found yet. */
  get count(): number {
    return this.left;
  }

  /** Those that were not found yet. */
  get rest(): readonly Carried<T>[] {
    return [...this.missing.values()].flatMap((ofSource) => [...ofSource.values()].flat());
  }

  /**
   * Those among the rows of a batch, the first of which has the number `first`. `offsetNs`: what the times of a source were
   * moved by.
   */
  look(batch: EntryBatch, first: number, offsetNs: (source: number) => number): readonly Found<T>[] {
    if (this.left === 0) return [];
    const found: Found<T>[] = [];
    for (let at = 0; at < batch.count; at++) {
      const source = batch.source[at] as number;
      const wanted = this.missing.get(source)?.get(batch.index[at] as number);
      if (wanted === undefined) continue;
      const timeNs = batch.timeNs[at] as number;
      const ownNs = timeNs - offsetNs(source);
      const kind = batch.kind[at];
      const here = wanted.filter(({ row }) => row.kind === kind && Math.abs(row.ownNs - ownNs) <= SAME_NS);
      if (here.length === 0) continue;
      for (const { what } of here) found.push({ row: first + at, timeNs, what });
      this.forget(source, batch.index[at] as number, here);
    }
    return found;
  }

  private forget(source: number, index: number, gone: readonly Carried<T>[]): void {
    const ofSource = this.missing.get(source);
    const kept = (ofSource?.get(index) ?? []).filter((each) => !gone.includes(each));
    if (kept.length === 0) ofSource?.delete(index);
    else ofSource?.set(index, kept);
    this.left -= gone.length;
  }
}
