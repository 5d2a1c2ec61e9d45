/**
 * One source's way into the merge, whoever wants the rows: its lane, its place on the common time line, and when the next
 * look at it is worth it.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import { nextPollDelay } from '../../../native/core/pacing.ts';
import type { LogSource, PollOutcome } from '../../../native/sources/source.ts';
import type { SessionPlace } from './session-time.ts';
import type { Lane, SourceMerger } from './source-merger.ts';

export class SourceLane {
  place: SessionPlace;
  /** Wait until the next poll is worth it, milliseconds. */
  delayMs = 0;
  private readonly merger: SourceMerger;
  private readonly lane: Lane;
  private readonly taken: (batch: EntryBatch) => void;
  private nowMs = 0;

  /** `id`: the number that rows carry. `taken` hears of each batch, which is never empty, before it is merged. */
  constructor(id: number, place: SessionPlace, merger: SourceMerger, taken: (batch: EntryBatch) => void = () => {}) {
    this.place = place;
    this.merger = merger;
    this.lane = merger.add(id);
    this.taken = taken;
  }

  /** Moves what a source has to the merge, and says what it promises of later rows. */
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

  /** Releases a source; what it held back is moved as well, and nothing waits for more of it. */
  close(source: LogSource): void {
    source.close(this.sink);
    this.end();
  }

  /** Nothing more comes for now: no row of another source waits for one of this. */
  end(): void {
    this.merger.promise(this.lane, Number.POSITIVE_INFINITY);
  }

  /** Gives up the lane: no source will come in it any more. */
  remove(): void {
    this.merger.remove(this.lane);
  }

  readonly sink = (batch: EntryBatch): void => {
    if (batch.count === 0) return;
    this.taken(batch);
    this.merger.push(this.lane, batch, this.place.offsetNs, this.nowMs);
  };
}
