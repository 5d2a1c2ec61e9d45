/** What the doctor knows of a machine, and what it says of it. Types only. */
import type { BootSettings } from '../core/boot.ts';
import type { EventFilter } from '../core/event-filter.ts';
import type { CaptureName, DriverStatistics, DriverVersion, Logger } from '../core/ioctl.ts';
import type { Failure, Result } from '../core/result.ts';
import type { RingSessionSummary } from '../sources/ring/ring-sessions.ts';
import type { ServiceStatus } from '../win32/services.ts';
import type { SessionFacts } from '../win32/tracing/sessions.ts';

export interface DriverFacts {
  readonly service: Result<ServiceStatus>;
  /** The file that the service loads; null if there is no service. */
  readonly image: DriverImage | null;
  /** When Windows starts it, and with what it begins then; null: there is no service. A failure if the registry cannot be read. */
  readonly boot: Result<BootSettings | null>;
  /** What the loaded driver says, and who reads it; a failure if it cannot be asked. */
  readonly device: Result<{
    readonly version: DriverVersion;
    readonly statistics: DriverStatistics;
    readonly loggers: readonly Logger[];
    /** By capture, of those that have one. */
    readonly filters: ReadonlyMap<CaptureName, EventFilter>;
    readonly readerName: string | null;
    /** The reader is this program itself. */
    readonly readByUs: boolean;
  }>;
}

export interface DriverImage {
  readonly path: string;
  /** Processor it was built for; null if the file is not there or is no driver. */
  readonly machine: string | null;
}

/** null: the system did not say. */
export interface SecurityFacts {
  readonly secureBoot: boolean | null;
  readonly testSigning: boolean | null;
  /** Memory integrity. */
  readonly hvci: boolean | null;
}

/** What decides about the driver. */
export interface DriverCircumstances {
  /** Of Windows itself: x64, arm64, x86. */
  readonly machine: string;
  readonly elevated: boolean | null;
  readonly driver: DriverFacts;
  readonly security: SecurityFacts;
}

/** A provider that writes less into a session of this program than a person may expect. */
export interface WeakProvider {
  readonly guid: string;
  readonly session: string;
  /** The highest level that it writes. */
  readonly level: number;
}

export interface TracingFacts {
  /** The logging sessions that run; a failure if Windows does not say. */
  readonly sessions: Result<readonly SessionFacts[]>;
  /** Names of those that this program left behind. */
  readonly leftBehind: readonly string[];
  readonly weak: readonly WeakProvider[];
}

export interface WindowsFacts extends DriverCircumstances {
  readonly system: 'windows';
  readonly tracing: TracingFacts;
  /** Masks by component; a failure if the registry cannot be read. */
  readonly debugFilter: Result<ReadonlyMap<string, number>>;
  readonly debugOutput: {
    /** Whether a viewer owns it; null: cannot be told. */
    readonly session: boolean | null;
    readonly global: boolean | null;
    /** Known viewers that run: `dbgview64.exe (pid 12)`. */
    readonly viewers: readonly string[];
  };
}

export interface LinuxRingSession {
  readonly name: string;
  /** A failure if it is not a ring session that this program can read. */
  readonly opened: Result<RingSessionSummary>;
  /** Processes that have it open: `node (pid 12)`. */
  readonly holders: readonly string[];
}

export interface LinuxFacts {
  readonly system: 'linux';
  /** Where named memory lies; a failure if it is not there. */
  readonly sharedMemory: Result<{ readonly freeBytes: number }>;
  readonly sessions: readonly LinuxRingSession[];
}

export interface OtherFacts {
  readonly system: 'other';
  readonly name: string;
}

export type Facts = WindowsFacts | LinuxFacts | OtherFacts;

/** `problem`: something cannot be captured; `warning`: something may be missing; `note`: worth knowing; `fine`. */
export type Severity = 'problem' | 'warning' | 'note' | 'fine';

export interface Finding {
  readonly severity: Severity;
  /** What is the case, one sentence. */
  readonly what: string;
  /** What to do, one sentence; null if there is nothing to do. */
  readonly fix: string | null;
  readonly failure?: Failure;
}
