/**
 * Archived segments that were read back and are in memory too, in the order of use, so that the least recently used is
 * given up first.
 */
import type { SegmentArchive } from './archive.ts';
import type { Archived } from './held-segment.ts';
import type { Pins } from './pins.ts';
import type { Segment } from './segment.ts';

export class LoadedSegments {
  private readonly archive: SegmentArchive | null;
  private readonly pins: Pins;
  /** Least recently used first. */
  private readonly inUse = new Set<Archived>();
  private totalBytes = 0;

  /** `archive` receives their buffers when they are given up. Without an archive nothing is ever loaded. */
  constructor(archive: SegmentArchive | null, pins: Pins) {
    this.archive = archive;
    this.pins = pins;
  }

  get size(): number {
    return this.inUse.size;
  }

  get bytes(): number {
    return this.totalBytes;
  }

  /** Takes over the copy in memory of an archived segment. */
  add(held: Archived, segment: Segment): void {
    held.loaded = segment;
    this.inUse.add(held);
    this.totalBytes += held.handle.memoryBytes;
  }

  /** The copy of a segment, which becomes the most recently used; null if it is not in memory. */
  use(held: Archived): Segment | null {
    if (held.loaded === null) return null;
    this.inUse.delete(held);
    this.inUse.add(held);
    return held.loaded;
  }

  /** Gives up the least recently used, if there is any. */
  unloadOldest(): void {
    for (const held of this.inUse) {
      this.unload(held);
      return;
    }
  }

  /** Gives up the copy of a segment. Harmless if it is not in memory. */
  unload(held: Archived): void {
    const { loaded } = held;
    if (loaded === null) return;
    const { memoryBytes } = held.handle;
    this.totalBytes -= memoryBytes;
    this.pins.whenFree(loaded, memoryBytes, () => this.archive?.giveBack(loaded));
    held.loaded = null;
    this.inUse.delete(held);
  }

  /** Forgets them all. */
  clear(): void {
    this.inUse.clear();
    this.totalBytes = 0;
  }
}
