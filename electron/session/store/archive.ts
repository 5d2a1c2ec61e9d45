/**
 * The interface to where segments go when memory has no more room. The store decides what is moved and when. The
 * archive itself is provided from outside, so that this room knows nothing of files.
 */
import type { Result } from '../../../native/core/result.ts';
import type { Segment } from './segment.ts';

/** A segment in the archive. Only the archive that made the handle can interpret it. */
export interface ArchiveHandle {
  readonly rows: number;
  /** Bytes that the segment takes in memory once it is read back. */
  readonly memoryBytes: number;
}

export interface SegmentArchive {
  /** The name of the archive's location as shown to people. */
  readonly place: string;
  /** Bytes that the archive occupies. Released segments count until their space is given back. */
  readonly bytes: number;
  /**
   * Writes a segment to the archive; the caller may reuse its buffers as soon as this returns. After a failure, nothing
   * of it is kept.
   */
  put(segment: Segment): Result<ArchiveHandle>;
  /**
   * Whether `put` of this segment would keep all of its rows; without this method it always does. A segment that would
   * lose rows is archived only when rows have to leave memory anyway, never to make room for looking at others.
   */
  losesNothing?(segment: Segment): boolean;
  /** Reads a segment back into newly allocated or spare buffers, with `firstRow` 0. */
  load(handle: ArchiveHandle): Result<Segment>;
  /**
   * Returns a segment that `load` made, so that its buffer can serve the next load. Needed because the engine frees
   * shared memory too late to rely on.
   */
  giveBack(segment: Segment): void;
  /** Bytes of buffers that wait for the next load. */
  readonly spareBytes: number;
  /** The segment is not needed any more. Its space may be given back later, together with that of its neighbours. */
  release(handle: ArchiveHandle): void;
  /** Releases everything. */
  clear(): void;
}
