/**
 * All matches of a search in a view: how many there are, the rank of a match among them, and how they are distributed.
 * It follows the view: it counts new rows as they arrive, forgets evicted ones, and starts again when positions lose
 * their meaning.
 */
import type { Failure } from '../../../native/core/result.ts';
import type { TextQuery } from '../../contract/rows.ts';
import { OrderedScan, PieceLength } from '../search/ordered-scan.ts';
import { scanFailure } from '../search/scan-failure.ts';
import type { Scanner, ScanOutcome } from '../search/scanner.ts';
import { PositionIndex } from './position-index.ts';
import type { LogView } from './view.ts';
import { pieceFrom, positionOf, type ViewPiece } from './view-piece.ts';

const FIRST_PIECE = 8192;

export class FindHits {
  readonly query: TextQuery;
  private readonly view: LogView;
  private readonly scanner: Scanner;
  private readonly changed: () => void;
  private generation = -1;
  private scan: OrderedScan<null> | null = null;
  private length = new PieceLength(FIRST_PIECE);
  /** Positions of the matches, in order: a match's place in this index is its rank. */
  private readonly hits = new PositionIndex();
  /** Rank of the first match that is still kept. */
  private firstRank = 0;
  /** No kept match is before this position. */
  private oldest = 0;
  /** Positions below these have been counted, and have been given to the scanner. */
  private counted = 0;
  private next = 0;
  /** Where the view ended when the count began. */
  private begunEnd = 0;
  private trouble: Failure | null = null;

  /** `query` must compile. `changed` is called when there is news and `advance` should be called. */
  constructor(view: LogView, scanner: Scanner, query: TextQuery, changed: () => void) {
    this.view = view;
    this.scanner = scanner;
    this.query = query;
    this.changed = changed;
    this.sync();
  }

  /** Number of matches so far at positions that the view still holds. */
  get count(): number {
    return this.isCurrent ? this.hits.end - this.rankFrom(this.view.first) : 0;
  }

  /** How far the count has got; null once it covers the whole view. */
  get progress(): { readonly done: number; readonly total: number } | null {
    const { first, end } = this.view;
    const counted = this.isCurrent ? Math.max(this.counted, first) : first;
    return counted >= end ? null : { done: counted - first, total: end - first };
  }

  /**
   * What of that is worth telling: null once all rows are counted that there were when it began. Of a log that goes on coming
   * there are always some that are not.
   */
  get progressTold(): { readonly done: number; readonly total: number } | null {
    const isAnswered = this.isCurrent && this.trouble === null && this.counted >= this.begunEnd && this.view.isAnswered;
    return isAnswered ? null : this.progress;
  }

  /** Why the count stopped; null if it did not. */
  get failure(): Failure | null {
    return this.isCurrent ? this.trouble : null;
  }

  /** Counts positions of the view that were not counted yet, as many as the scanner accepts. */
  advance(): void {
    this.sync();
    if (this.trouble !== null) return;
    while (this.next < this.view.end) {
      this.scan ??= new OrderedScan<null>({
        store: this.view.store,
        scanner: this.scanner,
        query: { text: this.query },
        take: (piece, outcome) => this.take(piece as ViewPiece, outcome),
        rest: () => {
          this.advance();
          this.changed();
        },
      });
      if (!this.scan.ready) return;
      const piece = pieceFrom(this.view, this.next, this.view.end, this.length.next());
      this.next = piece.end;
      this.scan.submit(piece, null);
    }
  }

  /** The rank of the match at a position, counted from 1; null if it is not a match, or not counted yet. */
  rank(position: number): number | null {
    const { first } = this.view;
    if (!this.isCurrent || position < first) return null;
    const at = this.rankFrom(position);
    return at < this.hits.end && this.position(at) === position ? at - this.rankFrom(first) + 1 : null;
  }

  /** Positions of the matches of ranks `first..first+count-1`, counted from 0, as far as they are counted. */
  positions(first: number, count: number): number[] {
    this.sync();
    const from = this.firstRank + first;
    const end = Math.min(this.hits.end, from + count);
    return Array.from({ length: Math.max(0, end - from) }, (_, at) => this.position(from + at));
  }

  /** Matches in each of `buckets` equal parts of the view. */
  spread(buckets: number): number[] {
    this.sync();
    const { first, end } = this.view;
    const counts: number[] = [];
    let below = this.firstRank;
    for (let bucket = 1; bucket <= buckets; bucket++) {
      const until = this.rankFrom(first + Math.ceil(((end - first) * bucket) / buckets));
      counts.push(until - below);
      below = until;
    }
    return counts;
  }

  close(): void {
    this.scan?.cancel();
    this.scan = null;
    this.hits.clear();
    this.view.store.reserve(this, 0);
  }

  private take(piece: ViewPiece, { offsets, trouble }: ScanOutcome): void {
    this.sync();
    if (piece.first < this.counted || this.scan === null) return;
    for (let i = 0; i < offsets.length; i++) {
      offsets[i] = positionOf(piece, offsets[i] as number) - piece.first;
    }
    this.hits.append(piece.first, offsets, offsets.length);
    this.view.store.reserve(this, this.hits.bytes);
    if (trouble === null) {
      this.counted = piece.end;
      return;
    }
    const { offset } = trouble;
    this.counted = offset === null ? piece.first : positionOf(piece, offset);
    this.trouble = scanFailure(trouble, offset === null ? null : (piece.segment.index[offset] as number));
    this.scan.cancel();
    this.scan = null;
  }

  /** True if what was counted still belongs to the view's current generation. */
  private get isCurrent(): boolean {
    return this.generation === this.view.generation;
  }

  private sync(): void {
    const { generation, first, end } = this.view;
    if (generation !== this.generation) {
      this.generation = generation;
      this.scan?.cancel();
      this.scan = null;
      this.length = new PieceLength(FIRST_PIECE);
      this.hits.clear();
      this.firstRank = 0;
      this.oldest = first;
      this.counted = first;
      this.next = first;
      this.begunEnd = end;
      this.trouble = null;
    }
    this.counted = Math.max(this.counted, first);
    this.next = Math.max(this.next, first);
    this.firstRank = this.rankFrom(first);
    this.hits.dropBefore(this.firstRank);
    this.view.store.reserve(this, this.hits.bytes);
    this.oldest = first;
  }

  /** Rank of the first match at or after a position. */
  private rankFrom(position: number): number {
    let low = this.firstRank;
    let high = this.hits.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.position(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private position(rank: number): number {
    return this.hits.row(rank, this.oldest);
  }
}
