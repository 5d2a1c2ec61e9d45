/** Rows of a batch as a batch of their own: what is left when some are taken out. */
import { COLUMN_NAMES } from '../../../native/core/columns.ts';
import { createEntryBatch, type EntryBatch } from '../../../native/core/entry.ts';

export class PickedBatch {
  private kept = createEntryBatch(0, 0);

  /** The rows at `places[0..count-1]`, in that order; valid until the next call and as long as `batch`. */
  of(batch: EntryBatch, places: Uint32Array, count: number): EntryBatch {
    if (this.kept.capacity < count) this.kept = createEntryBatch(batch.capacity, 0);
    const { kept } = this;
    for (const name of COLUMN_NAMES) pick(batch[name], places, count, kept[name]);
    pick(batch.dataStart, places, count, kept.dataStart);
    pick(batch.dataLength, places, count, kept.dataLength);
    // The payloads stay where they are.
    return { ...kept, count, bytes: batch.bytes, bytesUsed: batch.bytesUsed };
  }
}

/** The values at `places[0..count-1]`. */
function pick(from: ArrayLike<number>, places: Uint32Array, count: number, to: { [at: number]: number }): void {
  for (let at = 0; at < count; at++) to[at] = from[places[at] as number] as number;
}
