/**
 * What of a session outlives that its files are read again: its bookmarks, and the rows that a person is about. Each is found
 * again as soon as its record has come back under its new number.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import type { Bookmark } from '../../contract/bookmarks.ts';
import type { Bookmarks } from './bookmarks.ts';
import { type Carried, CarriedRows } from './carried-rows.ts';

/** What is carried for a record: its bookmark, or which of the rows it is that a person is about. */
export type CarriedMark = Carried<Bookmark | number>;

/** What became of it, once everything was read or nothing is missing. */
export interface CarriedOutcome {
  /** Where the rows are that the person is about, by their places; those that did not come back are not among them. */
  readonly rows: ReadonlyMap<number, number>;
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
  private readonly rows: CarriedRows<Bookmark | number>;
  private readonly bookmarks: Bookmarks;
  private readonly renew: Carrying['renew'];
  private tell: Carrying['told'] | null;
  private found: Bookmark[] = [];
  private readonly stands = new Map<number, number>();

  /** `missing`: what was looked for before, and was not found yet. */
  constructor({ marks, renew, told }: Carrying, missing: readonly CarriedMark[], bookmarks: Bookmarks) {
    this.rows = new CarriedRows([...marks, ...missing]);
    this.bookmarks = bookmarks;
    this.renew = renew;
    this.tell = told;
  }

  /** The bookmarks among those that were not found yet. */
  get missing(): readonly CarriedMark[] {
    return this.rows.rest.filter(({ what }) => typeof what !== 'number');
  }

  /** One more to find. */
  add(mark: CarriedMark): void {
    this.rows.add(mark);
  }

  /** Looks at rows that come; see `CarriedRows.look`. */
  look(batch: EntryBatch, first: number, offsetNs: (source: number) => number): void {
    for (const { row, timeNs, what } of this.rows.look(batch, first, offsetNs)) {
      if (typeof what === 'number') this.stands.set(what, row);
      else this.found.push({ ...what, row, timeNs });
    }
  }

  /**
   * Sets the bookmarks that were found. `whole`: nothing more comes. `mayAdd`: there may be more to find yet. True once
   * there is no more to do.
   */
  settle(whole: boolean, mayAdd: boolean): boolean {
    if (this.found.length > 0) this.bookmarks.set(this.found.splice(0).map(this.renew));
    if (!whole && (mayAdd || this.rows.count > 0)) return false;
    this.end(this.missing.length);
    return true;
  }

  /** The rows go for another reason, or are read once more: nothing is looked for any longer. */
  drop(): void {
    this.end(0);
  }

  private end(lost: number): void {
    this.tell?.({ rows: this.stands, lost });
    this.tell = null;
  }
}
