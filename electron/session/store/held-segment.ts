/**
 * What the store knows of each segment it keeps, in memory or in the archive: enough to find it, to exclude it from a
 * search, and to subtract its rows from the counts, without reading it back.
 */
import type { ArchiveHandle } from './archive.ts';
import type { RowsSummary } from './rows-summary.ts';
import type { Segment } from './segment.ts';
import type { Tally } from './segment-counts.ts';

/** A segment in the archive; `loaded` is its copy in memory while there is one. */
export interface Archived {
  readonly handle: ArchiveHandle;
  readonly tally: Tally;
  readonly firstRow: number;
  readonly count: number;
  readonly minIndex: number;
  readonly maxIndex: number;
  loaded: Segment | null;
  /** Summary of rows that have not been read since the program began, as in a session that was opened. */
  readonly summary?: RowsSummary;
}

/** Rows that are in an archive already, for `SessionStore.adopt`. */
export interface ArchivedRows {
  readonly handle: ArchiveHandle;
  readonly summary: RowsSummary;
}

/**
 * A segment that the store keeps: either in memory only, or archived. Both forms say which rows and indices they span.
 */
export type Held = Segment | Archived;

export function isArchived(held: Held): held is Archived {
  return 'handle' in held;
}
