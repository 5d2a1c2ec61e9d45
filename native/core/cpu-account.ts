/** The figures that a reader keeps of one CPU. */
import type { LossCause } from './entry.ts';

/** Figures of one CPU as of the last round; the counters are the producer's own. */
export interface CpuAccount {
  readonly cpu: number;
  /** Entries this reader delivered. */
  readonly read: number;
  /**
   * Attempts that this reader knows to be lost, the sum of `lostByCause`. Once the producer is quiet and the ring
   * drained, attempted - attemptedBefore = read + lost.
   */
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  /** Entries that were delivered out of order and flagged as late. */
  readonly late: number;
  /** The producer's own counters. */
  readonly attempted: number;
  readonly written: number;
  readonly overwritten: number;
  readonly wrapped: number;
  readonly badConsumer: number;
  readonly indexHoles: number;
  /** Attempts already accounted for by earlier readers when this one attached. */
  readonly attemptedBefore: number;
  /** Bytes waiting in the ring at the last poll, and the ring's size. */
  readonly pendingBytes: number;
  readonly ringBytes: number;
  /** Highest `pendingBytes` seen. */
  readonly peakPendingBytes: number;
  /** Global index of the first and last entry delivered; null before the first. */
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
}
