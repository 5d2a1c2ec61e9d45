/**
 * What every origin of entries looks like to the rest of the product: rings of a driver, a simulated driver, debug
 * output, a file, a replay. A source is pulled: nothing happens between two calls of `poll`.
 */
import type { CpuAccount } from '../core/cpu-account.ts';
import type { BatchLease, EntryBatch } from '../core/entry.ts';
import type { Failure } from '../core/result.ts';

/**
 * - `capturing`: the producer is alive (or the file has more)
 * - `ended`: the producer said it stopped and everything it wrote has been read
 * - `gone`: the producer disappeared without saying so; what it had written was read
 * - `failed`: the source can no longer be read; `failure` says why
 */
export type SourceState = 'capturing' | 'ended' | 'gone' | 'failed';

export type CpuStats = CpuAccount;

export interface SourceStats {
  readonly state: SourceState;
  readonly failure: Failure | null;
  readonly cpus: readonly CpuStats[];
}

export interface SourceInfo {
  /** As the person named it: `sim:demo`. */
  readonly name: string;
  /** What the producer calls itself: `simulated driver`. */
  readonly producer: string;
  readonly cpuCount: number;
  readonly ringBytes: number;
  readonly ringMode: 'drop' | 'overwrite';
  readonly orderMode: 'index' | 'clock';
  /** Producer's session identity as 16 hex digits. */
  readonly sessionId: string;
  /** When the session began, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
  /** Clock ticks a second. */
  readonly clockFrequency: number;
  /**
   * This machine's monotonic clock when the session began, in ticks, as decimal digits. Two sources that have it share
   * one time base exactly; one without is placed by `startUnixMs`.
   */
  readonly startTicks?: string;
}

export interface PollOutcome {
  readonly state: SourceState;
  /** Rows handed to the sink, gap rows included. */
  readonly rows: number;
  /** Ring bytes copied out; with `rows` this drives the poll interval. */
  readonly bytes: number;
  /** True if a ring still held data when its share of this poll was used up: poll again without waiting. */
  readonly more: boolean;
  /**
   * The source asks to forget every row before this outcome (debug output that says DBGVIEWCLEAR). What comes after the
   * request is handed out by the next poll, so that whoever heeds it clears first.
   */
  readonly clear?: boolean;
  /**
   * Nothing older will be handed on from here on; nanoseconds since the session began. A source that leaves it out
   * delays no other.
   */
  readonly safeTimeNs?: number;
}

export interface LogSource {
  readonly info: SourceInfo;
  /** Image names of the processes in the pid column, as far as the source knows them; grows while it is polled. */
  readonly processNames?: ReadonlyMap<number, string>;
  /**
   * Drains what is there, merges what is safe to order and hands it on. The batch is valid only during the call of
   * `sink`. Never throws for anything a producer can cause: the state becomes `failed` instead. A source may put what it
   * has into batches of `lease`.
   */
  poll(sink: (batch: EntryBatch) => void, lease?: BatchLease | null): PollOutcome;
  stats(): SourceStats;
  /**
   * Emits everything still held back by the merge, then releases every mapping and handle. Safe to call twice.
   */
  close(sink: (batch: EntryBatch) => void): void;
}
