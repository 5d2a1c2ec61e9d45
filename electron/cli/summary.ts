/** The account of a capture, as a file for scripts and as one line for people. */
import type { LossCause } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';
import type { CpuStats, FileFigures, SourceInfo, SourceState, SourceStats } from '../../native/sources/source.ts';
import { lossesOf, problemsText, ringFill } from '../session/ingest/statistics.ts';
import { sessionIdsOf } from './merged-sources.ts';

export interface CpuSummary {
  readonly cpu: number;
  readonly read: number;
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
  /** Present if the CPU has a ring. Once the source has ended, attempted = attemptedBefore + read + lost. */
  readonly attempted?: number;
  readonly attemptedBefore?: number;
  readonly peakPendingBytes?: number;
}

/** The part of the summary about a source that is a file or a stream. */
export interface FileSummary extends FileFigures {
  /** Absolute; null for a stream. */
  readonly path: string | null;
}

export interface CaptureSummary {
  readonly source: string;
  /** Identity of the ring session; null if the source was never opened, or has no rings. */
  readonly sessionId: string | null;
  /**
   * `stopped` if this program ended the capture, otherwise the state in which the source ended; null if it was never
   * opened.
   */
  readonly state: SourceState | 'stopped' | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Rows in the output: entries, and one for each place where records were lost. */
  readonly rows: number;
  readonly read: number;
  readonly lost: number;
  readonly late: number;
  /** Rows read but not in the output: beyond --max, after the output's reader left, or because of the failure. */
  readonly notWritten: number;
  /** Rows that were in the output until a limit of the log's size took them out; only if there are any. */
  readonly replaced?: number;
  /** Rows read that --filter hides; only with one. */
  readonly hidden?: number;
  readonly cpus: readonly CpuSummary[];
  /** Present if the only source is a file or a stream; with several sources, each of `sources` has its own. */
  readonly file?: FileSummary;
  /** What a person should know of the capture, phrases; with several sources, each of `sources` has its own. */
  readonly notes?: readonly string[];
  readonly failure: Failure | null;
  /**
   * With several sources, the account of each; the figures above are then their sums, and the CPUs of all sources in
   * turn.
   */
  readonly sources?: readonly SourceSummary[];
}

export interface SourceSummary {
  readonly source: string;
  /** Null if the source has no rings. */
  readonly sessionId: string | null;
  readonly state: SourceState | 'stopped';
  readonly read: number;
  readonly lost: number;
  readonly late: number;
  readonly cpus: readonly CpuSummary[];
  readonly file?: FileSummary;
  readonly notes?: readonly string[];
}

/** The outcome of one source that was opened. */
export interface SourceOutcome {
  readonly source: string;
  readonly info: SourceInfo;
  readonly stats: SourceStats;
  readonly state: SourceState | 'stopped';
}

export interface CaptureOutcome {
  readonly sources: readonly string[];
  /** Empty if not all sources could be opened. */
  readonly opened: readonly SourceOutcome[];
  /** Rows that are late because of another source. */
  readonly lateByMerge: number;
  readonly startedAtUnixMs: number;
  readonly durationMs: number;
  readonly rows: number;
  readonly notWritten: number;
  /** Rows that a limit of the log's size took out again. */
  readonly replaced?: number;
  /** Rows that a filter hid; null or left out without one. */
  readonly hidden?: number | null;
  readonly failure: Failure | null;
}

export function summarize(outcome: CaptureOutcome): CaptureSummary {
  const { opened } = outcome;
  const cpus = opened.flatMap(({ stats }) => stats.cpus);
  const { lost, late } = lossesOf(cpus);
  const only = outcome.sources.length === 1 ? opened[0] : undefined;
  return {
    source: outcome.sources.join(', '),
    sessionId: sessionIdsOf(opened.map(({ info }) => info)),
    state: stateOf(opened),
    startedAt: new Date(outcome.startedAtUnixMs).toISOString(),
    durationMs: Math.round(outcome.durationMs),
    rows: outcome.rows,
    read: readOf(cpus),
    lost,
    late: late + outcome.lateByMerge,
    notWritten: outcome.notWritten,
    ...(outcome.replaced ? { replaced: outcome.replaced } : {}),
    ...(outcome.hidden == null ? {} : { hidden: outcome.hidden }),
    cpus: cpus.map(cpuSummary),
    ...(only === undefined ? {} : { ...fileOf(only), ...notesOf(only) }),
    failure: outcome.failure,
    ...(outcome.sources.length > 1 ? { sources: opened.map(sourceSummary) } : {}),
  };
}

