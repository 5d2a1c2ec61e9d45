/**
 * The rows of a store that match a filter. The filter is applied strictly in order of rows, so that a position never
 * changes once it was given out. New rows are shown as soon as the scan reaches them, which is at once if the filter
 * reads no text. The index of matches counts against the store's memory cap.
 */
import type { Failure } from '../../../native/core/result.ts';
import { type Candidates, candidatesOf } from '../search/candidates.ts';
import { ContextRows } from '../search/context-rows.ts';
import type { Filter } from '../search/filter.ts';
import { FilterScan } from '../search/filter-scan.ts';
import type { Scanner } from '../search/scanner.ts';
import type { Buckets, Region } from '../store/density.ts';
import type { Segment } from '../store/segment.ts';
import type { Slice } from '../store/slice.ts';
import type { SessionStore } from '../store/store.ts';
import { MatchList } from './match-list.ts';
import type { PausePoint, Progress, ShownRows } from './shown-rows.ts';

/** A place among the matches. */
interface Reached {
  readonly end: number;
  readonly entries: number;
  readonly contextEntries: number;
}

export class MatchedRows implements ShownRows {
  private readonly store: SessionStore;
  private readonly matches = new MatchList();
  private readonly applying: FilterScan;
  /** Adds the rows around matches; null where none are asked for, which then costs nothing. */
  private readonly context: ContextRows | null;
  private pause: PausePoint | null;
  /** Where the matches ended when the view was paused; null until the scan has passed that row. */
  private reached: Reached | null = null;

  /**
   * With a `scanner`, the part of the filter that reads text is evaluated there, and `changed` is called when it has
   * found something. Rows that are no `candidates` are not looked at.
   */
  constructor(
    store: SessionStore,
    filter: Filter,
    scanner: Scanner | null,
    changed: () => void,
    pause: PausePoint | null,
    candidates: Candidates | null = null,
  ) {
    this.store = store;
    this.pause = pause;
    const { context = 0 } = filter.spec;
    this.context =
      context === 0
        ? null
        : new ContextRows(store, context, (segment, offsets, count, isContext) =>
            this.matches.append(segment, offsets, count, isContext),
          );
    this.applying = new FilterScan({
      store,
      filter,
      scanner,
      candidates,
      take: (segment, offsets, count, endRow) => this.take(segment, offsets, count, endRow),
      changed,
    });
  }

  get first(): number {
    return Math.min(this.end, this.matches.first);
  }

  get end(): number {
    return this.reached?.end ?? this.matches.end;
  }

  get entries(): number {
    return Math.max(0, (this.reached?.entries ?? this.matches.entries) - this.matches.evictedEntries);
  }

  get contextEntries(): number {
    const { contextEntries, evictedContextEntries } = this.matches;
    return Math.max(0, (this.reached?.contextEntries ?? contextEntries) - evictedContextEntries);
  }

  get heldBack(): number {
    return this.reached === null ? 0 : this.matches.entries - this.reached.entries;
  }

  get reachedRow(): number {
    return Math.min(this.pause?.row ?? this.store.endRow, this.applying.row);
  }

  get scan(): Progress | null {
    const oldest = this.store.firstRow;
    const until = Math.max(oldest, this.pause?.row ?? this.store.endRow);
    if (this.applying.row >= until) return null;
    return { done: this.applying.row - oldest, total: until - oldest };
  }

  get stopped(): Failure | null {
    return this.scan === null ? null : this.applying.stopped;
  }

  get memoryBytes(): number {
    return this.matches.bytes + (this.applying.choosesFrom?.bytes ?? 0);
  }

  /** What it has found so far, for a filter that shows some of it. To be asked for when the object is given up. */
  get found(): Candidates {
    const { matches, applying } = this;
    const own = {
      endRow: applying.row,
      bytes: matches.bytes,
      offsetsIn: matches.offsetsIn.bind(matches),
    };
    return candidatesOf(own, applying.choosesFrom);
  }

  rowAt(position: number): number {
    return this.matches.row(position, this.store.firstRow);
  }

  isContext(position: number): boolean {
    return this.matches.isContext(position);
  }

  locate(row: number): number | null {
    const position = this.matches.locate(row, this.store.firstRow);
    return position !== null && position < this.end ? position : null;
  }

  buckets(first: number, end: number, most: number): Buckets {
    return this.matches.buckets(first, end, most);
  }

  lossRegion(position: number, forward: boolean): Region | null {
    return this.matches.gapRegion(position, forward);
  }

  endBelow(position: number, stop: number, row: number): number {
    let end = position;
    while (end < stop && this.rowAt(end) < row) end++;
    return end;
  }

  startFrom(position: number, stop: number, row: number): number {
    let first = position;
    while (first > stop && this.rowAt(first - 1) >= row) first--;
    return first;
  }

  advance(slice: Slice): boolean {
    return this.applying.advance(slice);
  }

  stopScan(why: Failure): void {
    if (this.scan !== null) this.applying.stop(why);
  }

  resumeScan(): void {
    this.applying.resume();
  }

  setPause(at: PausePoint | null): void {
    this.pause = at;
    this.reached = null;
  }

  rowsDropped(oldestRow: number): void {
    this.matches.dropBefore(oldestRow);
    this.store.reserve(this, this.memoryBytes);
    this.applying.skipEvicted();
  }

  close(): void {
    this.applying.cancel();
    this.store.reserve(this, 0);
  }

  /** Adds the rows that the filter found. If the view was paused at a row among them, they are added in two parts. */
  private take(segment: Segment, offsets: Uint32Array, count: number, endRow: number): void {
    let before = 0;
    const pausedAt = this.pause === null || this.reached !== null ? endRow : this.pause.row;
    if (pausedAt < endRow) {
      while (before < count && segment.firstRow + (offsets[before] as number) < pausedAt) before++;
      this.append(segment, offsets, before, pausedAt);
      const { end, entries, contextEntries } = this.matches;
      this.reached = { end, entries, contextEntries };
    }
    this.append(segment, offsets.subarray(before), count - before, endRow);
    this.store.reserve(this, this.memoryBytes);
  }

  private append(segment: Segment, offsets: Uint32Array, count: number, endRow: number): void {
    if (this.context === null) this.matches.append(segment, offsets, count);
    else this.context.take(segment, offsets, count, endRow);
  }
}
