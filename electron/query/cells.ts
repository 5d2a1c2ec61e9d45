/** What passes between whoever asks and the process that runs SQL: plain values that survive structured clone. */
import type { Failure, Result } from '../../native/core/result.ts';
import type { QueryColumn } from '../contract/sql.ts';

/** A value of a result. Whole numbers beyond 2^53 are bigint; moments are ISO 8601, those with a time zone in UTC. */
export type QueryCell =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly QueryCell[]
  | { readonly [name: string]: QueryCell };

/** What the table `log` is made of, and where the database may put what does not fit into memory. */
export interface QueryTable {
  /** Parquet files with the columns of contract/log-fields.ts. */
  readonly parquet: readonly string[];
  readonly scratchFolder: string;
  /** Most memory the database takes, bytes. */
  readonly memoryBytes: number;
  /** For questions that a page asks. Without it, questions are a person's own, with the person's own rights. */
  readonly confined?: Confinement;
}

/**
 * Of the files of the machine, questions then see those of the table alone, and write none; they can change no setting of
 * the database.
 */
export interface Confinement {
  /** Most text of a cell, UTF-16 units; a longer one is cut. */
  readonly cellText: number;
  readonly threads: number;
  /** Most bytes that the database puts into its folder on disk. */
  readonly scratchBytes: number;
}

/** A database that answers one question at a time. */
export interface Database {
  /** Begins to answer. Failures: bad-argument for what the database does not accept, source-gone. */
  run(sql: string): Promise<Result<readonly QueryColumn[]>>;
  /** The next rows; empty after the last. Failures as of `run`. */
  next(): Promise<Result<readonly (readonly QueryCell[])[]>>;
  /** Ends it, whatever it does; resolves once it is gone. Safe to call twice. */
  close(): Promise<void>;
}

export type QueryRequest =
  | { readonly ask: 'open'; readonly table: QueryTable }
  | { readonly ask: 'run'; readonly sql: string }
  /** The next rows of what runs. */
  | { readonly ask: 'next' };

export type QueryReply =
  | { readonly say: 'opened' }
  | { readonly say: 'columns'; readonly columns: readonly QueryColumn[] }
  /** Empty after the last. */
  | { readonly say: 'rows'; readonly rows: readonly (readonly QueryCell[])[] }
  | { readonly say: 'failed'; readonly failure: Failure };
