/** What the status bar and the statistics panel are drawn from. Pushed four times a second while something changes. */
import type { LossCause } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';
import type { CpuStats, SourceInfo, SourceState } from '../../native/sources/source.ts';

export type { CpuStats, SourceInfo, SourceState };

export interface CpuRates {
  readonly cpu: number;
  /** Entries a second over the last second. */
  readonly perSecond: number;
}

export interface SourceStatus {
  readonly info: SourceInfo;
  readonly state: SourceState | 'stopped';
  readonly failure: Failure | null;
  readonly cpus: readonly CpuStats[];
}

export interface Status {
  /** Monotonic milliseconds of this sample; only differences mean anything. */
  readonly atMs: number;
  /** The source in use or last used; null before the first. */
  readonly source: SourceStatus | null;
  /** True between start and stop, also while waiting for a source to come back. */
  readonly capturing: boolean;
  readonly perSecond: number;
  readonly rates: readonly CpuRates[];
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
  /** Highest fill of any ring at the last poll, 0..1, and the highest seen. */
  readonly ringFill: number;
  readonly peakRingFill: number;
  readonly memoryBytes: number;
  readonly memoryCapBytes: number;
  /** Rows dropped from the front of the history to stay under the cap. */
  readonly evictedRows: number;
  /** Entries per level held by the session: error, warning, info, trace, other. */
  readonly levels: readonly [number, number, number, number, number];
}
