/**
 * The files of a session, read once more: beside others that are added, moved in time, in another encoding. Their rows go and
 * come anew, in one order; what a person marked is found again among them (carried-marks.ts). What is read is decided in
 * reading-plan.ts.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import { type Failure, ok, type Result } from '../../../native/core/result.ts';
import type { LogSource, SourceInfo } from '../../../native/sources/source.ts';
import type { Bookmarks } from './bookmarks.ts';
import { CarriedMarks, type Carrying, NOTHING_CARRIED } from './carried-marks.ts';
import {
  type KnownReading,
  type Reading,
  whyNotAnew,
  withEncoding,
  withFiles,
  withOffset,
  withSymbols,
} from './reading-plan.ts';

/** A file that was opened, and how it is to be read. */
export interface OpenedReading {
  readonly reading: Reading;
  readonly source: LogSource;
}

/** The session that they are of. */
export interface FilesOf {
  readonly open: (spec: string, encoding?: string, symbols?: readonly string[]) => Result<LogSource>;
  readonly bookmarks: Bookmarks;
  /** The sources that it has rows of or that are in use, and the names they are opened by. */
  readonly known: () => readonly { readonly id: number; readonly info: SourceInfo; readonly spec: string }[];
  /** Discards all rows, and captures from these instead of the sources in use. */
  readonly replace: (opened: readonly OpenedReading[]) => void;
  readonly mostSources: number;
}

export class FilesAgain {
  private readonly session: FilesOf;
  /** How each was read last, by the name it is opened by. */
  private readonly readings = new Map<string, Reading>();
  private carried: CarriedMarks | null = null;
  /** Sources read for the first time here that come with marks of their own. */
  private marking: readonly OpenedReading[] = [];

  constructor(session: FilesOf) {
    this.session = session;
  }

  /**
   * Opens files beside those that the session has: all are read from their begin, and merged in one order. Failures: those of
   * reading-plan.ts, and whatever opening one can say. Nothing changes then.
   */
  add(specs: readonly string[], carrying?: Carrying): Result<null> {
    return this.read(withFiles(this.known, specs, this.session.mostSources), carrying);
  }

  /** Moves the times of one of them, nanoseconds; otherwise as `add`. */
  setOffset(id: number, statedNs: number, carrying?: Carrying): Result<null> {
    return this.read(withOffset(this.known, id, statedNs), carrying);
  }

  /** Reads one of them in another encoding; otherwise as `add`. */
  setEncoding(id: number, encoding: string, carrying?: Carrying): Result<null> {
    return this.read(withEncoding(this.known, id, encoding), carrying);
  }

  /** Reads one of them with files that explain its events, besides those it has; otherwise as `add`. */
  addSymbols(id: number, symbols: readonly string[], carrying?: Carrying): Result<null> {
    return this.read(withSymbols(this.known, id, symbols), carrying);
  }

  /** Why its rows cannot be merged with those of files; null if they can. */
  get hindrance(): Failure | null {
    return whyNotAnew(this.known);
  }

  /** Looks for what is carried among rows that come; see `CarriedMarks`. */
  look(batch: EntryBatch, first: number, offsetNs: (source: number) => number): void {
    this.takeMarked();
    this.carried?.look(batch, first, offsetNs);
  }

  /** Sets the bookmarks that were found. `whole`: nothing more comes. */
  settle(whole: boolean): void {
    if (this.carried?.settle(whole, this.marking.length > 0)) this.forget();
  }

  /** The rows go: nothing is looked for any more. */
  drop(): void {
    this.carried?.drop();
    this.forget();
  }

  private forget(): void {
    this.carried = null;
    this.marking = [];
  }

  /** A source says which of its rows were marked before they come here. */
  private takeMarked(): void {
    for (const { reading, source } of this.marking) {
      const marked = source.takeMarked?.() ?? [];
      if (marked.length === 0) continue;
      const id = this.session.known().find(({ spec }) => spec === reading.spec)?.id ?? -1;
      for (const { index, kind, timeNs, note } of marked) {
        const what = { row: 0, index, timeNs, text: '', note };
        this.carried?.add({ row: { source: id, index, kind, ownNs: timeNs }, what });
      }
    }
  }

  private get known(): readonly KnownReading[] {
    return this.session.known().map(({ id, info, spec }) => {
      return { ...(this.readings.get(spec) ?? { spec, statedNs: 0 }), id, info };
    });
  }

  private read(plan: Result<readonly Reading[]>, carrying: Carrying = NOTHING_CARRIED): Result<null> {
    if (!plan.ok) return plan;
    const opened: OpenedReading[] = [];
    for (const reading of plan.value) {
      const source = this.session.open(reading.spec, reading.encoding, reading.symbols);
      if (!source.ok) {
        for (const each of opened) each.source.close(() => {});
        return source;
      }
      opened.push({ reading, source: source.value });
    }
    // What an earlier reading has not come to yet.
    const missing = this.carried?.missing ?? [];
    // Later the bookmarks of the session are the person's own, and those that were removed do not come again.
    const unread = this.marking.map(({ reading }) => reading.spec);
    const marking = opened.filter(
      ({ reading: { spec }, source }) =>
        source.takeMarked !== undefined && (unread.includes(spec) || !this.readings.has(spec)),
    );
    this.session.replace(opened);
    this.marking = marking;
    for (const { reading } of opened) this.readings.set(reading.spec, reading);
    this.carried = new CarriedMarks(carrying, missing, this.session.bookmarks);
    return ok(null);
  }
}
