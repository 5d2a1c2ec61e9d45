/**
 * The rows that a session keeps, in order of arrival, in columnar segments under one memory cap. When the cap is
 * reached, the oldest segment in memory is moved to the archive and its buffers are reused; `segmentOf` reads it back
 * when someone looks at it. If there is no archive, if it fails, or if the retention policy says so, the oldest segment
 * is dropped instead; dropped rows are counted, and row numbers continue. Only whole segments are moved or dropped.
 * Archived segments that were read back are given up again, least recently used first.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import { describeFailure, type Failure } from '../../../native/core/result.ts';
import { KEEP_ALL, type RetentionPolicy, type StoreRetention } from '../../contract/retention.ts';
import type { SegmentArchive } from './archive.ts';
import { type Archived, type ArchivedRows, type Held, isArchived } from './held-segment.ts';
import { LoadedSegments } from './loaded-segments.ts';
import { MemoryCap } from './memory-cap.ts';
import { Pins } from './pins.ts';
import { RowCounts, type RowFigures } from './row-counts.ts';
import { Segment } from './segment.ts';
import { SegmentList } from './segment-list.ts';
import { SegmentPool } from './segment-pool.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Slice } from './slice.ts';
import { DEFAULT_SIZES, type StoreObserver, type StoreOptions } from './store-options.ts';
import { unreadableSegment } from './unreadable.ts';

/** Share of the cap that segments read back may fill, as long as there are segments in memory to archive instead. */
const LOADED_SHARE = 0.25;
/** The most rows of an epoch, because a view keeps row numbers modulo 2^32. */
const MAX_ROWS = 2 ** 32 - 1;

/** What whoever reads rows needs of a store. */
export type ReadRows = Pick<SessionStore, 'epoch' | 'firstRow' | 'endRow' | 'segmentOf' | 'pin' | 'unpin'>;

export class SessionStore {
  private readonly cap: MemoryCap;
  private readonly observers = new Set<StoreObserver>();
  private readonly segmentRows: number;
  private readonly chunkBytes: number;
  private readonly segmentBytes: number;

  private readonly segments = new SegmentList();
  private readonly archive: SegmentArchive | null;
  private retentionPolicy: RetentionPolicy;
  private failure: Failure | null = null;
  private readonly onArchiveFailure: (failure: Failure) => void;
  private readonly pins = new Pins();
  private readonly loaded: LoadedSegments;
  private readonly pool: SegmentPool;
  private readonly writer: SegmentWriter;
  private readonly counts = new RowCounts();

  private epochNumber = 0;
  private nextRow = 0;

  constructor(options: StoreOptions) {
    this.cap = new MemoryCap(options.memoryCapBytes);
    this.archive = options.archive ?? null;
    this.retentionPolicy = options.policy ?? KEEP_ALL;
    this.onArchiveFailure = options.onArchiveFailure ?? (() => {});
    this.segmentRows = options.segmentRows ?? DEFAULT_SIZES.segmentRows;
    this.segmentBytes = options.segmentBytes ?? DEFAULT_SIZES.segmentBytes;
    this.chunkBytes = options.chunkBytes ?? DEFAULT_SIZES.chunkBytes;
    this.pool = new SegmentPool(this.segmentRows, this.chunkBytes);
    this.loaded = new LoadedSegments(this.archive, this.pins);
    this.writer = new SegmentWriter(this.chunkBytes);
  }

  get memoryCapBytes(): number {
    return this.cap.wanted;
  }

  private get chunksPerSegment(): number {
    const bytes = Math.min(this.segmentBytes, Math.max(this.chunkBytes, this.cap.wanted / 8));
    return Math.max(1, Math.floor(bytes / this.chunkBytes));
  }

