/** Which segments are being read elsewhere, and what has to wait until they are not. */
import type { Segment } from './segment.ts';

interface Waiting {
  readonly bytes: number;
  readonly run: () => void;
}

export class Pins {
  private readonly counts = new Map<Segment, number>();
  private readonly waiting = new Map<Segment, Waiting>();

  /** Bytes of what waits. */
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

  /** Does something with a segment's buffers once it is not pinned: now, if it is not. `bytes` are in use until then. */
  whenFree(segment: Segment, bytes: number, run: () => void): void {
    if (this.counts.has(segment)) this.waiting.set(segment, { bytes, run });
    else run();
  }

  /** Forgets everything; what waits is never done. */
  clear(): void {
    this.counts.clear();
    this.waiting.clear();
  }
}
