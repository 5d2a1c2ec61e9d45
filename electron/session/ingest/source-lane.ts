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

  /** Moves what a source has to the merge, and passes on below which time it promises no more rows. */
  poll(source: LogSource, nowMs: number): PollOutcome {
    this.nowMs = nowMs;
    const outcome = source.poll(this.sink, this.merger.leaseFor(this.lane));
    const { safeTimeNs } = outcome;
    this.merger.promise(
      this.lane,
      safeTimeNs === undefined ? Number.POSITIVE_INFINITY : safeTimeNs + this.place.offsetNs,
    );
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
