/**
 * What every source of entries looks like to the rest of the product: rings of a driver, a simulated driver, debug
 * output, a file, a stream. What only one kind has is an optional part of its facts. A source is pulled: nothing happens
 * between two calls of `poll`.
 */
import type { CpuAccount } from '../core/cpu-account.ts';
import type { BatchLease, EntryBatch } from '../core/entry.ts';
import type { EventNameTable } from '../core/event-names.ts';
import type { Failure } from '../core/result.ts';

/**
 * - `capturing`: the producer is alive (or the file has more)
 * - `ended`: the producer said it stopped and everything it wrote has been read
 * - `gone`: the producer disappeared without saying so; what it had written was read
 * - `failed`: the source can no longer be read; `failure` says why
 */
export type SourceState = 'capturing' | 'ended' | 'gone' | 'failed';

/** What only the ring of a CPU has: the producer's own counters, and how full the ring is. */
export type RingFigures = Pick<
  CpuAccount,
  | 'attempted'
  | 'written'
  | 'overwritten'
  | 'wrapped'
  | 'badConsumer'
  | 'indexHoles'
  | 'attemptedBefore'
  | 'pendingBytes'
  | 'ringBytes'
  | 'peakPendingBytes'
>;

/** What one source delivered of one CPU. */
export interface CpuStats
  extends Pick<CpuAccount, 'cpu' | 'read' | 'lost' | 'lostByCause' | 'late' | 'firstIndex' | 'lastIndex'> {
  /** Only where the CPU has a ring. */
  readonly ring?: RingFigures;
}

/** A place of a file that is not what its format promises; what could be read of it was kept. */
export interface BrokenPlace {
  /** In a text file, counted from 1. */
  readonly line?: number;
  /** In a file of records, bytes from its begin. */
  readonly offset?: number;
  /** A phrase: `the record has 3 values, the first line names 4`. */
  readonly problem: string;
}

/** How far a file or a stream was read, and what was found in it. */
export interface FileFigures {
  /** Bytes read so far; of a packed file, of what lies on the disk. */
  readonly readBytes: number;
  /** Bytes there are; grows with a file that is followed. Null for a stream, which has no length. */
  readonly totalBytes: number | null;
  /** Nothing more is to come: it was read to its end. */
  readonly ended: boolean;
  /** Its format for people: `DebugView log`; null while a stream has not said enough to tell. */
  readonly format: string | null;
  /** A name that TextDecoder knows; null where nothing in it depends on one. */
  readonly encoding: string | null;
  /** How many places are broken, and the first of them. */
  readonly broken: { readonly count: number; readonly places: readonly BrokenPlace[] };
}

/** Broken places that are kept by name; more are only counted. */
export const MOST_BROKEN_PLACES = 100;

export interface SourceStats {
  readonly state: SourceState;
  readonly failure: Failure | null;
  /** The CPUs that have rings, or that records of a file name. */
  readonly cpus: readonly CpuStats[];
  /** Only of a file or a stream. */
  readonly file?: FileFigures;
}

/** What only a source of rings has. */
export interface RingFacts {
  /** Of each ring. */
  readonly bytes: number;
  readonly mode: 'drop' | 'overwrite';
  /** What its records are ordered by. */
  readonly order: 'index' | 'clock';
  /** The identity of the producer's ring session, 16 hex digits; null where the ring is this program's own. */
  readonly sessionId: string | null;
}

/** What only a file has. */
export interface FileFacts {
  /** Absolute; null for a stream. */
  readonly path: string | null;
}

/** A clock that other sources may have been stamped by as well. */
export interface SourceClock {
  /** Ticks a second. */
  readonly frequency: number;
  /** What it showed when the source began, as decimal digits. */
  readonly startTicks: string;
}

/** What is known of a source from the start. What only some sources have is left out by the others, never made up. */
export interface SourceInfo {
  /** As the person named it: `sim:demo`. */
  readonly name: string;
  /** What the producer calls itself: `simulated driver`. */
  readonly producer: string;
  /** The machine whose records these are, where the source says so and it is not this one. */
  readonly machine?: string;
  /** CPUs that the producer has; 0 where it does not say. */
  readonly cpuCount: number;
  /** The same for the same ring session or the same file, and for no other that has the name. */
  readonly identity: string;
  /** When it began, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
  /**
   * This machine's monotonic clock. Two sources that have it share one time base exactly; one without is placed by
   * `startUnixMs`.
   */
  readonly clock?: SourceClock;
  readonly ring?: RingFacts;
  readonly file?: FileFacts;
}

export interface PollOutcome {
  readonly state: SourceState;
  /** Rows handed to the sink, gap rows included. */
  readonly rows: number;
  /** Bytes taken from the ring or the file; with `rows` this drives the poll interval. */
  readonly bytes: number;
  /** True if there was still something to read when the share of this poll was used up: poll again without waiting. */
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
  /** Of a trace or an event log: the names of its events, by the numbers in the event column; grows while it is polled. */
  readonly eventNames?: EventNameTable;
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
