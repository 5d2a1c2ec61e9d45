/** How much history is kept, and where it lies. */
import type { Failure } from '../../native/core/result.ts';
import type { FilterSpec } from './rows.ts';

/**
 * What is kept of a session. `rows`: at least the last `rows` rows, and at most one segment more. `bytes`: at most the
 * last `bytes` bytes, in memory and on disk together, but never fewer than two segments. Rows go a whole segment at a time.
 */
export type RetentionPolicy =
  | { readonly keep: 'all' }
  | { readonly keep: 'rows'; readonly rows: number }
  | { readonly keep: 'bytes'; readonly bytes: number };

export const KEEP_ALL: RetentionPolicy = { keep: 'all' };

/** What a person decides about the history. */
export interface RetentionSettings {
  /** Most bytes of memory the rows and the index of matches take; beyond it rows move to disk. */
  readonly memoryCapBytes: number;
  readonly policy: RetentionPolicy;
}

const MIB = 1024 ** 2;

/** Less is no history: a mistyped figure must not throw rows away. */
export const LEAST_ROWS = 1000;
export const LEAST_BYTES = 16 * MIB;
/** Below it the segments that are in use at one time do not fit. */
export const LEAST_MEMORY_CAP = 64 * MIB;
export const DEFAULT_MEMORY_CAP = 2048 * MIB;
/** Of the machine's memory, the most that the history may have: the rest is for everything else that runs on it. */
export const MEMORY_SHARE = 0.75;

/** The largest cap allowed on a machine of so much memory. */
export function largestMemoryCap(systemBytes: number): number {
  return Math.max(LEAST_MEMORY_CAP, Math.floor((systemBytes * MEMORY_SHARE) / MIB) * MIB);
}

/** A policy from untrusted data; null if it is none, or one with a figure that would keep next to nothing. */
export function parsePolicy(value: unknown): RetentionPolicy | null {
  const { keep, rows, bytes } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (keep === 'all') return { keep };
  if (keep === 'rows' && Number.isSafeInteger(rows) && (rows as number) >= LEAST_ROWS)
    return { keep, rows: rows as number };
  if (keep === 'bytes' && Number.isSafeInteger(bytes) && (bytes as number) >= LEAST_BYTES)
    return { keep, bytes: bytes as number };
  return null;
}

/** What the store knows of its history. */
export interface StoreRetention {
  readonly policy: RetentionPolicy;
  /** Rows that lie on disk alone, and the bytes their files take. */
  readonly diskRows: number;
  readonly diskBytes: number;
  /** Folder of those files; null where nothing goes to disk. */
  readonly place: string | null;
  /**
   * Why history could not be moved to disk or read back, since the last clear; null while all is well. After a failed
   * write the oldest rows are dropped instead: `Status.evictedRows` counts them.
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
   * Only rows that this shows are kept when they arrive; what it hides is gone. Null: all are kept. Loss markers always
   * are, and a regular expression in it drops nothing, for a capture must not wait for one.
   */
  readonly captureFilter: FilterSpec | null;
  /** Rows that were not kept because the capture filter hid them when they arrived, since the last clear. */
  readonly hiddenRows: number;
  /** Null where the rows do not outlive the program. */
  readonly recording: RecordingStatus | null;
}

export interface RetentionStatus extends SessionRetention {
  /** The largest cap this machine allows. */
  readonly largestCapBytes: number;
}
