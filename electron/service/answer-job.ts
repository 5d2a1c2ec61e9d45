/** Writes all rows of the answer to a question, as they come from the database. */
import { ok, type Result } from '../../native/core/result.ts';
import type { ResultFormat } from '../contract/sql.ts';
import type { Database } from '../query/cells.ts';
import { type ResultBytes, resultBytes } from '../query/result-bytes.ts';
import type { WrittenJob } from './exports.ts';

export interface AnswerJobOptions {
  readonly start: () => Promise<Result<Database>>;
  readonly sql: string;
  readonly format: ResultFormat;
}

export class AnswerJob implements WrittenJob {
  writtenRows = 0;
  readonly skippedRows = 0;
  /** How many there will be nobody knows. */
  readonly totalRows = 0;
  private readonly options: AnswerJobOptions;
  private readonly database: Promise<Result<Database>>;
  private bytes: ResultBytes | null = null;
  private ended = false;

  constructor(options: AnswerJobOptions) {
    this.options = options;
    this.database = options.start();
  }

  get scannedRows(): number {
    return this.writtenRows;
  }

  async next(): Promise<Result<Uint8Array | null>> {
    if (this.ended) return ok(null);
    const database = await this.database;
    if (!database.ok) return database;
    if (this.bytes === null) {
      const columns = await database.value.run(this.options.sql);
      if (!columns.ok) return columns;
      this.bytes = resultBytes(this.options.format, columns.value);
      return ok(this.bytes.begin());
    }
    const rows = await database.value.next();
    if (!rows.ok) return rows;
    this.writtenRows += rows.value.length;
    this.ended = rows.value.length === 0;
    return ok(this.ended ? this.bytes.end() : this.bytes.rows(rows.value));
  }

  stop(): void {
    this.close();
  }

  close(): void {
    void this.database.then((database) => (database.ok ? database.value.close() : undefined));
  }
}
