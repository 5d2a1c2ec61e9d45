/** The sessions that were recorded on this machine, as a page sees them: by what their folders are called, never by a path. */
import { reject, text } from './check.ts';

/**
 * How a session ended: a person stopped it, its sources ended or disappeared, could not be read any more, or the program
 * that recorded it ended without a word.
 */
export type SessionEnding = 'stopped' | 'ended' | 'gone' | 'failed' | 'crashed';

export interface RecordedSession {
  /** Identifies the session within this machine's library. */
  readonly id: string;
  readonly name: string;
  /** It is kept whatever the limits. */
  readonly pinned: boolean;
  /** When recording began, milliseconds since 1970 UTC; 0 if that is not known. */
  readonly startedUnixMs: number;
  readonly durationMs: number;
  /** Rows it has, loss markers included. */
  readonly rows: number;
  /** Records known to be missing. */
  readonly lost: number;
  readonly bytes: number;
  readonly sources: readonly string[];
  /** Null while it is recorded. */
  readonly ended: SessionEnding | null;
  /** What is damaged in it, a sentence each; at most MOST_DAMAGES. */
  readonly damages: readonly string[];
}

export const MOST_DAMAGES = 3;
/** Most sessions in a list; the newest are. */
export const MOST_LISTED = 1000;

export interface LibrarySettings {
  /** Whether sessions are recorded; those under way go on. */
  readonly record: boolean;
  /** Most bytes of all sessions together. */
  readonly mostBytes: number;
  /** Longest that a session is kept, days. */
  readonly mostDays: number;
}

const GIB = 1024 ** 3;

/** Less would delete what a person has just seen. */
export const LEAST_LIBRARY_BYTES = GIB;
export const LEAST_LIBRARY_DAYS = 1;
/** More is no limit. */
export const MOST_LIBRARY_BYTES = 1024 ** 2 * GIB;
export const MOST_LIBRARY_DAYS = 36_500;

export const DEFAULT_LIBRARY: LibrarySettings = { record: true, mostBytes: 10 * GIB, mostDays: 30 };

/** Settings from untrusted data; what makes no sense takes its default. */
export function parseLibrarySettings(value: unknown): LibrarySettings {
  const { record, mostBytes, mostDays } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const within = (figure: unknown, least: number, most: number, otherwise: number): number =>
    Number.isSafeInteger(figure) && (figure as number) >= least && (figure as number) <= most
      ? (figure as number)
      : otherwise;
  return {
    record: typeof record === 'boolean' ? record : DEFAULT_LIBRARY.record,
    mostBytes: within(mostBytes, LEAST_LIBRARY_BYTES, MOST_LIBRARY_BYTES, DEFAULT_LIBRARY.mostBytes),
    mostDays: within(mostDays, LEAST_LIBRARY_DAYS, MOST_LIBRARY_DAYS, DEFAULT_LIBRARY.mostDays),
  };
}

export interface SessionList {
  /** Newest first. */
  readonly sessions: readonly RecordedSession[];
  /** Sessions that there are besides. */
  readonly more: number;
  /** What looks like a session and is none, in a sentence each. */
  readonly troubles: readonly string[];
  /** Where they lie, for people. */
  readonly place: string;
  readonly settings: LibrarySettings;
}

/** Longest name of a session. */
export const MAX_SESSION_NAME = 200;

/** What a folder may be called: never a path. */
export function sessionName(value: unknown): string {
  const id = text(value, 'id');
  const plain = id.length > 0 && id.length <= 200 && !/[/\\:\0]/.test(id) && !id.startsWith('.');
  return plain ? id : reject('id: that of a session was expected');
}
