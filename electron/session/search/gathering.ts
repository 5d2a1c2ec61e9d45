/**
 * Something that is gathered from all rows of a store by a scanner, from the oldest on and on to those that arrive, each row
 * once and in order, so that capture need not wait for it. What is gathered is the caller's; rows that leave the history stay
 * in it. Nothing is done while nobody asks.
 */
import type { Failure } from '../../../native/core/result.ts';
import type { SessionStore } from '../store/store.ts';
import { OrderedScan } from './ordered-scan.ts';
import { scanFailure } from './scan-failure.ts';
import type { Scanner, ScanOutcome, ScanPiece, ScanQuery } from './scanner.ts';
import { TimeBefore } from './time-before.ts';

/** Rows of a piece: few enough that what is told of one is no burden. */
const PIECE_ROWS = 8192;
/** Nobody who looks at what is gathered asks less often than this; milliseconds. */
const ASKED_MS = 5000;

export interface GatheringDependencies {
  readonly store: SessionStore;
  readonly scanner: Scanner;
  readonly query: ScanQuery;
  /** Whether the query has to know the time of the row before a segment. */
  readonly readsBefore?: boolean;
  /** Called when there is news and `advance` should be called. */
  readonly changed: () => void;
  /** Takes what was found in a piece. */
  readonly take: (piece: ScanPiece, outcome: ScanOutcome) => void;
  /** The log was cleared: what was gathered is to be forgotten. */
  readonly restart: () => void;
}

export class Gathering {
  private readonly dependencies: GatheringDependencies;
  private readonly before = new TimeBefore();
  private scan: OrderedScan<null> | null = null;
  private epoch: number;
  private askedAt = Number.NEGATIVE_INFINITY;
  private nextRow: number;
  private doneRow: number;
  private trouble: Failure | null = null;

  constructor(dependencies: GatheringDependencies) {
    this.dependencies = dependencies;
    const { epoch, firstRow } = dependencies.store;
    this.epoch = epoch;
    this.nextRow = firstRow;
    this.doneRow = firstRow;
  }

  /** Somebody looks at what is gathered: goes on for some seconds. */
  ask(nowMs: number): void {
    this.askedAt = nowMs;
    this.sync();
  }

  /** Rows below were looked at, or have left the history before they could be. */
  get row(): number {
    return Math.max(this.doneRow, this.dependencies.store.firstRow);
  }

  /** Whether every row was looked at. */
  get complete(): boolean {
    return this.row >= this.dependencies.store.endRow;
  }

  /** Why it goes no further; null while it does. */
  get failure(): Failure | null {
    return this.trouble;
  }

  /** Has rows looked at that were not yet, as many as the scanner accepts, if somebody has asked a moment ago. */
  advance(nowMs: number): void {
    if (nowMs - this.askedAt > ASKED_MS) return;
    this.sync();
    const { store, scanner, query, readsBefore = false, changed } = this.dependencies;
    while (this.trouble === null && this.nextRow < store.endRow) {
      this.scan ??= new OrderedScan<null>({
        ...{ store, scanner, query },
        take: (piece, outcome) => this.take(piece, outcome),
        rest: () => {
          this.advance(this.askedAt);
          changed();
        },
      });
      if (!this.scan.ready) return;
      const beforeNs = readsBefore ? this.before.of(store, this.nextRow) : Number.NaN;
      const segment = store.segmentOf(this.nextRow);
      if (segment === null) return;
      const from = this.nextRow - segment.firstRow;
      const to = Math.min(segment.count, from + PIECE_ROWS);
      this.nextRow = segment.firstRow + to;
      this.before.passed(segment, to - 1);
      this.scan.submit({ segment, from, to, offsets: null, beforeNs }, null);
    }
  }

  /** Stays where it is until somebody asks again. */
  pause(): void {
    this.askedAt = Number.NEGATIVE_INFINITY;
    this.close();
    this.nextRow = this.doneRow;
  }

  close(): void {
    this.scan?.cancel();
    this.scan = null;
  }

  private take(piece: ScanPiece, outcome: ScanOutcome): void {
    const { segment, to } = piece;
    const { trouble } = outcome;
    if (trouble !== null) {
      const { offset } = trouble;
      this.trouble = scanFailure(trouble, offset === null ? null : (segment.index[offset] as number));
      this.close();
      return;
    }
    this.doneRow = segment.firstRow + to;
    this.dependencies.take(piece, outcome);
  }

  /** Begins anew when the log was cleared, and leaves out rows that were dropped before they could be looked at. */
  private sync(): void {
    const { store, restart } = this.dependencies;
    if (this.epoch !== store.epoch) {
      this.epoch = store.epoch;
      this.close();
      this.nextRow = store.firstRow;
      this.doneRow = store.firstRow;
      this.trouble = null;
      restart();
    }
    this.nextRow = Math.max(this.nextRow, store.firstRow);
  }
}
