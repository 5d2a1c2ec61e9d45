/** Retention: how many rows are kept, and where. */
import type { Failure } from '../../native/core/result.ts';
import type { FilterSpec } from './rows.ts';

/**
 * How much of a session is kept. `rows`: at least the last `rows` rows, and at most one segment more. `bytes`: at most
 * the last `bytes` bytes, in memory and on disk together, but never fewer than two segments. Rows are dropped a whole
 * segment at a time.
 */
export type RetentionPolicy =
  | { readonly keep: 'all' }
  | { readonly keep: 'rows'; readonly rows: number }
  | { readonly keep: 'bytes'; readonly bytes: number };

export const KEEP_ALL: RetentionPolicy = { keep: 'all' };

/** The settings of the retention dialog. */
export interface RetentionSettings {
  /** The most memory for rows and indexes of matches, bytes; beyond it, rows are moved to disk. */
  readonly memoryCapBytes: number;
  readonly policy: RetentionPolicy;
}

const MIB = 1024 ** 2;

/** The smallest number of rows that may be asked for, so that a mistyped figure does not throw rows away. */
export const LEAST_ROWS = 1000;
export const LEAST_BYTES = 16 * MIB;
/** The smallest memory cap: with less, the segments that are in use at the same time would not fit. */
export const LEAST_MEMORY_CAP = 64 * MIB;
export const DEFAULT_MEMORY_CAP = 2048 * MIB;
/** The largest share of the machine's memory that the rows may have; the rest is for all other programs. */
export const MEMORY_SHARE = 0.75;
/** What the program takes beside its rows, its page and its threads included, while it reads and searches all of a long history. */
export const BESIDE_ROWS = 1024 * MIB;

/** The largest cap allowed on a machine of so much memory. */
export function largestMemoryCap(systemBytes: number): number {
  const most = Math.min(systemBytes * MEMORY_SHARE, systemBytes - BESIDE_ROWS);
  return Math.max(LEAST_MEMORY_CAP, Math.floor(most / MIB) * MIB);
}

/** Checks a policy from untrusted data; null if it is not one, or if it would keep next to nothing. */
export function parsePolicy(value: unknown): RetentionPolicy | null {
  const { keep, rows, bytes } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (keep === 'all') return { keep };
  if (keep === 'rows' && Number.isSafeInteger(rows) && (rows as number) >= LEAST_ROWS)
    return { keep, rows: rows as number };
  if (keep === 'bytes' && Number.isSafeInteger(bytes) && (bytes as number) >= LEAST_BYTES)
    return { keep, bytes: bytes as number };
  return null;
}

/** What the store knows of where its rows are. */
export interface StoreRetention {
  readonly policy: RetentionPolicy;
  /** Rows that are only on disk, and the bytes of their files. */
  readonly diskRows: number;
  readonly diskBytes: number;
  /** Folder of those files; null where nothing goes to disk. */
  readonly place: string | null;
  /**
   * Why rows could not be moved to disk or read back, since the last clear; null if there was no failure. After a
   * failed write the oldest rows are dropped instead: `Status.evictedRows` counts them.
   */
  readonly failure: Failure | null;
}

/** How far a session is recorded in the library of sessions. */
export interface RecordingStatus {
  /** What the recording is called. */
  readonly name: string;
  /** Rows that have left the history before they were on the disk; the recording has a hole there. */
  readonly goneRows: number;
  /** Why nothing is written at the moment; null while all is well. */
  readonly failure: Failure | null;
}

/** What a session knows of it. */
export interface SessionRetention extends StoreRetention {
  /**
   * If set, only rows that this filter shows are kept when they arrive, and hidden ones are gone for good. Null: all
   * are kept. Loss markers are always kept, and a regular expression in the filter drops nothing, because capture must
   * not wait for it. Neither do terms with an expression, with names, or with the time between two rows.
   */
  readonly captureFilter: FilterSpec | null;
  /** Rows that were not kept because the capture filter hid them, since the last clear. */
  readonly hiddenRows: number;
  /** Null where the rows do not outlive the program. */
  readonly recording: RecordingStatus | null;
}

export interface RetentionStatus extends SessionRetention {
  /** The largest cap this machine allows. */
  readonly largestCapBytes: number;
}
