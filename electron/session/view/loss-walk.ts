/**
 * Finds the next or previous loss among the rows that a view shows. The overview of the log knows roughly where losses
 * are; only the rows there are read.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { type FoundLoss, MOST_MARKERS } from '../../contract/loss.ts';
import type { Segment } from '../store/segment.ts';
import { DeltaReader } from './row-deltas.ts';
import type { LogView } from './view.ts';
import { pieceFrom, pieceUpTo, positionOf, type ViewPiece } from './view-piece.ts';

/** Rows that are looked at in one go. */
const PIECE_ROWS = 4096;

/** The first loss behind the one at or before position `from` (`previous`: the last before `from`); null if there is none. */
export function findLoss(view: LogView, from: number, direction: 'next' | 'previous'): FoundLoss | null {
  const at = direction === 'next' ? nextMarker(view, behindRun(view, from)) : previousMarker(view, from - 1);
  if (at === null) return null;
  let first = at;
  let last = at;
  // Walking forward, a marker above is one of the row of markers that is left.
  if (direction === 'previous') while (at - first < MOST_MARKERS - 1 && isMarker(view, first - 1)) first--;
  while (last - first < MOST_MARKERS - 1 && isMarker(view, last + 1)) last++;
  return lossBetween(view, first, last);
}

/** The losses behind the one at or before position `from`, in order, at most `most`. */
export function lossesBehind(view: LogView, from: number, most: number): FoundLoss[] {
  const losses: FoundLoss[] = [];
  for (let at = from; losses.length < most; ) {
    const loss = findLoss(view, at, 'next');
    if (loss === null) break;
    losses.push(loss);
    at = loss.last;
  }
  return losses;
}

function isMarker(view: LogView, position: number): boolean {
  if (position < view.first || position >= view.end) return false;
  const [segment, offset] = view.place(position);
  return segment.kind.get(offset) !== RowKind.Entry;
}

/** The position after `from`, or after the markers that begin there. */
function behindRun(view: LogView, from: number): number {
  let at = Math.max(from, view.first - 1);
  if (!isMarker(view, at)) return at + 1;
  const stop = at + MOST_MARKERS;
  while (at < stop && isMarker(view, at)) at++;
  return at;
}

function nextMarker(view: LogView, from: number): number | null {
  for (let at = Math.max(from, view.first); at < view.end; ) {
    const region = view.lossRegion(at, true);
    if (region === null) return null;
    at = Math.max(at, region.first);
    const end = Math.min(region.end, view.end);
    while (at < end) {
      const piece = pieceFrom(view, at, end, PIECE_ROWS);
      const [marker] = markersOf(piece);
      if (marker !== undefined) return marker;
      at = piece.end;
    }
    at = Math.max(at, region.end);
  }
  return null;
}

function previousMarker(view: LogView, from: number): number | null {
  for (let at = Math.min(from, view.end - 1); at >= view.first; ) {
    const region = view.lossRegion(at, false);
    if (region === null) return null;
    at = Math.min(at, region.end - 1);
    const first = Math.max(region.first, view.first);
    while (at >= first) {
      const piece = pieceUpTo(view, at, first, PIECE_ROWS);
      const marker = markersOf(piece).at(-1);
      if (marker !== undefined) return marker;
      at = piece.first - 1;
    }
    at = Math.min(at, region.first - 1);
  }
  return null;
}

/** Positions of the markers of a piece, in order. */
function markersOf(piece: ViewPiece): number[] {
  const { segment, from, to, offsets } = piece;
  if (hasNoMarker(segment)) return [];
  const markers: number[] = [];
  const count = offsets?.length ?? to - from;
  for (let n = 0; n < count; n++) {
    const offset = offsets?.[n] ?? from + n;
    if (segment.kind.get(offset) !== RowKind.Entry) markers.push(positionOf(piece, offset));
  }
  return markers;
}

const hasNoMarker = ({ kind }: Segment): boolean => kind.data === null && kind.constant === RowKind.Entry;

/** The losses at positions `first..last`, together. */
export function lossBetween(view: LogView, first: number, last: number): FoundLoss {
  const cpus = new Set<number>();
  const deltas = new DeltaReader(view, first);
  let [lost, causes, toNs] = [0, 0, Number.NEGATIVE_INFINITY];
  let fromNs: number | null = null;
  for (let position = first; position <= last; position++) {
    const { cpuDeltaNs } = deltas.next();
    const [segment, offset] = view.place(position);
    const timeNs = segment.timeNs[offset] as number;
    lost += segment.remarks.get(offset);
    causes |= segment.type.get(offset);
    cpus.add(segment.cpu[offset] as number);
    toNs = Math.max(toNs, timeNs);
    if (cpuDeltaNs !== null) fromNs = Math.min(fromNs ?? timeNs, timeNs - cpuDeltaNs);
  }
  const { generation } = view;
  return { generation, first, last, lost, cpus: [...cpus].sort((a, b) => a - b), causes, fromNs, toNs };
}
