/** What a recorder is made with, and what it says of itself. */
import type { EventNameTable } from '../../native/core/event-names.ts';
import type { Failure } from '../../native/core/result.ts';
import type { SessionFacts } from './manifest.ts';

export interface RecorderOptions {
  readonly folder: string;
  /** What is known beside the rows; asked for once a second. */
  readonly facts?: () => SessionFacts;
  /** What the events of the rows are called; it may grow while rows come. */
  readonly eventNames?: EventNameTable;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** Told when writing fails, why, and with null when it goes on again. */
  readonly onTrouble?: (failure: Failure | null) => void;
}

/** How far writing has come. */
export interface RecorderStatus {
  readonly folder: string;
  /** Rows that outlive the program, counted from the first of the session. */
  readonly savedRows: number;
  /** Rows that do not yet. */
  readonly waitingRows: number;
  /** Rows that left memory before the disk took them; the session has a hole where they were. */
  readonly goneRows: number;
  readonly bytes: number;
  /** Why writing does not go on; null while it does. */
  readonly failure: Failure | null;
  /** The longest that making rows safe took so far, milliseconds. */
  readonly longestSyncMs: number;
}
