/**
 * DuckDB over one log: the table `log`, questions, answers a chunk at a time. What is asked on the command line is a
 * person's own SQL with the person's own rights, so it may read and write files; nothing is fetched from the network by
 * itself. What a page asks is confined to the table.
 */
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  type DuckDBResult,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import { LOG_FIELDS, RECORD_FIELDS } from '../contract/log-fields.ts';
import type { QueryColumn } from '../contract/sql.ts';
import { BoundedRows } from './bounded-rows.ts';
import type { Confinement, QueryCell, QueryTable } from './cells.ts';

export class QueryEngine {
  private readonly connection: DuckDBConnection;
  /** Null: whoever asks has a person's own rights. */
  private readonly bounded: BoundedRows | null;
  private result: DuckDBResult | null = null;

  private constructor(connection: DuckDBConnection, confined: Confinement | undefined) {
    this.connection = connection;
    this.bounded = confined === undefined ? null : new BoundedRows(confined.cellText);
  }

  /** Failures: io-error where the files cannot be read as Parquet, or the database cannot start. */
  static async open({ parquet, scratchFolder, memoryBytes, confined }: QueryTable): Promise<Result<QueryEngine>> {
    try {
      const instance = await DuckDBInstance.create(':memory:', {
        autoinstall_known_extensions: 'false',
        memory_limit: mebibytes(memoryBytes),
        temp_directory: scratchFolder,
        ...(confined === undefined
          ? {}
          : { threads: String(confined.threads), max_temp_directory_size: mebibytes(confined.scratchBytes) }),
      });
      const connection = await instance.connect();
      await connection.run("SET TimeZone = 'UTC'");
      const files = `[${parquet.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}]`;
      if (confined !== undefined) await connection.run(`SET allowed_paths = ${files}`);
      await connection.run(`CREATE VIEW log AS SELECT * FROM read_parquet(${files}, union_by_name = true)`);
      if (confined !== undefined)
        await connection.run('SET enable_external_access = false; SET lock_configuration = true');
      return ok(new QueryEngine(connection, confined));
    } catch (error) {
      const system = { code: 'duckdb', text: messageOf(error) };
      return fail('io-error', 'The log could not be opened as a table', 'Convert it again, then ask again', system);
    }
  }

  /** Begins to run SQL; the rows come by `next`. Failure: bad-argument with the words of the database. */
  async run(sql: string): Promise<Result<readonly QueryColumn[]>> {
    this.result = null;
    this.bounded?.hold([]);
    try {
      const begun = this.bounded === null ? ok(await this.connection.stream(sql)) : await this.begin(sql);
      if (!begun.ok) return begun;
      const result = begun.value;
      this.result = result;
      const types = result.columnTypes();
      return ok(result.deduplicatedColumnNames().map((name, at) => ({ name, type: String(types[at]) })));
    } catch (error) {
      return { ok: false, failure: sqlFailure(error) };
    }
  }

  /** The next rows; empty after the last. Failure: bad-argument, since a query may fail in its middle. */
  async next(): Promise<Result<readonly (readonly QueryCell[])[]>> {
    const { bounded } = this;
    if (bounded !== null && !bounded.isEmpty) return ok(bounded.take());
    if (this.result === null) return ok([]);
    try {
      const chunk = await this.result.fetchChunk();
      if (chunk !== null && chunk.rowCount > 0) {
        const rows = chunk.getRows().map((row) => row.map(cellOf));
        if (bounded === null) return ok(rows);
        bounded.hold(rows);
        return ok(bounded.take());
      }
      this.result = null;
      return ok([]);
    } catch (error) {
      this.result = null;
      return { ok: false, failure: sqlFailure(error) };
    }
  }

  /**
   * Begins the last of some statements, which has to be a question. Those before it may only make what it needs: the
   * database itself makes two statements of a PIVOT. COPY is none of them, so nothing can write to the table.
   */
  private async begin(sql: string): Promise<Result<DuckDBResult>> {
    const statements = await this.connection.extractStatements(sql);
    for (let at = 0; at < statements.count; at++) {
      const prepared = await statements.prepare(at);
      const { statementType: type } = prepared;
      const last = at === statements.count - 1;
      if (type !== StatementType.SELECT && (last || type !== StatementType.CREATE)) break;
      if (last) return ok(await prepared.stream());
      await prepared.run();
    }
    return fail(
      'bad-argument',
      'That is no question: it has to end with SELECT, FROM or another statement that has rows',
      'The log itself cannot be changed; write what you want to know of it',
    );
  }
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)}MiB`;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function sqlFailure(error: unknown): Failure {
  // Behind the first paragraph the database shows the place, in lines that make sense below each other alone.
  const [paragraph = ''] = messageOf(error).replace('Failed to extract statements: ', '').split('\n\n');
  const words = paragraph.replace(/\s+/g, ' ').trim();
  return {
    code: 'bad-argument',
    message: `The query failed: ${words}`,
    action: `The table is log, its columns are ${[...LOG_FIELDS, RECORD_FIELDS].join(', ')}`,
  };
}

/** Digits that a double holds for certain. */
const EXACT_DIGITS = 15;

function cellOf(value: DuckDBValue): QueryCell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (value instanceof DuckDBDecimalValue) return value.width <= EXACT_DIGITS ? value.toDouble() : value.toString();
  if (value instanceof DuckDBTimestampTZValue) return `${momentText(value.micros)}Z`;
  if (value instanceof DuckDBTimestampValue) return momentText(value.micros);
  if (value instanceof DuckDBListValue) return value.items.map(cellOf);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, each]) => [name, cellOf(each)]));
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(value.entries.map(({ key, value: each }) => [String(key), cellOf(each)]));
  }
  if (value instanceof DuckDBBlobValue) return `0x${Buffer.from(value.bytes).toString('hex')}`;
  return String(value);
}

/** ISO 8601 with microseconds. */
function momentText(micros: bigint): string {
  const second = micros >= 0n ? micros / 1_000_000n : -((-micros + 999_999n) / 1_000_000n);
  const at = new Date(Number(second) * 1000);
  if (Number.isNaN(at.getTime())) return `${micros} us`;
  return `${at.toISOString().slice(0, -5)}.${String(micros - second * 1_000_000n).padStart(6, '0')}`;
}
