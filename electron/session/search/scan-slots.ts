/** Buffers in which a thread is given the rows to look at and gives back those it found; used again while they fit. */
import { Slot } from './scan-task.ts';
import type { ScanPiece } from './scanner.ts';

const SPARE_SLOTS = 16;
const SMALLEST_BYTES = 16_384;

export class ScanSlots {
  private spare: SharedArrayBuffer[] = [];

  /** A buffer with room for all rows of a piece. Its words are zero; the piece's offsets, if it has any, are in it. */
  take({ from, to, offsets }: ScanPiece): SharedArrayBuffer {
    const rows = offsets?.length ?? to - from;
    const bytes = (Slot.Words + rows) * 4;
    const at = this.spare.findIndex((slot) => slot.byteLength >= bytes);
    const slot = at < 0 ? new SharedArrayBuffer(roundedUp(bytes)) : (this.spare.splice(at, 1)[0] as SharedArrayBuffer);
    new Int32Array(slot).fill(0, 0, Slot.Words);
    if (offsets !== null) new Uint32Array(slot, Slot.Words * 4, rows).set(offsets);
    return slot;
  }

  /** Takes back a buffer that no thread writes to any more. */
  giveBack(slot: SharedArrayBuffer): void {
    if (this.spare.length < SPARE_SLOTS) this.spare.push(slot);
  }

  /** Frees the spare buffers. */
  clear(): void {
    this.spare = [];
  }
}

/** Makes the thread that works on the buffer stop before its next step. */
export function cancelSlot(slot: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(slot), Slot.Cancelled, 1);
}

/** A copy of the rows found so far. */
export function foundIn(slot: SharedArrayBuffer): Uint32Array {
  const found = Atomics.load(new Int32Array(slot), Slot.Found);
  return new Uint32Array(slot, Slot.Words * 4, found).slice();
}

/** Rounds up to one of few sizes, so that spare buffers fit more often. */
function roundedUp(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, SMALLEST_BYTES)));
}