  /** Increases with every `clear`: row numbers of different epochs must not be compared. */
  get epoch(): number {
    return this.epochNumber;
  }
  /** Number of the oldest row kept. */
  get firstRow(): number {
    return this.segments.oldest?.firstRow ?? this.nextRow;
  }
  /** Number that the next row will get; rows `firstRow..endRow-1` are kept. */
  get endRow(): number {
    return this.nextRow;
  }
  /** Rows kept, entries and gap rows. */
  get rowCount(): number {
    return this.nextRow - this.firstRow;
  }
  /** How many rows of which kind are kept, and were since the last clear. */
  get figures(): RowFigures {
    return this.counts;
  }
  /** Bytes allocated for rows, including spare buffers and segments that were read back. */
  get memoryBytes(): number {
    return this.ownBytes + this.loaded.bytes + (this.archive?.spareBytes ?? 0) + this.pins.bytes;
  }

  /** Bytes of rows that are only in memory, and of buffers for the next rows; not of copies of archived segments. */
  private get ownBytes(): number {
    return this.pool.bytes + this.segments.memoryBytes;
  }

  /** Where the kept rows are: in memory and in the archive. */
  get retention(): StoreRetention {
    return {
      policy: this.retentionPolicy,
      diskRows: this.segments.archivedRows,
      diskBytes: this.archive?.bytes ?? 0,
      place: this.archive?.place ?? null,
      failure: this.failure,
    };
  }

  get policy(): RetentionPolicy {
    return this.retentionPolicy;
  }

  /** Changes the retention policy; applied at once. */
  setPolicy(policy: RetentionPolicy): void {
    this.retentionPolicy = policy;
    this.enforcePolicy();
  }

  /** Changes the memory cap. A higher cap is used from now on; a lower one once `shrink` has moved rows away. */
  setMemoryCap(bytes: number): void {
    this.cap.ask(bytes, this.usedBytes);
  }

