/** Limits the number of entries that a command wants: those beyond the limit are counted, and left out. */
import { type EntryBatch, RowKind } from '../../native/core/entry.ts';

export class EntryLimit {
  /** Rows left out. */
  beyond = 0;
  private left: number;

  /** `most` entries; null for no limit. */
  constructor(most: number | null) {
    this.left = most ?? Number.POSITIVE_INFINITY;
  }

  /** True once no more entries are wanted. */
  get reached(): boolean {
    return this.left <= 0;
  }

  /** The number of rows in a batch up to the last entry that is wanted; the others are counted as left out. */
  rowsOf(batch: EntryBatch): number {
    if (this.left === Number.POSITIVE_INFINITY) return batch.count;
    let row = 0;
    for (; row < batch.count && this.left > 0; row++) {
      if (batch.kind[row] === RowKind.Entry) this.left--;
    }
    this.beyond += batch.count - row;
    return row;
  }
}