const readOf = (cpus: readonly CpuStats[]): number => cpus.reduce((sum, cpu) => sum + cpu.read, 0);

/** The state of several sources: that of the ending that matters most. */
function stateOf(opened: readonly SourceOutcome[]): SourceState | 'stopped' | null {
  const order = ['failed', 'stopped', 'gone', 'ended'] as const;
  return order.find((state) => opened.some((source) => source.state === state)) ?? opened[0]?.state ?? null;
}

function sourceSummary(outcome: SourceOutcome): SourceSummary {
  const { source, info, state, stats } = outcome;
  const { lost, late } = lossesOf(stats.cpus);
  return {
    source,
    sessionId: info.ring?.sessionId ?? null,
    state,
    read: readOf(stats.cpus),
    lost,
    late,
    cpus: stats.cpus.map(cpuSummary),
    ...fileOf(outcome),
    ...notesOf(outcome),
  };
}

function fileOf({ info, stats: { file } }: SourceOutcome): { readonly file?: FileSummary } {
  return file === undefined ? {} : { file: { path: info.file?.path ?? null, ...file } };
}

function cpuSummary(cpu: CpuStats): CpuSummary {
  const { ring } = cpu;
  return {
    cpu: cpu.cpu,
    read: cpu.read,
    lost: cpu.lost,
    lostByCause: cpu.lostByCause,
    late: cpu.late,
    firstIndex: cpu.firstIndex,
    lastIndex: cpu.lastIndex,
    ...(ring === undefined
      ? {}
      : {
          attempted: ring.attempted,
          attemptedBefore: ring.attemptedBefore,
          peakPendingBytes: ring.peakPendingBytes,
        }),
  };
}

function notesOf({ stats: { notes = [] } }: SourceOutcome): { readonly notes?: readonly string[] } {
  return notes.length === 0 ? {} : { notes };
}

const filesOf = ({ file, sources = [] }: CaptureSummary): FileSummary[] =>
  [file, ...sources.map((source) => source.file)].filter((each) => each !== undefined);

/** Which part of a file was read, and the first broken places in it. */
function describeFile({ readBytes, totalBytes, ended, format, encoding, broken }: FileSummary): string[] {
  const of = ended || totalBytes === null ? '' : ` of ${count(totalBytes)}`;
  const as = [format, encoding].filter((part) => part !== null).join(', ');
  const parts = [`${count(readBytes)}${of} bytes read${as === '' ? '' : ` as ${as}`}`];
  const problems = problemsText(broken);
  if (problems !== null) parts.push(problems);
  return parts;
}

const count = (value: number): string => value.toLocaleString('en');

/**
 * One line: how the capture ended, what was read, what was lost and why. `stalledMs` is how long the output held up
 * draining.
 */
export function describeSummary(
  summary: CaptureSummary,
  cpus: readonly CpuStats[],
  stalledMs: number,
  readerLeft: boolean,
): string {
  const seconds = summary.durationMs / 1000;
  const causes = Object.entries(lossesOf(cpus).lostByCause)
    .filter(([, lost]) => lost > 0)
    .map(([cause, lost]) => `${cause} ${count(lost)}`);
  const parts = [
    `${summary.source} ${summary.state ?? 'not opened'}`,
    `${count(summary.read)} entries in ${seconds.toFixed(1)} s`,
    `${count(summary.lost)} lost${causes.length > 0 ? ` (${causes.join(', ')})` : ''}`,
    `${count(summary.late)} late`,
    ...(cpus.some(({ ring }) => ring !== undefined)
      ? [`rings at most ${Math.round(ringFill(cpus).peak * 100)} % full`]
      : []),
  ];
  parts.push(...filesOf(summary).flatMap(describeFile));
  parts.push(...(summary.notes ?? []), ...(summary.sources ?? []).flatMap(({ notes = [] }) => notes));
  if (summary.hidden !== undefined) parts.push(`${count(summary.hidden)} rows hidden by the filter`);
  if (summary.notWritten > 0) parts.push(`${count(summary.notWritten)} rows not written`);
  if (summary.replaced) parts.push(`${count(summary.replaced)} rows went with log files beyond the limit`);
  if (readerLeft) parts.push('the reader of the output left');
  if (stalledMs >= 1) parts.push(`the output was too slow for ${(stalledMs / 1000).toFixed(1)} s`);
  return parts.join('; ');
}
