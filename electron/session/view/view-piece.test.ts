/** Pieces of a view: each lies in one segment, is no longer than asked, and says exactly which rows of the segment it means. */
import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry } from '../test-support.ts';
import { LogView } from './view.ts';
import { pieceFrom, pieceUpTo, positionOf, type ViewPiece } from './view-piece.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 1024 };

/** Fifty rows in segments of sixteen; hidden are those of CPU 1, every third. */
function viewOf(hidden: boolean): LogView {
  const store = new SessionStore(SMALL);
  const view = new LogView(store);
  if (hidden) view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
  store.append(batchOf(Array.from({ length: 50 }, (_, n) => entry(n, 'x', { cpu: n % 3 === 0 ? 1 : 0 }))));
  view.advance(WHOLE);
  return view;
}

/** Rows of the store that a piece means. */
function rowsOf({ segment, from, to, offsets }: ViewPiece): number[] {
  const chosen = offsets === null ? Array.from({ length: to - from }, (_, n) => from + n) : [...offsets];
  return chosen.map((offset) => segment.firstRow + offset);
}

const shownRows = (view: LogView, first: number, end: number) =>
  Array.from({ length: end - first }, (_, n) => view.rowAt(first + n));

describe.each([false, true])('pieces of a view with hidden rows: %s', (hidden) => {
  it('go forwards through all of it, each as long as may be', () => {
    for (const most of [1, 5, 16, 100]) {
      const view = viewOf(hidden);
      const found: number[] = [];
      for (let at = view.first; at < view.end; ) {
        const piece = pieceFrom(view, at, view.end, most);
        expect(piece.first).toBe(at);
        expect(rowsOf(piece)).toEqual(shownRows(view, piece.first, piece.end));
        // It ends for one reason: its length, its segment, or the view.
        const next = piece.end < view.end ? view.place(piece.end)[0] : null;
        expect(piece.end - at === most || next !== piece.segment).toBe(true);
        found.push(...rowsOf(piece));
        at = piece.end;
      }
      expect(found).toEqual(shownRows(view, view.first, view.end));
    }
  });

  it('go backwards through all of it, each as long as may be', () => {
    for (const most of [1, 5, 16, 100]) {
      const view = viewOf(hidden);
      const found: number[] = [];
      for (let last = view.end - 1; last >= view.first; ) {
        const piece = pieceUpTo(view, last, view.first, most);
        expect(piece.end).toBe(last + 1);
        expect(rowsOf(piece)).toEqual(shownRows(view, piece.first, piece.end));
        const before = piece.first > view.first ? view.place(piece.first - 1)[0] : null;
        expect(piece.end - piece.first === most || before !== piece.segment).toBe(true);
        found.unshift(...rowsOf(piece));
        last = piece.first - 1;
      }
      expect(found).toEqual(shownRows(view, view.first, view.end));
    }
  });

  it('stop where they are told to', () => {
    const view = viewOf(hidden);
    expect(pieceFrom(view, 3, 7, 100)).toMatchObject({ first: 3, end: 7 });
    expect(pieceUpTo(view, 8, 4, 100)).toMatchObject({ first: 4, end: 9 });
  });

  it('span no more of the segment than from their first row to their last', () => {
    const view = viewOf(hidden);
    const [segment] = view.place(18);
    for (const piece of [pieceFrom(view, 18, 21, 100), pieceUpTo(view, 20, 18, 100)]) {
      expect(piece.segment).toBe(segment);
      expect(piece.from).toBe(view.rowAt(18) - segment.firstRow);
      expect(piece.to).toBe(view.rowAt(20) - segment.firstRow + 1);
    }
  });

  it('tell the position of each of their offsets', () => {
    const view = viewOf(hidden);
    for (const piece of [pieceFrom(view, 13, view.end, 100), pieceUpTo(view, 25, 0, 100)]) {
      const positions = rowsOf(piece).map((row) => positionOf(piece, row - piece.segment.firstRow));
      expect(positions).toEqual(Array.from({ length: piece.end - piece.first }, (_, n) => piece.first + n));
    }
  });
});

it('rows that follow each other need no list of offsets, and others do', () => {
  expect(pieceFrom(viewOf(false), 18, 30, 100).offsets).toBeNull();
  expect(pieceUpTo(viewOf(false), 30, 18, 100).offsets).toBeNull();
  expect(pieceFrom(viewOf(true), 13, 20, 100).offsets).toBeInstanceOf(Uint32Array);
  // Two of the rows shown do follow each other.
  expect(pieceFrom(viewOf(true), 12, 14, 100)).toMatchObject({ from: 3, to: 5, offsets: null });
});
