/**
 * The data of the status bar and the statistics. Sent four times a second while something changes, and at once
 * when capture starts, stops or ends.
 */
import type { LossCause } from '../../native/core/entry.ts';
import type { Failure } from '../../native/core/result.ts';
import type {
  BrokenPlace,
  CpuStats,
  FileFigures,
  FileFormat,
  RingFigures,
  SourceInfo,
  SourceState,
} from '../../native/sources/source.ts';
import type { FileLogStatus } from './file-log.ts';
import type { LogField } from './log-fields.ts';
import type { RetentionStatus, SessionRetention } from './retention.ts';
import type { TimeOrigin } from './shown-time.ts';

export { FILE_FORMATS } from '../../native/sources/source.ts';
export type { BrokenPlace, CpuStats, FileFigures, FileFormat, RingFigures, SourceInfo, SourceState };

export interface CpuRates {
  readonly cpu: number;
  /** Entries a second over the last second. */
  readonly perSecond: number;
}

/** One of the sources in use. Rates and losses are counted since the last clear. */
export interface SourceStatus {
  /** Its number in the session, 0..65535, as in LogRow.source. */
  readonly id: number;
  /** Its name as typed by the person. */
  readonly name: string;
  readonly info: SourceInfo;
  readonly state: SourceState | 'stopped';
  readonly failure: Failure | null;
  readonly cpus: readonly CpuStats[];
  /** How far it was read; only of a file or a stream. */
  readonly file?: FileFigures;
  /** What a person should know of the capture, phrases. */
  readonly notes?: readonly string[];
  readonly perSecond: number;
  readonly rates: readonly CpuRates[];
  readonly lost: number;
  /** Rows it delivered, loss markers included. */
  readonly rows: number;
  /** Records it delivered: rows without loss markers. */
  readonly records: number;
  /** By how many nanoseconds a person moved its times, where that is not 0. */
  readonly statedNs?: number;
  /** By how many nanoseconds its rows were put behind those of before, because their wall clocks disagree; where that is not 0. */
  readonly followNs?: number;
}

export interface SourceName {
  readonly id: number;
  readonly name: string;
}

/** What the rows of a source do not state: where they have a value there all the same, it is none of the log's. */
export interface SourceLacks {
  /** Its number in the session. */
  readonly id: number;
  readonly fields: readonly LogField[];
  /** A process number of 0 names no process. */
  readonly zeroPidIsNone: boolean;
}

/** How far the files of a recorded session were looked through. */
export interface OpeningStatus {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** A person stopped it: the session has the rows that were found by then. */
  readonly stopped: boolean;
}

export interface Status {
  /** Monotonic milliseconds when this was sampled; only differences are meaningful. */
  readonly atMs: number;
  /** Wall clock of time 0 of the rows, milliseconds since 1970 UTC; 0 before the first source. */
  readonly startUnixMs: number;
  /** As what times of the rows can be shown. */
  readonly origin: TimeOrigin;
  /** The first of `sources`, for places that show only one; null before the first. */
  readonly source: SourceStatus | null;
  /** The sources in use, or last used while stopped, by number. */
  readonly sources: readonly SourceStatus[];
  /** Every source that the session has rows of, and those in use, by number. */
  readonly sourceNames: readonly SourceName[];
  /** The sources whose rows do not state every field; without it there are none. */
  readonly lacking?: readonly SourceLacks[];
  /** Present while a recorded session is being opened, and once that was stopped. */
  readonly opening?: OpeningStatus;
  /** True between start and stop, also while waiting for a source to come back. */
  readonly capturing: boolean;
  readonly perSecond: number;
  readonly rates: readonly CpuRates[];
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
  /** Highest fill of any ring at the last poll, 0..1, and the highest seen; 0 where no source has rings. */
  readonly ringFill: number;
  readonly peakRingFill: number;
  /** Memory of the rows and of the indexes of matches of this session. */
  readonly memoryBytes: number;
  /** Most memory that the rows and indexes of all sessions take together. */
  readonly memoryCapBytes: number;
  /** Rows that were dropped to stay under the cap. */
  readonly evictedRows: number;
  /** The records among the dropped rows. */
  readonly evictedRecords: number;
  readonly retention: RetentionStatus;
  /** How far the log is that is written to a file; null while there is none. */
  readonly fileLog?: FileLogStatus | null;
  /** One above the highest CPU number of the rows since the last clear; without it there are none. */
  readonly cpuCount?: number;
  /** Entries per level held by the session: error, warning, info, trace, other. */
  readonly levels: readonly [number, number, number, number, number];
}

/** The status of a session by itself. Figures about all sessions together are added by the service. */
export type SessionStatus = Omit<Status, 'memoryCapBytes' | 'retention'> & { readonly retention: SessionRetention };
