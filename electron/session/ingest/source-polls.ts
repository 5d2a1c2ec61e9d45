/**
 * Moves what the sources of a session have to its merge: a slice of time in each tick, every source in its turn. Files alone
 * are read at the pace of the one that is furthest behind, and wait for each other however long that takes: whatever their
 * lengths, their rows come out in order, and no more than a piece of each is held.
 */
import { SLOW_POLL_MS } from '../../../native/core/pacing.ts';
import { sliceOf } from '../store/slice.ts';
import type { CapturedSource } from './captured-source.ts';
import { furthestBehind } from './file-pace.ts';
import { HOLD_MS, type SourceMerger } from './source-merger.ts';

/** When a tick has polled for so long, the remaining sources have to wait for the next tick; milliseconds. */
const POLL_MS = 16;

export class SourcePolls {
  private readonly merger: SourceMerger;
  private readonly now: () => number;
  /** Place of the source that is polled first in the next tick. */
  private turn = 0;
  private behind = false;

  /** `now`: monotonic milliseconds. */
  constructor(merger: SourceMerger, now: () => number) {
    this.merger = merger;
    this.now = now;
  }

  /** Returns the milliseconds after which to poll again. `clear` is called where a source asks to forget all rows. */
  poll(sources: readonly CapturedSource[], nowMs: number, clear: () => void): number {
    const alone = sources.length > 1 && sources.every(({ info }) => info.file !== undefined);
    this.merger.holdMs = alone ? Number.POSITIVE_INFINITY : HOLD_MS;
    const delayMs = alone ? this.readFiles(sources, nowMs) : this.pollEach(sources, nowMs, clear);
    this.behind = delayMs === 0;
    return delayMs;
  }

  /** Whether the last tick left something to read: whoever else wants time of this thread had better wait. */
  get isBehind(): boolean {
    return this.behind;
  }

  /** Waiting rows are released once every source was polled, so that no row becomes late only because its source had to wait. */
  private pollEach(sources: readonly CapturedSource[], nowMs: number, clear: () => void): number {
    const slice = sliceOf(this.now, POLL_MS);
    if (this.turn >= sources.length) this.turn = 0;
    do {
      if ((sources[this.turn++] as CapturedSource).poll(nowMs)) clear();
    } while (this.turn < sources.length && !slice.spent());
    if (this.turn < sources.length) return 0;
    this.turn = 0;
    this.merger.release(nowMs);
    const delayMs = Math.min(...sources.map((source) => source.delayMs));
    return this.merger.holding ? Math.min(delayMs, SLOW_POLL_MS) : delayMs;
  }

  private readFiles(sources: readonly CapturedSource[], nowMs: number): number {
    const slice = sliceOf(this.now, POLL_MS);
    do {
      const next = furthestBehind(sources.filter(({ isOpen }) => isOpen));
      next?.poll(nowMs, true);
      this.merger.release(nowMs);
      if (next === undefined || (next.isOpen && next.waits)) break;
    } while (!slice.spent());
    const open = sources.filter(({ isOpen }) => isOpen);
    return Math.min(...(open.length > 0 ? open : sources).map(({ delayMs }) => delayMs));
  }
}