  /** Reports dropped rows to an observer until the returned function is called. */
  observe(observer: StoreObserver): () => void {
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  /** Counts bytes that `holder` uses outside the store against the cap as well. */
  reserve(holder: object, bytes: number): void {
    this.cap.reserve(holder, bytes);
  }

  /**
   * Moves rows away until the used memory fits the cap, or the slice is spent. Each call moves a segment at least, and
   * works only for some milliseconds, so that capture continues meanwhile. True if there is more to do.
   */
  shrink(slice: Slice): boolean {
    while (this.usedBytes > this.cap.wanted && this.freeSome()) {
      this.cap.follow(this.usedBytes);
      if (slice.spent()) return this.usedBytes > this.cap.wanted;
    }
    this.cap.enforce();
    return false;
  }

  /**
   * The segment that holds a row, or null if the row was dropped or has not come yet. The row's offset in it is `row -
   * firstRow`. Valid until the next append, clear or call for another row, since each of these may move segments to the
   * archive.
   */
  segmentOf(row: number): Segment | null {
    if (!(row >= this.firstRow && row < this.nextRow)) return null;
    return this.inMemory(this.segments.holding(row));
  }

  /**
   * Keeps the buffers of a segment unchanged, whatever happens to its rows, until `unpin` was called as often as `pin`:
   * for other threads that read them. They count against the cap, and are reused only afterwards.
   */
  pin(segment: Segment): void {
    this.pins.add(segment);
  }

  /** Harmless for a segment that was pinned before the last clear. */
  unpin(segment: Segment): void {
    this.pins.remove(segment);
  }

  /** What is kept, oldest first; valid until the next append or clear. Rows are read through `segmentOf`. */
  get held(): readonly Held[] {
    return this.segments.held;
  }

  /**
   * A batch in the memory of the next rows, with room for `rows` rows and `bytes` payload bytes: once it is filled and
   * appended, its rows need no copy. Null if there is no such room in one piece. Append it before anything else; a
   * lease that stays empty needs no further call. Evicts as needed.
   */
  lease(rows: number, bytes: number): EntryBatch | null {
    if (rows > this.segmentRows || bytes > this.chunkBytes) return null;
    const segment = this.writableSegment(rows);
    return this.writer.lease(this.writer.room(segment) < bytes ? this.openChunk(segment, bytes) : segment);
  }

  /** Adds a batch's rows: copies them, unless the batch was leased and they are in place already. Evicts as needed. */
  append(batch: EntryBatch): void {
    const { newest } = this.segments;
    if (this.writer.takeBack(newest, batch)) {
      this.writer.commit(newest as Segment, batch);
      this.added(newest as Segment, batch, 0, batch.count);
    } else {
      for (let from = 0; from < batch.count; ) {
        const segment = this.writableSegment(1);
        const room = Math.min(batch.count - from, this.segmentRows - segment.count);
        const to = this.writer.copy(segment, batch, from, from + room);
        if (to === from) this.openChunk(segment, batch.dataLength[from] as number);
        else this.added(segment, batch, from, to);
        from = to;
      }
    }
    // Columns in which values began to differ were allocated without freeing anything for them.
    this.evictFor(0, () => false);
    this.enforcePolicy();
  }

  /**
   * Takes over rows that are in the archive already, oldest first: as the first rows of a store that has none, whose numbers
   * begin at `firstRow`, or after others that were taken over. They are read only when somebody looks at them. No more
   * than 2^32 - 1 rows.
   */
  adopt(pieces: readonly ArchivedRows[], firstRow = 0): void {
    if (this.segments.inMemory > 0) throw new Error('rows are adopted by a store without rows of its own');
    if (this.segments.length === 0) this.nextRow = firstRow;
    for (const { handle, summary } of pieces) {
      this.segments.adopt(handle, summary, this.nextRow);
      this.counts.restore(summary);
      this.nextRow += handle.rows;
    }
  }

  /** Drops every row and releases the memory. Row numbers restart at 0 in a new epoch. */
  clear(): void {
    for (const observer of this.observers) observer.clearing?.();
    this.archive?.clear();
    this.segments.clear();
    this.loaded.clear();
    this.failure = null;
    this.pins.clear();
    this.pool.clear();
    this.writer.clear();
    this.epochNumber++;
    this.nextRow = 0;
    this.counts.clear();
    for (const observer of this.observers) observer.cleared();
  }

  private added(segment: Segment, batch: EntryBatch, from: number, to: number): void {
    this.counts.add(segment, batch, from, to);
    this.nextRow += to - from;
  }

  /** The newest segment if it has room for `rows` rows, else a new one. */
  private writableSegment(rows: number): Segment {
    const last = this.segments.newest;
    if (last !== undefined && last.count + rows <= this.segmentRows) return last;
    const open = last?.chunks.at(-1);
    const segment = this.openSegment();
    // A chunk of another size was made for one large payload and is full.
    if (open !== undefined && open.bytes.length === this.chunkBytes) {
      open.users++;
      segment.chunks.push(open);
    }
    return segment;
  }

  private openSegment(): Segment {
    this.evictFor(this.segmentRows * Segment.FIXED_ROW_BYTES, () => this.pool.hasSegment);
    const segment = this.pool.takeSegment(this.nextRow);
    this.segments.push(segment);
    return segment;
  }

  /**
   * Makes room for a payload that did not fit: a new chunk, in a new segment if this one has reached its size. Returns
   * the segment that owns the chunk.
   */
  private openChunk(full: Segment, payloadBytes: number): Segment {
    const segment = full.count > 0 && full.chunks.length >= this.chunksPerSegment ? this.openSegment() : full;
    this.evictFor(this.pool.chunkBytesFor(payloadBytes), () => this.pool.hasChunk(payloadBytes));
    segment.chunks.push(this.pool.takeChunk(payloadBytes));
    this.writer.chunkOpened();
    return segment;
  }

  /** Frees until `bytes` more fit under the cap or there are buffers to reuse; keeps the last two segments. */
  private evictFor(bytes: number, spare: () => boolean): void {
    while (!spare() && this.usedBytes + bytes > this.cap.inForce) if (!this.freeSome()) return;
  }

  /** Bytes that count against the cap: those of rows, and those reserved. */
  get usedBytes(): number {
    return this.memoryBytes + this.cap.reservedBytes;
  }

  /** Frees the memory that will be missed least; false if there is nothing left but the last two segments. */
  private freeSome(): boolean {
    if (this.pool.dropChunk()) return true;
    if (this.loaded.bytes > this.cap.inForce * LOADED_SHARE) this.loaded.unloadOldest();
    else if (this.segments.inMemory > 2) this.moveOut();
    else if (this.loaded.size > 0) this.loaded.unloadOldest();
    else return false;
    return true;
  }

  /** Moves the oldest segment out of memory: to the archive or, if that fails, by dropping it. */
  private moveOut(): void {
    while (!this.putAway()) {
      // On a full disk, dropping the oldest archived rows makes room. When nothing archived is left, the segment itself
      // is dropped.
      const before = this.archive?.bytes ?? 0;
      while (this.segments.archived > 0 && (this.archive as SegmentArchive).bytes >= before) this.dropOldest();
      if ((this.archive?.bytes ?? 0) >= before) {
        this.dropOldest();
        return;
      }
    }
  }

  /** Moves the oldest segment in memory to the archive. False, and nothing changed, if there is none or it fails. */
  private putAway(): boolean {
    if (this.archive === null) return false;
    const segment = this.segments.oldestInMemory;
    const put = this.archive.put(segment);
    if (!put.ok) {
      this.noteFailure(put.failure);
      return false;
    }
    this.segments.archiveOldest(put.value);
    this.release(segment);
    return true;
  }

  private noteFailure(failure: Failure): void {
    if (this.failure !== null) return;
    this.failure = failure;
    this.onArchiveFailure(failure);
  }

  private inMemory(held: Held): Segment {
    return isArchived(held) ? (this.loaded.use(held) ?? this.load(held)) : held;
  }

  private load(held: Archived): Segment {
    this.makeRoomToLoad(held.handle.memoryBytes);
    const result = (this.archive as SegmentArchive).load(held.handle);
    if (!result.ok) this.noteFailure(result.failure);
    const segment = result.ok ? result.value : unreadableSegment(held, describeFailure(result.failure));
    segment.firstRow = held.firstRow;
    segment.minIndex = held.minIndex;
    segment.maxIndex = held.maxIndex;
    this.loaded.add(held, segment);
    return segment;
  }

  /** Unlike `evictFor`, never drops a row to make room for one that is only looked at. */
  private makeRoomToLoad(bytes: number): void {
    while (this.usedBytes - (this.archive?.spareBytes ?? 0) + bytes > this.cap.inForce) {
      if (this.pool.dropSpare()) continue;
      if (this.loaded.size > 0 && this.loaded.bytes + bytes > this.cap.inForce * LOADED_SHARE)
        this.loaded.unloadOldest();
      else if (this.mayPutAway() && this.putAway()) continue;
      else if (this.loaded.size > 0) this.loaded.unloadOldest();
      else return;
    }
  }

  private mayPutAway(): boolean {
    if (this.segments.inMemory <= 2) return false;
    return this.archive?.losesNothing?.(this.segments.oldestInMemory) ?? true;
  }

  private enforcePolicy(): void {
    const policy = this.retentionPolicy;
    const rows = Math.min(MAX_ROWS, policy.keep === 'rows' ? policy.rows : MAX_ROWS);
    while (this.segments.length > 2 && this.rowCount - (this.segments.oldest?.count ?? 0) >= rows) this.dropOldest();
    if (policy.keep !== 'bytes') return;
    while (this.segments.length > 2 && this.ownBytes + (this.archive?.bytes ?? 0) > policy.bytes) {
      if (!this.pool.dropSpare()) this.dropOldest();
    }
  }

  private dropOldest(): void {
    const held = this.segments.takeOldest();
    if (isArchived(held)) {
      this.loaded.unload(held);
      this.counts.remove(held.tally, held.count);
      (this.archive as SegmentArchive).release(held.handle);
    } else {
      this.counts.remove(held.counts.tally(), held.count);
      this.release(held);
    }
    const oldest = this.firstRow;
    for (const observer of this.observers) observer.rowsDropped(oldest);
  }

  private release(segment: Segment): void {
    this.pins.whenFree(segment, segment.columnBytes, () => this.pool.recycle(segment));
  }
}
