/**
 * The way of one source into the merge: its lane, its place on the common time line, and when it should be polled next.
 * Used by whoever wants the rows.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import { nextPollDelay } from '../../../native/core/pacing.ts';
import type { LogSource, PollOutcome } from '../../../native/sources/source.ts';
import type { SourcePlace } from './session-time.ts';
import type { Lane, SourceMerger } from './source-merger.ts';

export class SourceLane {
  place: SourcePlace;
  /** How long to wait until the next poll is worth it; milliseconds. */
  delayMs = 0;
  private readonly merger: SourceMerger;
  private readonly lane: Lane;
  private readonly taken: (batch: EntryBatch) => void;
  private nowMs = 0;

  /** `id`: the number that rows carry. `taken` is called with each batch, which is never empty, before it is merged. */
  constructor(id: number, place: SourcePlace, merger: SourceMerger, taken: (batch: EntryBatch) => void = () => {}) {
    this.place = place;
    this.merger = merger;
    this.lane = merger.add(id);
    this.taken = taken;
  }

  /** The largest time that came so far, on the common base; -Infinity before the first row. */
  get reachNs(): number {
    return this.lane.key;
  }

  /** Until its first poll, the others wait for this source. */
  begin(): void {
    this.merger.promise(this.lane, Number.NEGATIVE_INFINITY);
  }

  /**
   * Moves what a source has to the merge, and passes on below which time it promises no more rows. `inOrder`: the others
   * wait for a source that makes no promise too, until it has come as far as they have.
   */
  poll(source: LogSource, nowMs: number, inOrder = false): PollOutcome {
    this.nowMs = nowMs;
    const outcome = source.poll(this.sink, this.merger.leaseFor(this.lane));
    const { safeTimeNs } = outcome;
    const otherwise = inOrder ? this.reachNs : Number.POSITIVE_INFINITY;
    this.merger.promise(this.lane, safeTimeNs === undefined ? otherwise : safeTimeNs + this.place.offsetNs);
    this.delayMs = nextPollDelay(this.delayMs, outcome);
    return outcome;
  }

  /** Releases a source. What it held back is moved too, and afterwards no other source waits for it. */
  close(source: LogSource): void {
    source.close(this.sink);
    this.end();
  }

  /** Nothing more comes for now, so rows of other sources need not wait for this one. */
  end(): void {
    this.merger.promise(this.lane, Number.POSITIVE_INFINITY);
  }

  /** Removes the lane, when no source will use it any more. */
  remove(): void {
    this.merger.remove(this.lane);
  }

  readonly sink = (batch: EntryBatch): void => {
    if (batch.count === 0) return;
    this.taken(batch);
    this.merger.push(this.lane, batch, this.place.offsetNs, this.nowMs);
  };
}
