/**
 * The rows of a view without a filter: every row of the store is shown, so a position is simply the row's number and no
 * index is needed.
 */
import type { Buckets, Region } from '../store/density.ts';
import type { RowSurvey } from '../store/row-survey.ts';
import type { SessionStore } from '../store/store.ts';
import type { PausePoint, ShownRows } from './shown-rows.ts';

export class AllRows implements ShownRows {
  readonly scan = null;
  readonly stopped = null;
  readonly memoryBytes = 0;
  readonly contextEntries = 0;
  private readonly store: SessionStore;
  private readonly survey: RowSurvey;
  private pause: PausePoint | null;

  constructor(store: SessionStore, survey: RowSurvey, pause: PausePoint | null) {
    this.store = store;
    this.survey = survey;
    this.pause = pause;
  }

  get first(): number {
    return Math.min(this.end, this.store.firstRow);
  }

  get end(): number {
    return this.pause?.row ?? this.store.endRow;
  }

  get entries(): number {
    return Math.max(
      0,
      (this.pause?.totalEntries ?? this.store.figures.totalEntries) - this.store.figures.evictedEntries,
    );
  }

  get heldBack(): number {
    return this.pause === null ? 0 : this.store.figures.totalEntries - this.pause.totalEntries;
  }

  get reachedRow(): number {
    return this.end;
  }

  rowAt(position: number): number {
    return position;
  }

  isContext(): boolean {
    return false;
  }

  locate(row: number): number | null {
    return row >= this.first && row < this.end ? row : null;
  }

  buckets(first: number, end: number, most: number): Buckets {
    return this.survey.buckets(first, end, most);
  }

  lossRegion(position: number, forward: boolean): Region | null {
    return this.survey.gapRegion(position, forward);
  }

  endBelow(_position: number, stop: number, row: number): number {
    return Math.min(stop, row);
  }

  startFrom(_position: number, stop: number, row: number): number {
    return Math.max(stop, row);
  }

  advance(): boolean {
    return false;
  }

  stopScan(): void {}

  resumeScan(): void {}

  setPause(at: PausePoint | null): void {
    this.pause = at;
  }

  rowsDropped(): void {}

  close(): void {}
}
