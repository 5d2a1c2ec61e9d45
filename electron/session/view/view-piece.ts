/** Runs of positions of a view whose rows are all in one segment: the pieces in which a view is searched. */
import type { ScanPiece } from '../search/scanner.ts';
import type { LogView } from './view.ts';

export interface ViewPiece extends ScanPiece {
  /** Positions `first..end-1`. */
  readonly first: number;
  readonly end: number;
}

/** At most `most` positions from `first` on and below `limit`; the view must hold `first`. */
export function pieceFrom(view: LogView, first: number, limit: number, most: number): ViewPiece {
  const [segment, from] = view.place(first);
  const { firstRow } = segment;
  const endRow = firstRow + segment.count;
  const end = view.endBelow(first, Math.min(limit, first + most), endRow);
  return pieceOf(view, segment, from, first, end);
}

/** At most `most` positions up to and including `last`, not below `lowest`; the view must hold `last`. */
export function pieceUpTo(view: LogView, last: number, lowest: number, most: number): ViewPiece {
  const [segment] = view.place(last);
  const { firstRow } = segment;
  const first = view.startFrom(last, Math.max(lowest, last - most + 1), firstRow);
  return pieceOf(view, segment, view.rowAt(first) - firstRow, first, last + 1);
}

function pieceOf(view: LogView, segment: ScanPiece['segment'], from: number, first: number, end: number): ViewPiece {
  const to = view.rowAt(end - 1) - segment.firstRow + 1;
  // If all rows of the piece are shown, no offsets need to be listed.
  if (to - from === end - first) return { segment, from, to, offsets: null, first, end };
  const offsets = new Uint32Array(end - first);
  for (let i = 0; i < offsets.length; i++) offsets[i] = view.rowAt(first + i) - segment.firstRow;
  return { segment, from, to, offsets, first, end };
}

/** The position of an offset of the piece's segment; its row must be among the piece's rows. */
export function positionOf({ first, from, offsets }: ViewPiece, offset: number): number {
  if (offsets === null) return first + offset - from;
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return first + low;
}
