/**
 * A log that is written to a file while rows come. It reads the rows of its session where they are kept, at a pace of its
 * own: capture waits neither for the disk nor for it. What it has not read when rows are cleared, it holds until it has;
 * what is gone before it came so far is counted.
 */
import { basename, dirname } from 'node:path';
import type { Failure, Result } from '../../native/core/result.ts';
import type { FileLogRequest, FileLogStatus } from '../contract/file-log.ts';
import type { FilterSpec } from '../contract/rows.ts';
import { RollingWriter } from '../files/rolling-writer.ts';
import type { Session } from '../session/ingest/session.ts';
import { CutOutput } from '../session/output/cut-output.ts';
import { createOutput } from '../session/output/export.ts';
import { ExportJob } from '../session/output/export-job.ts';
import { filterWords } from '../session/output/filter-words.ts';
import { type OutputFacts, outputFacts } from '../session/output/output-facts.ts';
import type { Scanner } from '../session/search/scanner.ts';
import { HeldRows } from '../session/store/held-rows.ts';
import type { ReadRows } from '../session/store/store.ts';
import { restAfter } from './log-pace.ts';
import { type FieldsOf, sessionFacts } from './session-facts.ts';
import type { Timers } from './timers.ts';

/** Schemas may be added while a file is written: it keeps the columns it began with. */
const SAME_COLUMNS = { recordFields: false } as const;

/** How soon rows are looked for that have come since, milliseconds. */
const POLL_MS = 100;
/** Rows that are written as a whole; fewer where files have a limit, which the rows of one part may pass. */
const ROWS_A_PART = 256;
const ROWS_A_LIMITED_PART = 16;
/** Memory of cleared rows that a slow disk has not taken yet; what is beyond it is not written. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;

export interface FileLogOptions extends Timers {
  readonly scanner: Scanner;
  readonly fieldsOf: FieldsOf;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** A line for people. */
  readonly report: (line: string) => void;
  /** Its state has changed. */
  readonly changed: () => void;
}

export interface LoggedSession {
  readonly session: Session;
  /** Its number. */
  readonly id: number;
}

/** Rows to write, with what was known beside them at that time. */
interface Piece {
  readonly rows: ReadRows;
  /** One above the last row to write. */
  readonly endRow: number;
  readonly facts: Partial<OutputFacts>;
}

/** The same of cleared rows. */
interface HeldPiece extends Piece {
  readonly rows: HeldRows;
}

export class FileLog {
  private readonly of: LoggedSession;
  private readonly request: FileLogRequest;
  private readonly filter: FilterSpec;
  private readonly options: FileLogOptions;
  private readonly writer: RollingWriter;
  private readonly unobserve: () => void;
  private readonly finished: Promise<void>;

  /** Rows of the store below it were written, or are held. */
  private nextRow: number;
  /** Cleared rows that are not written yet, the oldest first. */
  private readonly held: HeldPiece[] = [];
  /** The first row of the oldest of them that is not written yet. */
  private heldFrom = 0;
  /** Grows with each clear: what was formatted across one is formatted again, from what is held. */
  private clears = 0;
  private begun = false;
  /** Where it ends: rows that come behind are none of its; null while it goes on. */
  private ending: { readonly clears: number; readonly endRow: number } | null = null;
  private ended = false;
  private missedRows = 0;
  private failure: Failure | null = null;
  private wake: () => void = () => {};

  private constructor(
    of: LoggedSession,
    request: FileLogRequest,
    filter: FilterSpec,
    options: FileLogOptions,
    writer: RollingWriter,
  ) {
    this.of = of;
    this.request = request;
    this.filter = filter;
    this.options = options;
    this.writer = writer;
    const { store } = of.session;
    this.nextRow = store.endRow;
    this.unobserve = store.observe({
      clearing: () => this.hold(),
      cleared: () => {},
      rowsDropped: () => {},
    });
    this.finished = this.run()
      .catch((error: unknown) => {
        const what = error instanceof Error ? error.message : String(error);
        const message = `RingView met a defect of its own while it logged to a file: ${what}`;
        this.failure = { code: 'internal', message, action: 'Please report it' };
      })
      .finally(() => {
        this.unobserve();
        this.ended = true;
        options.changed();
      });
  }

  /**
   * Opens the file and writes the rows that come from now on and that `filter` shows. `path` may have placeholders but
   * that of the session. Failures: those of opening a file.
   */
  static async start(
    of: LoggedSession,
    request: FileLogRequest,
    filter: FilterSpec,
    path: string,
    options: FileLogOptions,
  ): Promise<Result<FileLog>> {
    const writer = await RollingWriter.open(path, request.files, options);
    return writer.ok ? { ok: true, value: new FileLog(of, request, filter, options, writer.value) } : writer;
  }

  get status(): FileLogStatus {
    const { writer, held, filter } = this;
    const failure = this.failure ?? writer.failure;
    const heldRows = held.reduce((sum, { endRow }, at) => sum + endRow - (at === 0 ? this.heldFrom : 0), 0);
    const live = this.ended ? 0 : Math.max(0, this.liveEnd - this.nextRow);
    return {
      state: failure !== null ? 'failed' : this.ended ? 'stopped' : 'writing',
      name: basename(writer.path),
      place: dirname(writer.path),
      filter: this.request.rows === 'all' ? null : filterWords(filter),
      rows: writer.writtenRows,
      replacedRows: writer.replacedRows,
      waitingRows: failure !== null ? 0 : heldRows + live,
      missedRows: this.missedRows + writer.lostRows,
      failure,
    };
  }

