/**
 * The interface of every source of entries: rings of a driver, a simulated driver, debug output, a file, a stream.
 * Facts that only some kinds have are optional. A source is pulled: it does nothing between two calls of `poll`.
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

/** What is known of a CPU only if it has a ring: the producer's own counters, and how full the ring is. */
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

/** What one source delivered from one CPU. */
export interface CpuStats
  extends Pick<CpuAccount, 'cpu' | 'read' | 'lost' | 'lostByCause' | 'late' | 'firstIndex' | 'lastIndex'> {
  /** Present only if the CPU has a ring. */
  readonly ring?: RingFigures;
}

/** A place in a file that does not follow its format. What could be read of it was kept. */
export interface BrokenPlace {
  /** In a text file, counted from 1. */
  readonly line?: number;
  /** In a file of records, bytes from its begin. */
  readonly offset?: number;
  /** What is wrong, as a phrase: `the record has 3 values, the first line names 4`. */
  readonly problem: string;
}

/** The formats of text files. */
export const TEXT_FORMATS = ['debugview', 'dblog', 'csv', 'jsonl', 'ringview', 'plain'] as const;
/** What a file can be: text, a trace or an event log of Windows, the memory of a machine, a recorded session. */
export const FILE_FORMATS = [...TEXT_FORMATS, 'trace', 'events', 'memory', 'recording'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** How far a file or a stream was read, and what was found in it. */
export interface FileFigures {
  /** Bytes read so far; of a packed file, of what lies on the disk. */
  readonly readBytes: number;
  /** Bytes there are; grows with a file that is followed. Null for a stream, which has no length. */
  readonly totalBytes: number | null;
  /** True if the file was read to its end and nothing more will come. */
  readonly ended: boolean;
  /** Its format for people: `DebugView log`; null while a stream has not said enough to tell. */
  readonly format: string | null;
  /** The same for programs; null as long. */
  readonly formatName: FileFormat | null;
  /** A name that TextDecoder knows; null where nothing in it depends on one. */
  readonly encoding: string | null;
  /** How its encoding is known; only of a text file. */
  readonly encodingBy?: 'mark' | 'bytes' | 'assumed' | 'chosen';
  /** How many places are broken, and the first of them. */
  readonly broken: { readonly count: number; readonly places: readonly BrokenPlace[] };
}

/** The most broken places that are kept; further ones are only counted. */
export const MOST_BROKEN_PLACES = 100;

export interface SourceStats {
  readonly state: SourceState;
  readonly failure: Failure | null;
  /** The CPUs that have rings, or that the records of a file name. */
  readonly cpus: readonly CpuStats[];
  /** Present only for a file or a stream. */
  readonly file?: FileFigures;
  /** What a person should know of the capture, phrases: why little comes, or what is missing to understand it. */
  readonly notes?: readonly string[];
}

/** What only a source of rings has. */
export interface RingFacts {
  /** Size of each ring. */
  readonly bytes: number;
  readonly mode: 'drop' | 'overwrite';
  /** What its records are ordered by. */
  readonly order: 'index' | 'clock';
  /** The identity of the producer's ring session, 16 hex digits; null where the ring is this program's own. */
  readonly sessionId: string | null;
  /** Records that were lost before this program read it, and while nobody did; left out if there are none. */
  readonly lostBefore?: number;
}

/** Facts that only a file has. */
export interface FileFacts {
  /** Absolute; null for a stream. */
  readonly path: string | null;
  /** What matters most is its last row, so that one begins to read it there; left out of a log, which has its begin first. */
  readonly fromEnd?: true;
}

/**
 * A clock that counts from the start of its machine: the performance counter of Windows, which goes on while the machine
 * sleeps; the monotonic clocks of Linux and macOS, which do not.
 */
export interface SourceClock {
  /** Ticks a second. */
  readonly frequency: number;
  /** What it showed when the source began, as decimal digits. */
  readonly startTicks: string;
}

/** What is known of a source from the start. A source leaves out what it does not know. */
export interface SourceInfo {
  /** As the person named it: `sim:demo`. */
  readonly name: string;
  /** The name that the producer gives itself: `simulated driver`. */
  readonly producer: string;
  /** The machine from which the records come, if the source says so and it is another one. */
  readonly machine?: string;
  /** Number of CPUs of the producer; 0 if it does not say. */
  readonly cpuCount: number;
  /**
   * Equal for two sources if they are the same ring session or the same file, even if another one has the same name
   * later.
   */
  readonly identity: string;
  /** When it began, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
  /** True if that is an estimate, because nothing in the source states a wall clock. */
  readonly startEstimated?: true;
  /**
   * This machine's monotonic clock, if the source is stamped by it. Sources with the same clock share one time base
   * exactly; one without is placed by its `startUnixMs`.
   */
  readonly clock?: SourceClock;
  /**
   * The same of a machine whose log is read later, maybe elsewhere. Two sources are of one such clock only if their wall clocks
   * agree with it.
   */
  readonly uptime?: SourceClock;
  readonly ring?: RingFacts;
  readonly file?: FileFacts;
}

export interface PollOutcome {
  readonly state: SourceState;
  /** Rows handed to the sink, gap rows included. */
  readonly rows: number;
  /** Bytes taken from the ring or the file; together with `rows` they determine the poll interval. */
  readonly bytes: number;
  /** Of a source that loses what does not fit: the share, 0..1, of the fullest of its buffers that was read. */
  readonly fill?: number;
  /** True if the share of this poll was used up while there was still something to read: poll again without waiting. */
  readonly more: boolean;
  /**
   * The source asks to clear every row before this outcome (a program wrote DBGVIEWCLEAR to the debug output). What
   * follows the request is delivered by the next poll, so that whoever honours it clears first.
   */
  readonly clear?: boolean;
  /**
   * No row delivered from here on is older; nanoseconds since the session began. A source without this never makes
   * others wait.
   */
  readonly safeTimeNs?: number;
}

/** A row that a person had marked before it came from this source. */
export interface MarkedRow {
  /** As in the columns of the row. */
  readonly index: number;
  readonly kind: number;
  readonly timeNs: number;
  /** Empty for a mark alone. */
  readonly note: string;
}

export interface LogSource {
  readonly info: SourceInfo;
  /**
   * Image names of the processes in the pid column, as far as the source knows them; the map grows while the source is
   * polled.
   */
  readonly processNames?: ReadonlyMap<number, string>;
  /** Of a trace or an event log: the names of its events, by the numbers in the event column; grows while it is polled. */
  readonly eventNames?: EventNameTable;
  /**
   * Reads what is there, merges what can be ordered safely and hands it on. The batch is valid only during the call of
   * `sink`. Never throws for anything a producer can cause: the state becomes `failed` instead. A source may write its
   * rows into batches of `lease`.
   */
  poll(sink: (batch: EntryBatch) => void, lease?: BatchLease | null): PollOutcome;
  /** Of a recording: the marked ones among the rows that were handed on since the last call. */
  takeMarked?(): readonly MarkedRow[];
  stats(): SourceStats;
  /**
   * Hands on everything that the merge still holds back, then releases every mapping and handle. Safe to call twice.
   */
  close(sink: (batch: EntryBatch) => void): void;
}

/** Something that can be captured on this machine now. */
export interface SourceOffer {
  /** The name that opens it, for the command line and the page alike. */
  readonly spec: string;
  /** What it is, a phrase. */
  readonly what: string;
  /** What prevents capturing it now, as a phrase; null if nothing is known to. */
  readonly hindrance: string | null;
}
