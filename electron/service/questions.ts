/**
 * Questions of a page in SQL. Each is answered by a database in a process of its own, over files that hold the rows of the
 * session: whatever a question does there, capture goes on here. One is answered at a time; the files of the session that
 * was asked about last are kept, so that a second question need not convert all of it again.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { pack } from '../contract/packed.ts';
import {
  type AnswerCell,
  MAX_ANSWER_TEXT,
  MAX_CELL_TEXT,
  MOST_ANSWER_COLUMNS,
  MOST_ANSWER_ROWS,
  type QueryAnswer,
  type QueryProgress,
  type ResultFormat,
} from '../contract/sql.ts';
import type { Database, QueryCell, QueryTable } from '../query/cells.ts';
import type { TableThread } from '../query/table-thread.ts';
import type { Session } from '../session/ingest/session.ts';
import { AnswerJob } from './answer-job.ts';
import { type HeldTable, LogTable } from './log-table.ts';
import { type FieldsOf, tableFacts } from './session-facts.ts';

const MIB = 1024 * 1024;
/** The most memory of the database; what does not fit goes to its folder on disk. */
const MEMORY_BYTES = 512 * MIB;
const SCRATCH_BYTES = 4096 * MIB;
/** The longest text of a cell that is written to a file. */
const MAX_EXPORTED_TEXT = MIB;
/** Progress is told so far apart at least, milliseconds. */
const PROGRESS_MS = 100;

/** What only the surrounding process can provide for questions. */
export interface QuestionDependencies {
  /** Starts a database of its own process over a table. */
  readonly start: (table: QueryTable) => Promise<Result<Database>>;
  /** Starts a thread that makes a table. */
  readonly startThread: () => TableThread;
  /** For tables while they are needed. It is made where it is not there, and removed by whoever named it. */
  readonly folder: string;
}

export interface QuestionsOptions extends QuestionDependencies {
  readonly fieldsOf: FieldsOf;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly tell: (session: number, progress: QueryProgress) => void;
}

/** A question that is being answered. */
interface Turn {
  readonly session: number;
  stopped: boolean;
  database: Database | null;
}

const stopped = (): Result<never> => fail('cancelled', 'The question was stopped', 'Ask again');

export class Questions {
  private readonly options: QuestionsOptions;
  private turn: Turn | null = null;
  /** Resolves when the last question has ended. */
  private ended: Promise<unknown> = Promise.resolve();
  private kept: { readonly session: number; readonly table: LogTable } | null = null;
  private readonly open = new Set<Database>();
  private scratch = 0;

  constructor(options: QuestionsOptions) {
    this.options = options;
  }

  /** Answers about all rows that the session has now; `id` is its number. A question that is not answered yet is stopped. */
  async ask(session: Session, id: number, sql: string): Promise<Result<QueryAnswer>> {
    this.stop();
    const turn: Turn = { session: id, stopped: false, database: null };
    this.turn = turn;
    const before = this.ended;
    const answered = before.then(() => this.answer(session, turn, sql));
    this.ended = answered.catch(() => {});
    try {
      const answer = await answered;
      return turn.stopped ? stopped() : answer;
    } finally {
      if (this.turn === turn) this.turn = null;
    }
  }

  /** Stops the question that is not answered yet, or only one about that session. */
  stop(session?: number): void {
    const { turn } = this;
    if (turn === null || (session !== undefined && turn.session !== session)) return;
    turn.stopped = true;
    void turn.database?.close();
  }

  /** What writes all rows of an answer, about the rows that the last question was about. Failure: cancelled. */
  export(session: number, sql: string, format: ResultFormat): Result<AnswerJob> {
    const { kept } = this;
    if (kept?.session !== session || !kept.table.holds)
      return fail('cancelled', 'The rows that were asked about are no longer at hand', 'Run it again, then export');
    const table = kept.table.hold();
    return ok(new AnswerJob({ start: () => this.start(table, MAX_EXPORTED_TEXT), sql, format }));
  }

  /** Keeps nothing of other sessions, which were closed. */
  keepOnly(sessions: readonly number[]): void {
    if (this.kept === null || sessions.includes(this.kept.session)) return;
    this.kept.table.drop();
    this.kept = null;
  }

