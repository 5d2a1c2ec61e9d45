/**
 * The rows of a session as files that a database reads. What is converted once is kept while it holds: a later question
 * adds the rows that have come since as another file. A thread converts them where they lie in memory, one segment after
 * another; here only the next one is looked up.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { TableThread } from '../query/table-thread.ts';
import type { TableFacts, TableJob, Unnamed } from '../query/table-writer.ts';
import type { Session } from '../session/ingest/session.ts';
import { describeSegment } from '../session/store/shared-segment.ts';
import { schemaVersion } from '../session/text/schemas.ts';

/** Of more files than this one is made, for each has to be looked into by every question. */
const MOST_PARTS = 32;

export interface TableOptions {
  /** Made where it is not there. */
  readonly folder: string;
  /** Of the session as it is now. */
  readonly facts: () => TableFacts;
  readonly startThread: () => TableThread;
}

/** Who waits for a conversion. */
export interface Waiting {
  /** True once nobody waits any more. */
  readonly stopped: boolean;
  tell(rows: number, totalRows: number): void;
}

/** Some rows of a table. The file is removed once nobody holds it. */
class Part {
  readonly path: string;
  private holders = 1;

  constructor(path: string) {
    this.path = path;
  }

  hold(): void {
    this.holders++;
  }

  release(): void {
    this.holders--;
    // On Windows a process that is ending may have it open still; then it goes with its folder.
    if (this.holders === 0) attempt(() => rmSync(this.path, { force: true }));
  }
}

/** The files of a table as they are now, until they are released. */
export interface HeldTable {
  readonly paths: readonly string[];
  readonly rows: number;
  release(): void;
}

let lastPart = 0;

export class LogTable {
  private readonly session: Session;
  private readonly options: TableOptions;
  private parts: Part[] = [];
  private rows = 0;
  private epoch = -1;
  private firstRow = 0;
  private endRow = 0;
  /** That of the schemas by which it was converted. */
  private schemas = -1;
  /** Processes whose names were not known when their rows were converted. */
  private unnamed: Unnamed[] = [];

  constructor(session: Session, options: TableOptions) {
    this.session = session;
    this.options = options;
  }

  /** True if questions can be asked about what it holds, though rows may have come since. */
  get holds(): boolean {
    return this.parts.length > 0 && this.epoch === this.session.store.epoch;
  }

  hold(): HeldTable {
    const parts = this.parts.slice();
    for (const part of parts) part.hold();
    return {
      paths: parts.map(({ path }) => path),
      rows: this.rows,
      release: () => {
        for (const part of parts.splice(0)) part.release();
      },
    };
  }

  /** Removes its files as soon as nobody holds them. */
  drop(): void {
    for (const part of this.parts.splice(0)) part.release();
    this.rows = 0;
    this.unnamed = [];
  }

  /** Converts what has come since the last time. Failures: cancelled, and those of the disk. */
  async update(waiting: Waiting): Promise<Result<void>> {
    const { store } = this.session;
    if (!this.goesOn()) {
      this.drop();
      this.epoch = store.epoch;
      this.schemas = schemaVersion();
      this.firstRow = store.firstRow;
      this.endRow = store.firstRow;
    }
    const { endRow } = store;
    if (this.parts.length > 0 && this.endRow === endRow) return ok(undefined);
    const converted = await this.convert(this.endRow, endRow, waiting);
    if (!converted.ok) return converted;
    this.parts.push(converted.value.part);
    this.rows += converted.value.rows;
    this.endRow = endRow;
    return ok(undefined);
  }

  /** Whether what was converted is what a conversion of all rows would give now, as far as it goes. */
  private goesOn(): boolean {
    const { store, processes } = this.session;
    if (this.schemas !== schemaVersion()) return false;
    if (!this.holds || store.firstRow !== this.firstRow || this.parts.length >= MOST_PARTS) return false;
    return this.unnamed.every(([source, pid]) => processes.nameOf(source, pid) === undefined);
  }

  private async convert(firstRow: number, endRow: number, waiting: Waiting): Promise<Result<Converted>> {
    const { folder, facts, startThread } = this.options;
    const made = attempt(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    if (made !== null) return { ok: false, failure: failureOfSystemError(made, `${folder} could not be made`) };
    const path = join(folder, `log-${++lastPart}.parquet`);
    const thread = startThread();
    let whole = false;
    try {
      const begun = await asked(thread, { do: 'begin', path, facts: facts() });
      if (!begun.ok) return begun;
      const rows = await this.convertRows(thread, firstRow, endRow, waiting);
      if (!rows.ok) return rows;
      const ended = await asked(thread, { do: 'end' });
      if (!ended.ok) return ended;
      whole = true;
      this.unnamed.push(...ended.value);
      return ok({ part: new Part(path), rows: rows.value });
    } finally {
      await thread.end();
      if (!whole) attempt(() => rmSync(path, { force: true }));
    }
  }

  /** How many rows were converted: those that left the session before they could be are missing. */
  private async convertRows(
    thread: TableThread,
    firstRow: number,
    endRow: number,
    waiting: Waiting,
  ): Promise<Result<number>> {
    const { store } = this.session;
    let rows = 0;
    for (let row = firstRow; row < endRow; ) {
      if (waiting.stopped) return fail('cancelled', 'The question was stopped', 'Ask again');
      if (store.epoch !== this.epoch)
        return fail('cancelled', 'The log was cleared while the question was answered', 'Ask again');
      const segment = store.segmentOf(row);
      if (segment === null) {
        row = store.firstRow;
        continue;
      }
      const from = row - segment.firstRow;
      const to = Math.min(segment.count, endRow - segment.firstRow);
      store.pin(segment);
      const done = await asked(thread, { do: 'rows', segment: describeSegment(segment), from, to });
      store.unpin(segment);
      if (!done.ok) return done;
      rows += to - from;
      row += to - from;
      waiting.tell(row - firstRow, endRow - firstRow);
    }
    return ok(rows);
  }
}

interface Converted {
  readonly part: Part;
  readonly rows: number;
}

async function asked(thread: TableThread, job: TableJob): Promise<Result<readonly Unnamed[]>> {
  const { failure, unnamed } = await thread.ask(job);
  return failure === null ? ok(unnamed) : { ok: false, failure };
}

function attempt(run: () => void): unknown {
  try {
    run();
    return null;
  } catch (error) {
    return error;
  }
}
