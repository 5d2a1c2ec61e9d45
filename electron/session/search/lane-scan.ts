/**
 * The CPU lanes of a session, as far as somebody looks at them: counted from the columns alone, some rows in each tick, from
 * the oldest on and on to those that arrive.
 */
import type { LaneRange, LaneReport } from '../../contract/lanes.ts';
import { ROWS_A_CALL, type Slice } from '../store/slice.ts';
import type { SessionStore } from '../store/store.ts';
import { LaneTally } from './lane-tally.ts';

/** Rows between two looks at the clock: a fraction of a millisecond of work. */
const ROWS_A_STEP = 8192;
/** Nobody who looks at the lanes asks less often than this; milliseconds. */
const ASKED_MS = 5000;

export class LaneScan {
  private readonly store: SessionStore;
  private readonly clock: (nowMs: number) => number | null;
  private tally = new LaneTally(null);
  private range: LaneRange | null = null;
  private epoch: number;
  private nextRow: number;
  private askedAt = Number.NEGATIVE_INFINITY;

  /** `clock`: what the clock of the session shows at a moment of the monotonic clock; null where nobody knows. */
  constructor(store: SessionStore, clock: (nowMs: number) => number | null = () => null) {
    this.store = store;
    this.clock = clock;
    this.epoch = store.epoch;
    this.nextRow = store.firstRow;
  }

  /** What is known by now of a part of the log, null for all of it; asked again and again, it becomes all. */
  report(range: LaneRange | null, nowMs: number): LaneReport {
    this.askedAt = nowMs;
    if (range?.fromNs !== this.range?.fromNs || range?.toNs !== this.range?.toNs) {
      this.range = range;
      this.begin();
    }
    this.sync();
    const { store, tally } = this;
    const { fromNs, bucketNs, others, logFromNs, logToNs } = tally;
    const isEmpty = logToNs < logFromNs;
    // A CPU is not silent whose last records were only not looked at yet.
    const nowNs = isEmpty || this.nextRow < store.endRow ? null : this.clock(nowMs);
    return {
      ...{ fromNs, bucketNs, lanes: tally.lanesUntil(nowNs ?? logToNs), others, nowNs },
      ...{ logFromNs: isEmpty ? 0 : logFromNs, logToNs: isEmpty ? 0 : logToNs },
      ...{ looked: Math.max(0, this.nextRow - store.firstRow), total: store.endRow - store.firstRow },
    };
  }

  /** Looks at rows until the slice is spent, if somebody has asked a moment ago. True if there is more to do at once. */
  advance(nowMs: number, slice: Slice): boolean {
    if (nowMs - this.askedAt > ASKED_MS) return false;
    this.sync();
    const { store, tally } = this;
    while (this.nextRow < store.endRow) {
      const segment = store.segmentOf(this.nextRow);
      if (segment === null) return false;
      const from = this.nextRow - segment.firstRow;
      const to = Math.min(segment.count, from + ROWS_A_STEP);
      for (let at = from; at < to; at += ROWS_A_CALL) tally.add(segment, at, Math.min(to, at + ROWS_A_CALL));
      this.nextRow = segment.firstRow + to;
      if (slice.spent()) break;
    }
    return this.nextRow < store.endRow;
  }

  close(): void {
    this.askedAt = Number.NEGATIVE_INFINITY;
  }

  private begin(): void {
    this.tally = new LaneTally(this.range);
    this.nextRow = this.store.firstRow;
  }

  /** Begins anew when the log was cleared, and leaves out rows that were dropped before they could be looked at. */
  private sync(): void {
    const { store } = this;
    if (this.epoch !== store.epoch) {
      this.epoch = store.epoch;
      this.begin();
    }
    this.nextRow = Math.max(this.nextRow, store.firstRow);
  }
}
