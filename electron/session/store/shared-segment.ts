/**
 * The description of a segment for another thread. Its columns are views of shared memory, so nothing is copied when
 * it is sent. The description covers the rows that the segment had when it was made. For later rows a new one is
 * needed if a column or a chunk was added since; `shapeOf` tells.
 */
import {
  ALWAYS_NAMES,
  type AlwaysName,
  type ColumnArray,
  mapColumns,
  VARYING_NAMES,
  type VaryingName,
} from '../../../native/core/columns.ts';
import { type FixedColumns, Segment } from './segment.ts';

/** An array, or the one value that all rows share. */
type Varying = { readonly [N in VaryingName]: ColumnArray<N> | number };

export interface SharedSegment extends FixedColumns, Varying {
  readonly firstRow: number;
  readonly chunks: readonly Uint8Array[];
  readonly chunkShift: number;
}

/** A text that changes when an earlier description of the segment no longer covers its rows. */
export function shapeOf(segment: Segment): string {
  let columns = 0;
  for (const name of VARYING_NAMES) columns = columns * 2 + (segment[name].data === null ? 0 : 1);
  return `${segment.firstRow} ${segment.chunks.length} ${columns}`;
}

export function describeSegment(segment: Segment): SharedSegment {
  const { firstRow, dataStart, dataLength, chunkShift } = segment;
  const chunks = segment.chunks.map(({ bytes }) => bytes);
  const shared = mapColumns<SharedSegment>(ALWAYS_NAMES, (name) => segment[name as AlwaysName], {
    firstRow,
    dataStart,
    dataLength,
    chunks,
    chunkShift,
  });
  return mapColumns<SharedSegment>(
    VARYING_NAMES,
    (name) => {
      const { data, constant } = segment.varying(name as VaryingName);
      return data ?? constant;
    },
    shared,
  );
}

/** The segment that was described, for reading. Its `count` is not known here; the caller says which rows to read. */
export function openSegment(shared: SharedSegment): Segment {
  const segment = Segment.over(shared.chunkShift, shared.chunks, shared);
  segment.firstRow = shared.firstRow;
  for (const name of VARYING_NAMES) segment.become(name, shared[name]);
  return segment;
}
