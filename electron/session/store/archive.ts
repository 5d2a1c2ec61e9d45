/**
 * Where segments go that memory has no room for. The store decides what goes and when; whoever runs it provides the
 * place, so that this room stays free of files.
 */
import type { Result } from '../../../native/core/result.ts';
import type { Segment } from './segment.ts';

/** A segment put away: means something to the archive that made it, and to nobody else. */
export interface ArchiveHandle {
  readonly rows: number;
  /** Bytes it takes in memory once it is read back. */
  readonly memoryBytes: number;
}

export interface SegmentArchive {
  /** What people call the place where it lies. */
  readonly place: string;
  /** Bytes the archive takes where it lies, those of released segments included while they wait to be given back. */
  readonly bytes: number;
  /** Writes a segment away; it may be used again as soon as this returns. After a failure nothing of it is kept. */
  put(segment: Segment): Result<ArchiveHandle>;
  /**
   * Whether `put` of this segment would lose none of its rows; without this, it never does. One that would is put away only
   * where rows have to leave memory, never to make room for others to be looked at.
   */
  losesNothing?(segment: Segment): boolean;
  /** Reads a segment back into buffers of its own, with `firstRow` 0. */
  load(handle: ArchiveHandle): Result<Segment>;
  /** Takes back a segment that `load` made: its buffer serves the next load. Shared memory is freed too late to rely on. */
  giveBack(segment: Segment): void;
  /** Bytes of buffers that wait for the next load. */
  readonly spareBytes: number;
  /** The segment is not needed again. Its bytes may be given back later, with those of its neighbours. */
  release(handle: ArchiveHandle): void;
  /** Releases everything. */
  clear(): void;
}
