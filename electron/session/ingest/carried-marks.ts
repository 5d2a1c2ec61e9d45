/**
 * What of a session outlives that its files are read again: its bookmarks, and the row that a person stands on. Each is set
 * again as soon as its record has come back under its new number.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import type { Bookmark } from '../../contract/bookmarks.ts';
import type { Bookmarks } from './bookmarks.ts';
import { type Carried, CarriedRows } from './carried-rows.ts';

/** What is carried for a record: its bookmark, or null for the row that a person stands on. */
export type CarriedMark = Carried<Bookmark | null>;

/** What became of it, once everything was read or nothing is missing. */
export interface CarriedOutcome {
  /** Number of the row that the person stands on; null if there was none, or it did not come back. */
  readonly row: number | null;
  /** Bookmarks whose records did not come back. */
  readonly lost: number;
}

/** What is looked for while files are read again, and who is told what became of it. */
export interface Carrying {
  readonly marks: readonly CarriedMark[];
  /** The bookmark on a row that came back, with what it says of that row now. */
  readonly renew: (mark: Bookmark) => Bookmark;
  readonly told: (outcome: CarriedOutcome) => void;
}

export const NOTHING_CARRIED: Carrying = { marks: [], renew: (mark) => mark, told: () => {} };

export class CarriedMarks {
  private readonly rows: CarriedRows<Bookmark | null>;
  private readonly bookmarks: Bookmarks;
  private readonly renew: Carrying['renew'];
  private tell: Carrying['told'] | null;
  private found: Bookmark[] = [];
  private row: number | null = null;

  /** `missing`: what was looked for before, and was not found yet. */
  constructor({ marks, renew, told }: Carrying, missing: readonly CarriedMark[], bookmarks: Bookmarks) {
    this.rows = new CarriedRows([...marks, ...missing]);
    this.bookmarks = bookmarks;
    this.renew = renew;
    this.tell = told;
  }

  /** The bookmarks among those that were not found yet. */
  get missing(): readonly CarriedMark[] {
    return this.rows.rest.filter(({ what }) => what !== null);
  }

  /** Looks at rows that come; see `CarriedRows.look`. */
  look(batch: EntryBatch, first: number, offsetNs: (source: number) => number): void {
    for (const { row, timeNs, what } of this.rows.look(batch, first, offsetNs)) {
      if (what === null) this.row = row;
      else this.found.push({ ...what, row, timeNs });
    }
  }

  /** Sets the bookmarks that were found. `whole`: nothing more comes. True once there is no more to do. */
  settle(whole: boolean): boolean {
    if (this.found.length > 0) this.bookmarks.set(this.found.splice(0).map(this.renew));
    if (!whole && this.rows.count > 0) return false;
    this.end(this.missing.length);
    return true;
  }

  /** The rows go for another reason, or are read once more: nothing is looked for any longer. */
  drop(): void {
    this.end(0);
  }

  private end(lost: number): void {
    this.tell?.({ row: this.row, lost });
    this.tell = null;
  }
}