  /** Writes what there is now and completes the file; resolves once that is so. */
  end(): Promise<void> {
    this.ending ??= { clears: this.clears, endRow: this.of.session.store.endRow };
    this.wake();
    return this.finished;
  }

  /** One above the last row of the store that is to be written. */
  private get liveEnd(): number {
    const { endRow } = this.of.session.store;
    if (this.ending === null) return endRow;
    return this.ending.clears === this.clears ? Math.min(this.ending.endRow, endRow) : 0;
  }

  /** All rows are about to go: those that are not written yet stay here. */
  private hold(): void {
    const { store } = this.of.session;
    const { liveEnd: endRow, nextRow } = this;
    this.clears++;
    this.nextRow = 0;
    if (this.ending !== null && this.ending.clears + 1 < this.clears) return;
    if (this.held.length === 0) this.heldFrom = nextRow;
    const bytes = this.held.reduce((sum, { rows }) => sum + rows.bytes, 0);
    const room = endRow > nextRow ? Math.max(0, MOST_HELD_BYTES - bytes) : 0;
    this.held.push({ rows: HeldRows.of(store, nextRow, room), endRow, facts: this.factsNow() });
  }

  private factsNow(): Partial<OutputFacts> {
    const { session, id } = this.of;
    const { losses, spreadsheetSafe } = this.request;
    return {
      ...sessionFacts(session, id, this.options.fieldsOf),
      // A file has the same columns from its begin to its end, and names come with the rows.
      processOf: session.processes.nameOf,
      ...{ losses, spreadsheetSafe },
      // Times since the begin would begin anew with each clear.
      times: { kind: 'clock', digits: 'ns', delta: null, origin: session.origin },
    };
  }

  private async run(): Promise<void> {
    while (!this.writer.closed && this.failure === null) {
      const [oldest] = this.held;
      const more = oldest === undefined ? await this.writeLive() : await this.writeHeld(oldest);
      if (more) continue;
      if (this.ending !== null) break;
      await this.pause(POLL_MS);
    }
    this.held.length = 0;
    await this.writer.finish();
  }

  /** Writes what the session has now; false if there was nothing. */
  private async writeLive(): Promise<boolean> {
    const { liveEnd: endRow, clears } = this;
    if (endRow <= this.nextRow) return false;
    await this.write({ rows: this.of.session.store, endRow, facts: this.factsNow() }, this.nextRow, (row) => {
      if (clears !== this.clears) return false;
      this.nextRow = row;
      return true;
    });
    return true;
  }

  /** Writes what is left of cleared rows, after which another session begins. */
  private async writeHeld(piece: HeldPiece): Promise<true> {
    if (piece.endRow > this.heldFrom)
      await this.write(piece, this.heldFrom, (row) => {
        this.heldFrom = row;
        return true;
      });
    this.held.shift();
    this.heldFrom = 0;
    if (this.begun) this.writer.beginSession(this.header(this.factsNow()));
    return true;
  }

  private header(facts: Partial<OutputFacts>): Uint8Array {
    return createOutput(this.request.format, outputFacts({ ...facts, ...SAME_COLUMNS })).begin();
  }

  /** Writes rows from `from` on. `passed`: told how far it is; false if these rows were cleared and are held by now. */
  private async write({ rows, endRow, facts }: Piece, from: number, passed: (row: number) => boolean): Promise<void> {
    const { format, files } = this.request;
    const { scanner, now } = this.options;
    if (!this.begun) this.writer.begin(this.header(facts));
    this.begun = true;
    const output = new CutOutput(
      createOutput(format, outputFacts({ ...facts, ...SAME_COLUMNS })),
      files.limitBytes === null ? ROWS_A_PART : ROWS_A_LIMITED_PART,
    );
    const made = ExportJob.create(rows, {
      ...{ format, output, filter: this.filter, firstRow: from, endRow },
      ...{ names: this.of.session.filterNames, scanner },
    });
    if (!made.ok) {
      this.failure = made.failure;
      return;
    }
    const job = made.value;
    this.missedRows += Math.min(job.beginRow, endRow) - from;
    let skipped = 0;
    try {
      for (;;) {
        const began = now();
        const chunk = await job.next();
        if (!passed(job.beginRow + job.scannedRows)) return;
        if (!chunk.ok) {
          this.failure = chunk.failure;
          return;
        }
        this.missedRows += job.skippedRows - skipped;
        skipped = job.skippedRows;
        if (chunk.value === null) return;
        this.push(chunk.value, output);
        if (this.writer.closed) return;
        if (this.writer.full) await this.writer.room();
        // At most half of the time is taken: the rings are drained by this thread.
        const { polls } = this.of.session;
        await restAfter(
          now() - began,
          () => this.ending === null && polls.isBehind,
          (ms) => this.pause(ms),
        );
      }
    } finally {
      job.close();
    }
  }

  private push(bytes: Uint8Array, output: CutOutput): void {
    let at = 0;
    for (const cut of output.take()) {
      this.writer.push(bytes.subarray(at, at + cut.bytes), cut.rows);
      at += cut.bytes;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.after(ms, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
