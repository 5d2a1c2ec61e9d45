/**
 * The answer to a question in SQL as Parquet: columns of the types that the database named, as far as Parquet has them, a row
 * group for each block of rows. Numbers wider than 64 bits become doubles, as the database itself writes them; lists and
 * structures become JSON.
 */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { QueryColumn } from '../../../contract/sql.ts';

type Value = string | number | bigint | boolean | null;

/** How the values of a column are stored; `of` makes one of a value that is not null. */
interface Kind {
  readonly element: Omit<SchemaElement, 'name' | 'repetition_type'>;
  readonly of: (value: string | number | bigint | boolean) => Value;
}

const TEXT: Kind = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  of: String,
};
const NUMBER: Kind = { element: { type: 'DOUBLE' }, of: Number };
const SMALL: Kind = { element: { type: 'INT32' }, of: Number };
const WIDE: Kind = { element: { type: 'INT64' }, of: (value) => BigInt(value) };
const DAY_MS = 24 * 3600 * 1000;

const KINDS: Readonly<Record<string, Kind>> = {
  BOOLEAN: { element: { type: 'BOOLEAN' }, of: (value) => value },
  TINYINT: SMALL,
  SMALLINT: SMALL,
  INTEGER: SMALL,
  UTINYINT: SMALL,
  USMALLINT: SMALL,
  UINTEGER: WIDE,
  BIGINT: WIDE,
  UBIGINT: { element: { type: 'INT64', converted_type: 'UINT_64' }, of: (value) => BigInt(value) },
  HUGEINT: NUMBER,
  UHUGEINT: NUMBER,
  FLOAT: NUMBER,
  DOUBLE: NUMBER,
  DATE: { element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }, of: daysOf },
  TIMESTAMP: moments(false),
  'TIMESTAMP WITH TIME ZONE': moments(true),
};

function moments(isAdjustedToUTC: boolean): Kind {
  return {
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' } },
    of: microsOf,
  };
}

/** Decimals that a double holds come as numbers, wider ones as text. */
function kindOf(type: string): Kind {
  const digits = Number(/^DECIMAL\((\d+),/.exec(type)?.[1]);
  return KINDS[type] ?? (digits <= 15 ? NUMBER : TEXT);
}

/** Days since 1970 of `2026-03-09`; null for what is no day of the calendar, such as infinity. */
function daysOf(value: unknown): number | null {
  const ms = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(ms) ? null : Math.floor(ms / DAY_MS);
}

/** Microseconds since 1970 of `2026-03-09T12:00:00.123456`, with or without a Z; null for what is no moment. */
function microsOf(value: unknown): bigint | null {
  const [, second, micros = '0'] = /^(.+)\.(\d{6})Z?$/.exec(String(value)) ?? [];
  const ms = Date.parse(`${second}Z`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1000n + BigInt(micros);
}

/** A block is written when it has so many rows, or about so much text. */
const BLOCK_ROWS = 65_536;
const BLOCK_TEXT = 16 * 1024 * 1024;

export class ParquetAnswer {
  private readonly kinds: readonly Kind[];
  private readonly columns: readonly QueryColumn[];
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;
  private data: Value[][];
  private text = 0;

  constructor(columns: readonly QueryColumn[]) {
    this.columns = columns;
    this.kinds = columns.map(({ type }) => kindOf(type));
    this.data = columns.map(() => []);
    const schema: SchemaElement[] = [
      { name: 'answer', num_children: columns.length },
      ...columns.map(({ name }, at) => ({
        name,
        repetition_type: 'OPTIONAL' as const,
        ...(this.kinds[at] as Kind).element,
      })),
    ];
    this.writer = new ParquetWriter({ writer: this.bytes, schema, createdBy: 'RingView' });
  }

  begin(): Uint8Array {
    return this.take();
  }

  /** Rows of values as they are, those of lists and structures as text; returns the bytes that they complete. */
  rows(rows: readonly (readonly Value[])[]): Uint8Array {
    for (const row of rows) {
      for (const [at, kind] of this.kinds.entries()) {
        const value = row[at] ?? null;
        if (typeof value === 'string') this.text += value.length;
        (this.data[at] as Value[]).push(value === null ? null : kind.of(value));
      }
      if (this.count >= BLOCK_ROWS || this.text >= BLOCK_TEXT) this.write();
    }
    return this.take();
  }

  end(): Uint8Array {
    if (this.count > 0) this.write();
    // Need not be awaited, because the writer writes to memory.
    void this.writer.finish();
    return this.take();
  }

  private get count(): number {
    return this.data[0]?.length ?? 0;
  }

  private write(): void {
    const columnData = this.columns.map(({ name }, at) => ({ name, data: this.data[at] as Value[] }));
    void this.writer.write({ columnData, rowGroupSize: this.count });
    this.data = this.columns.map(() => []);
    this.text = 0;
  }

  /** Returns what was written since the last call. The writer still counts offsets from the begin of the file. */
  private take(): Uint8Array {
    const taken = this.bytes.getBytes().slice();
    this.bytes.index = 0;
    return taken;
  }
}
