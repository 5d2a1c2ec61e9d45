/**
 * What the store knows of each segment it keeps, in memory or not: enough to find it, to rule it out of a search and to
 * count its rows out without reading it back.
 */
import type { ArchiveHandle } from './archive.ts';
import type { Tally } from './row-counts.ts';
import type { RowsSummary } from './rows-summary.ts';
import type { Segment } from './segment.ts';

/** A segment written away; `loaded` is its copy in memory while there is one. */
export interface Archived {
  readonly handle: ArchiveHandle;
  readonly tally: Tally;
  readonly firstRow: number;
  readonly count: number;
  readonly minIndex: number;
  readonly maxIndex: number;
  loaded: Segment | null;
  /** What is known of rows that nobody has looked at since the program began: those of a session that was opened. */
  readonly summary?: RowsSummary;
}

/** Rows that lie in an archive already, for `SessionStore.adopt`. */
export interface ArchivedRows {
  readonly handle: ArchiveHandle;
  readonly summary: RowsSummary;
}

/** A segment of the history: one in memory only, or an archived one. Both say which rows and indices they span. */
export type Held = Segment | Archived;

export function isArchived(held: Held): held is Archived {
  return 'handle' in held;
}
