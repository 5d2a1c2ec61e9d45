/**
 * Searches for the next or previous match in a view, wrapping around at the end once. It stops by itself when
 * positions lose their meaning. Rows that arrive during the search are not searched.
 */
import { type Failure, fail, ok, type Result } from '../../../native/core/result.ts';
import type { TextQuery } from '../../contract/rows.ts';
import { textExpression } from '../../contract/text-pattern.ts';
import { OrderedScan, PieceLength } from '../search/ordered-scan.ts';
import { scanFailure } from '../search/scan-failure.ts';
import type { Scanner, ScanOutcome } from '../search/scanner.ts';
import type { LogView } from './view.ts';
import { pieceFrom, pieceUpTo, positionOf, type ViewPiece } from './view-piece.ts';

export type FindResult = Result<{ readonly position: number; readonly wrapped: boolean } | null>;

export interface FindRequest {
  readonly generation: number;
  readonly query: TextQuery;
  /** The first position looked at. */
  readonly from: number;
  readonly direction: 'next' | 'previous';
}

/** The first piece is small, so that a match nearby is found at once. */
const FIRST_PIECE = 1024;

export class FindSearch {
  /** `bad-pattern`, `pattern-too-slow`, or `cancelled` if the view changed or the search was given up. */
  readonly result: Promise<FindResult>;
  private resolve: (result: FindResult) => void = () => {};
  private readonly view: LogView;
  private readonly generation: number;
  private readonly forward: boolean;
  /** The view's bounds when the search began, and the position where it began. */
  private readonly end: number;
  private readonly start: number;
  private next: number;
  private wrapped = false;
  private readonly length = new PieceLength(FIRST_PIECE);
  private scan: OrderedScan<boolean> | null = null;

  constructor(view: LogView, scanner: Scanner, request: FindRequest) {
    this.view = view;
    this.generation = request.generation;
    this.forward = request.direction === 'next';
    this.end = view.end;
    this.start = this.forward
      ? Math.min(Math.max(request.from, view.first), this.end)
      : Math.max(Math.min(request.from, this.end - 1), view.first - 1);
    this.next = this.start;
    this.result = new Promise((resolve) => {
      this.resolve = resolve;
    });
    const checked = textExpression(request.query);
    if (!checked.ok) {
      this.resolve(checked);
      return;
    }
    this.scan = new OrderedScan<boolean>({
      store: view.store,
      scanner,
      query: { text: request.query },
      urgent: true,
      take: (piece, outcome, wrapped) => this.take(piece as ViewPiece, outcome, wrapped),
      rest: () => this.goOn(),
    });
    this.goOn();
  }

  /** Ends the search, because a newer one replaces it. */
  cancel(): void {
    this.answer(fail('cancelled', 'The search was stopped', 'Search again'));
  }

  private goOn(): void {
    const { scan, view } = this;
    if (scan === null) return;
    if (view.generation !== this.generation) {
      this.answer(fail('cancelled', 'The view changed while it was searched', 'Search again'));
      return;
    }
    while (scan.ready && this.settle()) {
      const piece = this.piece();
      this.next = this.forward ? piece.end : piece.first - 1;
      scan.submit(piece, this.wrapped);
    }
    if (scan.idle && !this.settle()) this.answer(ok(null));
  }

  private piece(): ViewPiece {
    const { view, next, start, end, wrapped } = this;
    const most = this.length.next();
    if (this.forward) return pieceFrom(view, next, wrapped ? Math.min(start, end) : end, most);
    return pieceUpTo(view, next, wrapped ? Math.max(start + 1, view.first) : view.first, most);
  }

  private take(piece: ViewPiece, { offsets, trouble }: ScanOutcome, wrapped: boolean): void {
    if (this.scan === null || this.view.generation !== this.generation) return;
    const hit = this.forward ? offsets[0] : offsets.at(-1);
    // When searching backwards, matches beyond the failed row would come first, and they are not known.
    if (trouble !== null && (hit === undefined || !this.forward)) {
      const { offset } = trouble;
      const failure: Failure = scanFailure(trouble, offset === null ? null : (piece.segment.index[offset] as number));
      this.answer({ ok: false, failure });
      return;
    }
    if (hit === undefined) return;
    const position = positionOf(piece, hit);
    // A match that was evicted meanwhile cannot be shown.
    if (position >= this.view.first) this.answer(ok({ position, wrapped }));
  }

  private answer(result: FindResult): void {
    const { scan } = this;
    if (scan === null) return;
    this.scan = null;
    scan.cancel();
    this.resolve(result);
  }

  /** Moves `next` past the ends and past evicted rows; false once everything was searched. */
  private settle(): boolean {
    const { first } = this.view;
    if (this.forward) {
      if (!this.wrapped && this.next >= this.end) {
        this.wrapped = true;
        this.next = first;
      }
      this.next = Math.max(this.next, first);
      return this.next < (this.wrapped ? Math.min(this.start, this.end) : this.end);
    }
    if (!this.wrapped && this.next < first) {
      this.wrapped = true;
      this.next = this.end - 1;
    }
    return this.next >= first && (!this.wrapped || this.next > this.start);
  }
}
