/**
 * A segment as another thread can have it without a copy: its columns are views of shared memory, so they cross by
 * structured clone as they are. What was appended before it was described can be read there; later rows want a new
 * description once a column or a chunk was added, which `shapeOf` tells.
 */
import type { LazyColumn } from './lazy-column.ts';
import { Segment } from './segment.ts';

type Words = Uint8Array | Uint16Array | Uint32Array;

const LAZY = ['kind', 'flags', 'type', 'origin', 'pid', 'remarks', 'source'] as const;

type Lazy = { readonly [name in (typeof LAZY)[number]]: Words | number };

export interface SharedSegment extends Lazy {
  readonly firstRow: number;
  readonly index: Float64Array;
  readonly timeNs: Float64Array;
  readonly cpu: Uint16Array;
  readonly level: Uint8Array;
  readonly dataStart: Uint32Array;
  readonly dataLength: Uint32Array;
  readonly chunks: readonly Uint8Array[];
  readonly chunkShift: number;
}

/** Changes when an earlier description of the same segment no longer covers its rows. */
export function shapeOf(segment: Segment): string {
  let columns = 0;
  for (const name of LAZY) columns = columns * 2 + (segment[name].data === null ? 0 : 1);
  return `${segment.firstRow} ${segment.chunks.length} ${columns}`;
}

export function describeSegment(segment: Segment): SharedSegment {
  const { firstRow, index, timeNs, cpu, level, dataStart, dataLength, chunkShift } = segment;
  const lazy = Object.fromEntries(LAZY.map((name) => [name, segment[name].data ?? segment[name].constant])) as Lazy;
  const chunks = segment.chunks.map(({ bytes }) => bytes);
  return { firstRow, index, timeNs, cpu, level, dataStart, dataLength, ...lazy, chunks, chunkShift };
}

/** The segment that was described; good for reading. Its `count` is not known here: the caller says which rows. */
export function openSegment(shared: SharedSegment): Segment {
  const { chunks, chunkShift, firstRow, index, timeNs, cpu, level, dataStart, dataLength } = shared;
  const segment = Segment.over(chunkShift, chunks, { index, timeNs, cpu, level, dataStart, dataLength });
  segment.firstRow = firstRow;
  for (const name of LAZY) (segment[name] as LazyColumn<Words>).become(shared[name]);
  return segment;
}