  /** Ends everything; resolves once every process is gone. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all([this.ended, ...[...this.open].map((database) => database.close())]);
    this.keepOnly([]);
  }

  private async answer(session: Session, turn: Turn, sql: string): Promise<Result<QueryAnswer>> {
    if (turn.stopped) return stopped();
    const asked = this.options.now();
    const table = await this.tableOf(session, turn);
    if (!table.ok) return table;
    this.options.tell(turn.session, { step: 'running' });
    const begun = this.options.now();
    const readMs = begun - asked;
    const { rows } = table.value;
    const started = await this.start(table.value, MAX_CELL_TEXT);
    if (!started.ok) return started;
    const database = started.value;
    turn.database = database;
    try {
      // It may have been stopped while its process started.
      const read = turn.stopped ? stopped() : await readAnswer(database, sql);
      return read.ok ? ok({ ...read.value, tookMs: this.options.now() - begun, readMs, tableRows: rows }) : read;
    } finally {
      await database.close();
    }
  }

  /** The rows of the session as files that are held. */
  private async tableOf(session: Session, turn: Turn): Promise<Result<HeldTable>> {
    const { folder, startThread, fieldsOf, now, tell } = this.options;
    const { session: id } = turn;
    this.keepOnly([id]);
    this.kept ??= {
      session: id,
      table: new LogTable(session, { folder, startThread, facts: () => tableFacts(session, id, fieldsOf) }),
    };
    const { table } = this.kept;
    let toldAt = now();
    const updated = await table.update({
      get stopped() {
        return turn.stopped;
      },
      tell(rows, totalRows) {
        if (now() - toldAt < PROGRESS_MS) return;
        toldAt = now();
        tell(id, { step: 'converting', rows, totalRows });
      },
    });
    if (!updated.ok) return updated;
    const held = table.hold();
    // The session was closed meanwhile.
    if (this.kept?.table !== table) table.drop();
    return ok(held);
  }

  /** A database over the files of a table, which are released with it. */
  private async start(table: HeldTable, cellText: number): Promise<Result<Database>> {
    const scratchFolder = join(this.options.folder, `spilt-${++this.scratch}`);
    const end = (): void => {
      table.release();
      rmSync(scratchFolder, { recursive: true, force: true });
    };
    const started = await this.options.start({
      parquet: table.paths,
      scratchFolder,
      memoryBytes: MEMORY_BYTES,
      confined: {
        cellText,
        // The other half is for capture and for what is on the screen.
        threads: Math.max(1, Math.floor(availableParallelism() / 2)),
        scratchBytes: SCRATCH_BYTES,
      },
    });
    if (!started.ok) {
      end();
      return started;
    }
    const { value } = started;
    const database: Database = {
      run: (sql) => value.run(sql),
      next: () => value.next(),
      close: async () => {
        await value.close();
        if (this.open.delete(database)) end();
      },
    };
    this.open.add(database);
    return ok(database);
  }
}

/** The first rows of an answer, as many as a page takes. */
async function readAnswer(
  database: Database,
  sql: string,
): Promise<Result<Pick<QueryAnswer, 'columns' | 'rows' | 'cut'>>> {
  const columns = await database.run(sql);
  if (!columns.ok) return columns;
  if (columns.value.length > MOST_ANSWER_COLUMNS) {
    const count = columns.value.length.toLocaleString('en');
    return fail(
      'bad-argument',
      `The answer has ${count} columns, more than the ${MOST_ANSWER_COLUMNS} that are shown`,
      'Name those that you need',
    );
  }
  const rows: (readonly AnswerCell[])[] = [];
  let text = 0;
  for (;;) {
    const next = await database.next();
    if (!next.ok) return next;
    if (next.value.length === 0) return ok({ columns: columns.value, rows: pack(rows), cut: false });
    for (const row of next.value) {
      if (rows.length >= MOST_ANSWER_ROWS || text > MAX_ANSWER_TEXT)
        return ok({ columns: columns.value, rows: pack(rows), cut: true });
      const cells = row.map(answerCell);
      for (const cell of cells) text += typeof cell === 'string' ? cell.length : 0;
      rows.push(cells);
    }
  }
}

/** A cell as JSON can carry it. The database has made text of lists and structures already. */
function answerCell(cell: QueryCell): AnswerCell {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell);
  return typeof cell === 'bigint' || (typeof cell === 'object' && cell !== null) ? String(cell) : cell;
}
