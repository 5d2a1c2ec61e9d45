/** Which segments other threads are reading at the moment, and what has to wait until they are done. */
import type { Segment } from './segment.ts';

interface Waiting {
  readonly bytes: number;
  readonly run: () => void;
}

export class Pins {
  private readonly counts = new Map<Segment, number>();
  private readonly waiting = new Map<Segment, Waiting>();

  /** Bytes of the buffers that wait. */
  get bytes(): number {
    let bytes = 0;
    for (const each of this.waiting.values()) bytes += each.bytes;
    return bytes;
  }

  add(segment: Segment): void {
    this.counts.set(segment, (this.counts.get(segment) ?? 0) + 1);
  }

  remove(segment: Segment): void {
    const count = this.counts.get(segment);
    if (count === undefined) return;
    if (count > 1) {
      this.counts.set(segment, count - 1);
      return;
    }
    this.counts.delete(segment);
    const waiting = this.waiting.get(segment);
    this.waiting.delete(segment);
    waiting?.run();
  }

  /**
   * Runs `run` once the segment is not pinned: at once, or when its last pin is removed. Until then, `bytes` count as
   * in use.
   */
  whenFree(segment: Segment, bytes: number, run: () => void): void {
    if (this.counts.has(segment)) this.waiting.set(segment, { bytes, run });
    else run();
  }

  /** Forgets all pins; what waits is never run. */
  clear(): void {
    this.counts.clear();
    this.waiting.clear();
  }
}
