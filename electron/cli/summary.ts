/** The accounts of a capture, as a file for scripts and as a line for people. */
import type { LossCause } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';
import type { SourceInfo, SourceState, SourceStats } from '../../native/sources/source.ts';
import { lossesOf, ringFill } from '../session/statistics.ts';

export interface CpuSummary {
  readonly cpu: number;
  readonly read: number;
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
  /** attempted = attemptedBefore + read + lost, once the source has ended. */
  readonly attempted: number;
  readonly attemptedBefore: number;
  readonly peakPendingBytes: number;
}

export interface CaptureSummary {
  readonly source: string;
  /** Null if the source was never opened. */
  readonly sessionId: string | null;
  /** `stopped` if this program ended the capture, else how the source ended; null if it was never opened. */
  readonly state: SourceState | 'stopped' | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Rows in the output: entries, and one for each place where records were lost. */
  readonly rows: number;
  readonly read: number;
  readonly lost: number;
  readonly late: number;
  /** Rows read but not in the output: beyond --max, or not written because of the failure. */
  readonly notWritten: number;
  readonly cpus: readonly CpuSummary[];
  readonly failure: Failure | null;
}

export interface CaptureOutcome {
  readonly source: string;
  readonly info: SourceInfo | null;
  readonly stats: SourceStats | null;
  readonly state: SourceState | 'stopped' | null;
  readonly startedAtUnixMs: number;
  readonly durationMs: number;
  readonly rows: number;
  readonly notWritten: number;
  readonly failure: Failure | null;
}

export function summarize(outcome: CaptureOutcome): CaptureSummary {
  const cpus = outcome.stats?.cpus ?? [];
  const { lost, late } = lossesOf(cpus);
  return {
    source: outcome.source,
    sessionId: outcome.info?.sessionId ?? null,
    state: outcome.state,
    startedAt: new Date(outcome.startedAtUnixMs).toISOString(),
    durationMs: Math.round(outcome.durationMs),
    rows: outcome.rows,
    read: cpus.reduce((sum, cpu) => sum + cpu.read, 0),
    lost,
    late,
    notWritten: outcome.notWritten,
    cpus: cpus.map((cpu) => ({
      cpu: cpu.cpu,
      read: cpu.read,
      lost: cpu.lost,
      lostByCause: cpu.lostByCause,
      late: cpu.late,
      firstIndex: cpu.firstIndex,
      lastIndex: cpu.lastIndex,
      attempted: cpu.attempted,
      attemptedBefore: cpu.attemptedBefore,
      peakPendingBytes: cpu.peakPendingBytes,
    })),
    failure: outcome.failure,
  };
}

const count = (value: number): string => value.toLocaleString('en');

/** One line: how it ended, what was read, what was lost and why. `stalledMs` is how long the output held up draining. */
export function describeSummary(summary: CaptureSummary, stats: SourceStats | null, stalledMs: number): string {
  const seconds = summary.durationMs / 1000;
  const causes = Object.entries(lossesOf(stats?.cpus ?? []).lostByCause)
    .filter(([, lost]) => lost > 0)
    .map(([cause, lost]) => `${cause} ${count(lost)}`);
  const parts = [
    `${summary.source} ${summary.state ?? 'not opened'}`,
    `${count(summary.read)} entries in ${seconds.toFixed(1)} s`,
    `${count(summary.lost)} lost${causes.length > 0 ? ` (${causes.join(', ')})` : ''}`,
    `${count(summary.late)} late`,
    `rings at most ${Math.round(ringFill(stats?.cpus ?? []).peak * 100)} % full`,
  ];
  if (summary.notWritten > 0) parts.push(`${count(summary.notWritten)} rows not written`);
  if (stalledMs >= 1) parts.push(`the output was too slow for ${(stalledMs / 1000).toFixed(1)} s`);
  return parts.join('; ');
}
