/**
 * The archive of a store whose rows are recorded at some times and not at others: one archive now, another once no row is
 * kept in the first. A store has the same archive all its life.
 */
import type { Result } from '../../native/core/result.ts';
import type { ArchiveHandle, SegmentArchive } from '../session/store/archive.ts';
import type { Segment } from '../session/store/segment.ts';

export class SwitchedArchive implements SegmentArchive {
  private current: SegmentArchive;

  constructor(first: SegmentArchive) {
    this.current = first;
  }

  /** From now on another one. No segment of the store may be in the one before. */
  use(archive: SegmentArchive): void {
    this.current = archive;
  }

  get place(): string {
    return this.current.place;
  }

  get bytes(): number {
    return this.current.bytes;
  }

  put(segment: Segment): Result<ArchiveHandle> {
    return this.current.put(segment);
  }

  losesNothing(segment: Segment): boolean {
    return this.current.losesNothing?.(segment) ?? true;
  }

  load(handle: ArchiveHandle): Result<Segment> {
    return this.current.load(handle);
  }

  giveBack(segment: Segment): void {
    this.current.giveBack(segment);
  }

  get spareBytes(): number {
    return this.current.spareBytes;
  }

  release(handle: ArchiveHandle): void {
    this.current.release(handle);
  }

  clear(): void {
    this.current.clear();
  }
}
