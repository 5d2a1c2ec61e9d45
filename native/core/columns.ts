/**
 * The columns of a log: everything that is known of a row beside its payload, declared once. Batches, segments, the
 * merge of several sources, archives, and messages to other threads derive their columns from this table. To add a
 * column, add an entry here and a line where a source fills it.
 *
 * Loops that run for every record still write the names of the columns out (batch-writer.ts, source-merger.ts, the
 * scans): an engine compiles access to a property it can see to one instruction, and a lookup by name to many. The tests
 * of the first two fail for a column of this table that they leave out.
 */

type ColumnArrayType = typeof Uint8Array | typeof Uint16Array | typeof Uint32Array | typeof Float64Array;

type ArrayOf<T> = T extends typeof Float64Array
  ? Float64Array
  : T extends typeof Uint32Array
    ? Uint32Array
    : T extends typeof Uint16Array
      ? Uint16Array
      : Uint8Array;

interface ColumnDeclaration {
  readonly array: ColumnArrayType;
  /** The column's name in the files of the archive and of recordings; exports have the names of contract/log-fields.ts. */
  readonly fileName: string;
  /**
   * `always`: a segment stores a value for each row. `varying`: a segment stores a single value until two rows differ.
   */
  readonly kept: 'always' | 'varying';
}

export const COLUMNS = {
  /** Global index; for a gap the index of the entry that follows it on its CPU. Exact up to 2^53. */
  index: { array: Float64Array, fileName: 'index', kept: 'always' },
  /** Nanoseconds since the source's session began, never negative. Exact up to 2^53 (104 days). */
  timeNs: { array: Float64Array, fileName: 'time_ns', kept: 'always' },
  cpu: { array: Uint16Array, fileName: 'cpu', kept: 'always' },
  level: { array: Uint8Array, fileName: 'level', kept: 'always' },
  /** RV_TYPE_TEXT (0) is UTF-8 text, anything else the caller's own payload type. For a gap, its causes: bit n is LOSS_CAUSES[n]. */
  type: { array: Uint16Array, fileName: 'type', kept: 'varying' },
  /** The caller's number; for a gap the count of records lost there (saturates at 2^32-1). */
  remarks: { array: Uint32Array, fileName: 'remarks', kept: 'varying' },
  pid: { array: Uint32Array, fileName: 'pid', kept: 'varying' },
  /** The thread; 0 also where the source does not say, see `tidOf` of entry.ts. */
  tid: { array: Uint32Array, fileName: 'tid', kept: 'varying' },
  /** Origin within the source, RV_ORIGIN_*. */
  origin: { array: Uint16Array, fileName: 'origin', kept: 'varying' },
  /** Number of the source in the session. Sources leave it at 0; whoever merges several sources fills it. */
  source: { array: Uint16Array, fileName: 'source', kept: 'varying' },
  /**
   * Number of the names of its event (event-names.ts) in the table of the source, or of the session that keeps the row; 0
   * for a row without. Sources without such a table leave it alone.
   */
  event: { array: Uint16Array, fileName: 'event', kept: 'varying' },
  /** RowFlag. */
  flags: { array: Uint16Array, fileName: 'flags', kept: 'varying' },
  /** RowKind. */
  kind: { array: Uint8Array, fileName: 'kind', kept: 'varying' },
} as const satisfies Record<string, ColumnDeclaration>;

export type ColumnName = keyof typeof COLUMNS;
export type AlwaysName = { [N in ColumnName]: (typeof COLUMNS)[N]['kept'] extends 'always' ? N : never }[ColumnName];
export type VaryingName = Exclude<ColumnName, AlwaysName>;

/** The kind of typed array that holds a column's values. */
export type ColumnArray<N extends ColumnName = ColumnName> = ArrayOf<(typeof COLUMNS)[N]['array']>;
export type ColumnArrays<N extends ColumnName = ColumnName> = { readonly [Name in N]: ColumnArray<Name> };

export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];
export const ALWAYS_NAMES = COLUMN_NAMES.filter((name): name is AlwaysName => COLUMNS[name].kept === 'always');
export const VARYING_NAMES = COLUMN_NAMES.filter((name): name is VaryingName => COLUMNS[name].kept === 'varying');

/**
 * An object with one value for each column. Its properties are always created in the order of the table, so that the
 * engine sees a single object shape.
 */
export function mapColumns<T extends object>(
  names: readonly ColumnName[],
  make: (name: ColumnName) => unknown,
  into: object = {},
): T {
  const target = into as Record<string, unknown>;
  for (const name of names) target[name] = make(name);
  return into as T;
}

/**
 * An array for `rows` values of a column. With `shared`, it lies in shared memory, so that other threads can use it
 * without a copy.
 */
export function columnArray<N extends ColumnName>(name: N, rows: number, shared = false): ColumnArray<N> {
  const { array } = COLUMNS[name];
  const Type = array as unknown as new (memory: number | SharedArrayBuffer) => ColumnArray<N>;
  return new Type(shared ? new SharedArrayBuffer(rows * array.BYTES_PER_ELEMENT) : rows);
}

/** Bytes a row takes in these columns. */
export function rowBytes(names: readonly ColumnName[]): number {
  return names.reduce((bytes, name) => bytes + COLUMNS[name].array.BYTES_PER_ELEMENT, 0);
}
