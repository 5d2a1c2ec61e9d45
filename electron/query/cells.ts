/** What passes between whoever asks and the process that runs SQL: plain values that survive structured clone. */
import type { Failure } from '../../native/core/result.ts';

/** A value of a result. Whole numbers beyond 2^53 are bigint; moments are ISO 8601, those with a time zone in UTC. */
export type QueryCell =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly QueryCell[]
  | { readonly [name: string]: QueryCell };

export interface QueryColumn {
  readonly name: string;
  /** As SQL calls it: `BIGINT`, `VARCHAR`. */
  readonly type: string;
}

/** What the table `log` is made of, and where the database may put what does not fit into memory. */
export interface QueryTable {
  /** Parquet files with the columns of contract/log-fields.ts. */
  readonly parquet: readonly string[];
  readonly scratchFolder: string;
  /** Most memory the database takes, bytes. */
  readonly memoryBytes: number;
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
