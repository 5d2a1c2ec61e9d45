/**
 * A batch of entries on its way from a source to a store, in columns: one typed array for each field, and one byte
 * arena for all payloads. One object for each entry would cost 5 to 50 times as much at the rates that rings reach.
 *
 * A row is either an entry, or a marker for records lost on a CPU at that place in the stream (`RowKind.Gap`).
 */

import {
  COLUMN_NAMES,
  type ColumnArray,
  type ColumnArrays,
  type ColumnName,
  columnArray,
  mapColumns,
} from './columns.ts';

export const RowKind = { Entry: 0, Gap: 1 } as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

/** Bits of the `flags` column. The low bits are the record's own (RV_FLAG_*), the high ones are set by the reader. */
export const RowFlag = {
  Truncated: 1,
  Nested: 2,
  /** Emitted after a later entry, because its CPU or its source took longer than the merge waits for one. */
  Late: 64,
  /** `tid` is the thread's number; without, the source does not say which thread it was. */
  Thread: 128,
  /** The four highest bits are the IRQL of the writer. */
  Irql: 256,
} as const;
/** The bits that a record itself may set. */
export const RECORD_FLAGS = 63;
export const IRQL_SHIFT = 12;

/** The number of a row's thread; null if its source does not say. */
export function tidOf(tid: number, flags: number): number | null {
  return tid !== 0 || (flags & RowFlag.Thread) !== 0 ? tid : null;
}

/** The IRQL at which a row was written; null if its source does not say. */
export function irqlOf(flags: number): number | null {
  return (flags & RowFlag.Irql) === 0 ? null : flags >>> IRQL_SHIFT;
}

const IRQL_NAMES: Readonly<Record<number, string>> = {
  ...{ 0: 'PASSIVE_LEVEL', 1: 'APC_LEVEL', 2: 'DISPATCH_LEVEL', 15: 'HIGH_LEVEL' },
};

/** As Windows calls it; levels of devices are numbers. */
export function irqlName(irql: number): string {
  return IRQL_NAMES[irql] ?? `IRQL ${irql}`;
}

export const Level = { Error: 0, Warning: 1, Info: 2, Trace: 3 } as const;
/** Names for people, indexed by level; a level beyond the list is shown as `level N`. */
export const LEVEL_NAMES = ['error', 'warning', 'info', 'trace'] as const;

/** `error`, `warning`, `info`, `trace`, then `level 4`. */
export function levelName(level: number): string {
  return LEVEL_NAMES[level] ?? `level ${level}`;
}

/** Names of origins by number, as they are written in filters and shown in the table. */
export const ORIGIN_NAMES = ['driver', 'dbgprint'] as const;

/**
 * Why an attempt to log produced no entry. The producer counts all causes but `overwritten` and `corrupt`, which only a
 * reader can find out.
 */
export const LOSS_CAUSES = [
  'full',
  'tooBig',
  'zeroLength',
  'missingData',
  'nesting',
  'overwritten',
  'corrupt',
  'unread',
  'quota',
] as const;
export type LossCause = (typeof LOSS_CAUSES)[number];
/** The causes in a few words, for people. */
export const LOSS_CAUSE_NAMES: Readonly<Record<LossCause, string>> = {
  full: 'ring full',
  tooBig: 'too big',
  zeroLength: 'zero length',
  missingData: 'missing data',
  nesting: 'nested too deep',
  overwritten: 'overwritten',
  corrupt: 'corrupt',
  unread: 'not read in time',
  quota: 'over the quota of a program',
};

/** Columns of equal capacity (columns.ts); rows `0..count-1` are valid. Producers reuse one batch, so consumers copy what they keep. */
export interface EntryBatch extends ColumnArrays {
  count: number;
  readonly capacity: number;
  /** Offset of the payload in `bytes`, a multiple of 4. For a gap, 0. */
  readonly dataStart: Uint32Array;
  /** Length of the payload in bytes. */
  readonly dataLength: Uint32Array;
  readonly bytes: Uint8Array;
  /** Bytes of `bytes` in use, a multiple of 4. */
  bytesUsed: number;
}

/**
 * A lease: memory of the receiver into which a producer may write rows, instead of a batch of its own. It is an empty
 * batch with room for `rows` rows and `bytes` payload bytes, whose arena begins at a multiple of 8. A filled batch is
 * handed to the sink at once, before another is leased. Null: nothing can be leased now, and the producer uses its own
 * batch.
 */
export type BatchLease = (rows: number, bytes: number) => EntryBatch | null;

/** Allocates a batch for `capacity` rows and `byteCapacity` payload bytes (rounded up to 8). */
export function createEntryBatch(capacity: number, byteCapacity: number): EntryBatch {
  return batchOver(capacity, (name) => columnArray(name, capacity), {
    dataStart: new Uint32Array(capacity),
    dataLength: new Uint32Array(capacity),
    bytes: new Uint8Array((byteCapacity + 7) & ~7),
  });
}

/** An empty batch over existing columns. Every batch is created here, so that the engine sees a single object shape. */
export function batchOver(
  capacity: number,
  columnOf: (name: ColumnName) => ColumnArray,
  { dataStart, dataLength, bytes }: Pick<EntryBatch, 'dataStart' | 'dataLength' | 'bytes'>,
): EntryBatch {
  const batch = mapColumns<EntryBatch>(COLUMN_NAMES, columnOf, { count: 0, capacity });
  return Object.assign(batch, { dataStart, dataLength, bytes, bytesUsed: 0 });
}

/** Sets every column of a row to 0, the value for a record of which nothing is known. */
export function clearRow(batch: EntryBatch, row: number): void {
  for (const name of COLUMN_NAMES) batch[name][row] = 0;
  batch.dataStart[row] = 0;
  batch.dataLength[row] = 0;
}
