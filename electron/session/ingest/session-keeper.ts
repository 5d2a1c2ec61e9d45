/**
 * Whoever keeps the rows of a session beyond the session: a recording on disk. The session says when rows may come and
 * when they are about to go; nothing here may wait, for the rings fill meanwhile.
 */
import type { LossCause } from '../../../native/core/entry.ts';
import type { EventNameTable } from '../../../native/core/event-names.ts';
import type { SourceInfo } from '../../../native/sources/source.ts';
import type { ColourRule } from '../../contract/colour-rules.ts';
import type { ProcessName } from '../../contract/machine.ts';
import type { RecordingStatus } from '../../contract/retention.ts';
import type { OpeningStatus } from '../../contract/status.ts';
import type { SessionStore } from '../store/store.ts';
import type { Bookmarks } from './bookmarks.ts';

/** Who asks for the rows to be forgotten: a person, or a program that logs. */
export type ClearedBy = 'person' | 'source';

/** How capture ended: a person stopped it, or all sources ended, disappeared, or could not be read any more. */
export type CaptureEnding = 'stopped' | 'ended' | 'gone' | 'failed';

/** What a keeper uses of the session whose rows it keeps. */
export interface KeptSession {
  readonly store: SessionStore;
  readonly eventNames: EventNameTable;
  readonly bookmarks: Bookmarks;
  /** What was highlighted while its rows were recorded. */
  highlights: readonly ColourRule[];
  /** Whether a source is in use that may still deliver. */
  readonly isCapturing: boolean;
  facts(): KnownFacts;
  /** Takes over what was known beside rows that were recorded under a name. */
  restore(name: string, facts: KnownFacts): void;
}

export interface SessionKeeper {
  /** The session is made and has no rows yet; called once, first. */
  begin(session: KeptSession): void;
  /** A source was opened; its rows come after this. */
  opened(info: SourceInfo): void;
  /** After each tick. `nowMs`: monotonic. */
  tick(nowMs: number): void;
  /** Does some milliseconds of what it has to do beside the capture; true if there is more. */
  advance?(): boolean;
  /** A person stops what is under way. */
  stopped?(): void;
  /** How far a session that is opened was looked through; null once it was, and of one that is captured. */
  readonly opening?: OpeningStatus | null;
  /** All rows go with the next call, `cleared`. */
  clearing(by: ClearedBy): void;
  cleared(): void;
  /** Capture is over, and all rows go for good. */
  closing(how: CaptureEnding): void;
  /** Path of what the rows are recorded in; null while they are not. */
  readonly place?: string | null;
  /** What becomes of the rows; null while nothing is recorded. */
  readonly status: RecordingStatus | null;
  /** What becomes of the bookmarks, a sentence for people; empty while they are saved with the rows. */
  readonly bookmarkRemark: string;
}

/** What becomes of the bookmarks of rows that nobody keeps. */
export const NOT_RECORDED = 'This session is not recorded: its bookmarks end with its tab.';

/** A source that the session has rows of, whether it is in use or not. */
export interface KnownSource {
  /** Its number in the rows. */
  readonly id: number;
  readonly name: string;
  readonly info: SourceInfo;
  /** Records read from it, and records lost. */
  readonly read: number;
  readonly lost: number;
  /** By how many nanoseconds a person moved its times, where that is not 0. */
  readonly statedNs?: number;
}

/** What is known of a session beside its rows. */
export interface KnownFacts {
  /** Wall clock of time 0 of the rows, milliseconds since 1970 UTC; 0 before the first source. */
  readonly startUnixMs: number;
  readonly sources: readonly KnownSource[];
  readonly processes: readonly ProcessName[];
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
}
