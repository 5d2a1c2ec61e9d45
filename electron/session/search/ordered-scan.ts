/**
 * Several pieces of one query under way at a time, their results handed over in the order in which the pieces were
 * submitted. Segments are pinned from the one to the other, so that whoever takes a result can read the rows it means,
 * wherever the store has moved them meanwhile.
 */

import type { SessionStore } from '../store/store.ts';
import type { Scan, Scanner, ScanOutcome, ScanPiece, ScanQuery } from './scanner.ts';

export interface OrderedScanDependencies<T> {
  readonly store: SessionStore;
  readonly scanner: Scanner;
  readonly query: ScanQuery;
  readonly urgent?: boolean;
  /** Takes a result; `tag` is what was submitted with the piece. */
  readonly take: (piece: ScanPiece, outcome: ScanOutcome, tag: T) => void;
  /** Called once all results that are ready were handed over. */
  readonly rest: () => void;
}

/** Share of the store's memory that one scan may keep where it is, and the segments it may keep at least. */
const PINNED_SHARE = 1 / 8;
const FEWEST_PINNED = 2;

interface Pending<T> {
  readonly piece: ScanPiece;
  readonly tag: T;
  outcome: ScanOutcome | null;
}

export class OrderedScan<T> {
  private readonly dependencies: OrderedScanDependencies<T>;
  private readonly scan: Scan;
  private readonly epoch: number;
  private pending: Pending<T>[] = [];
  private ended = false;

  constructor(dependencies: OrderedScanDependencies<T>) {
    this.dependencies = dependencies;
    this.scan = dependencies.scanner.open(dependencies.query, dependencies.urgent);
    this.epoch = dependencies.store.epoch;
  }

  /**
   * Whether to submit another piece: not after one that met trouble, not while the scanner has enough to do, and not
   * while so many segments are pinned that the store would have to move others out of memory.
   */
  get ready(): boolean {
    if (this.ended || !this.scan.ready) return false;
    return !this.pending.some(({ outcome }) => outcome?.trouble) && this.pinnedFew();
  }

  /** True if everything submitted was handed over. */
  get idle(): boolean {
    return this.pending.length === 0;
  }

  submit(piece: ScanPiece, tag: T): void {
    const { store, rest } = this.dependencies;
    const pending: Pending<T> = { piece, tag, outcome: null };
    this.pending.push(pending);
    store.pin(piece.segment);
    this.scan.submit(piece, (outcome) => {
      if (outcome === null || this.ended || store.epoch !== this.epoch) {
        store.unpin(piece.segment);
        // The log was cleared, so these rows are gone; whoever waits for them has to hear that they will not come.
        if (!this.ended && store.epoch !== this.epoch) rest();
        return;
      }
      pending.outcome = outcome;
      if (this.pending[0] === pending) this.handOver();
    });
  }

  /** Gives up everything; nothing is handed over any more. */
  cancel(): void {
    if (this.ended) return;
    this.ended = true;
    const { pending } = this;
    this.pending = [];
    for (const { piece, outcome } of pending) if (outcome !== null) this.dependencies.store.unpin(piece.segment);
    this.scan.cancel();
  }

  private pinnedFew(): boolean {
    const segments = new Set(this.pending.map(({ piece }) => piece.segment));
    if (segments.size < FEWEST_PINNED) return true;
    let bytes = 0;
    for (const segment of segments) bytes += segment.totalBytes;
    return bytes < this.dependencies.store.memoryCapBytes * PINNED_SHARE;
  }

  private handOver(): void {
    const { store, take, rest } = this.dependencies;
    for (;;) {
      const next = this.pending[0];
      if (next === undefined || next.outcome === null) break;
      this.pending.shift();
      take(next.piece, next.outcome, next.tag);
      store.unpin(next.piece.segment);
    }
    rest();
  }
}

/** The length of the next piece: short at first, so that there is something at once, then as long as is of use. */
export class PieceLength {
  private rows: number;

  /** `first` rows, then each piece twice as long as the one before it. */
  constructor(first: number) {
    this.rows = first;
  }

  next(): number {
    const { rows } = this;
    this.rows = Math.min(rows * 2, LAST_PIECE);
    return rows;
  }
}

const LAST_PIECE = 65_536;
