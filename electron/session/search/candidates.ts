/** What a filter has found, for one that shows nothing else (narrows.ts): only these rows have to be looked at. */
import type { Segment } from '../store/segment.ts';

export interface Candidates {
  /** They tell of all rows below. */
  readonly endRow: number;
  /** Bytes of memory they take. */
  readonly bytes: number;
  /** Those that tell of as many rows, without narrower ones for some of them. */
  readonly widest: Candidates | null;
  /** Offsets of the candidates among `from..to-1` of a segment, which lie below `endRow`, in order. */
  offsetsIn(segment: Segment, from: number, to: number): Uint32Array;
}

/** Candidates for the first rows, and wider ones for those behind: of a filter that had not come to its end. */
export function candidatesOf(first: Omit<Candidates, 'widest'>, behind: Candidates | null): Candidates {
  if (behind === null || behind.endRow <= first.endRow) return { ...first, widest: null };
  // Of several filters that did not come to their end, one after another, the first and the last are kept.
  const widest = behind.widest ?? behind;
  return {
    endRow: widest.endRow,
    bytes: first.bytes + widest.bytes,
    widest,
    offsetsIn: (segment, from, to) =>
      (segment.firstRow + to <= first.endRow ? first : widest).offsetsIn(segment, from, to),
  };
}
