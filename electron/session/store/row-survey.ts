/**
 * What is known of every kept row without reading it again, in memory or on disk: how errors, warnings and losses are
 * distributed, and for each segment its range of times and its payload bytes. Each row is read once for this, soon
 * after it was appended and while it is still in memory.
 */
import { type Buckets, DensityTally, type Region } from './density.ts';
import { isArchived } from './held-segment.ts';
import type { RowsSummary } from './rows-summary.ts';
import type { SessionStore } from './store.ts';

/** What the survey knows of the rows of one segment so far. */
export interface SegmentFacts {
  readonly firstRow: number;
  /** Rows surveyed so far. */
  count: number;
  minNs: number;
  maxNs: number;
  payloadBytes: number;
}

export class RowSurvey {
  private readonly store: SessionStore;
  private readonly density = new DensityTally();
  private facts: SegmentFacts[] = [];
  private epoch: number;
  private nextRow: number;

  constructor(store: SessionStore) {
    this.store = store;
    this.epoch = store.epoch;
    this.nextRow = store.firstRow;
  }

  /** Surveys the rows that came since the last call, and forgets those that were dropped. */
  catchUp(): void {
    const { store } = this;
    if (this.epoch !== store.epoch) {
      this.epoch = store.epoch;
      this.density.clear();
      this.facts = [];
      this.nextRow = store.firstRow;
    }
    const oldest = store.firstRow;
    let gone = 0;
    while (gone < this.facts.length && (this.facts[gone] as SegmentFacts).firstRow < oldest) gone++;
    if (gone > 0) {
      this.facts.splice(0, gone);
      this.density.dropBefore(oldest);
    }
    this.nextRow = Math.max(this.nextRow, oldest);
    this.takeSummaries();
    while (this.nextRow < store.endRow) this.lookAtSegment();
  }

  /** The facts of every segment, oldest first, without dropped ones. */
  segments(): readonly SegmentFacts[] {
    this.catchUp();
    return this.facts;
  }

  /** Rows `first..end-1` of the store in at most `most + 1` buckets; see `DensityTally.buckets`. */
  buckets(first: number, end: number, most: number): Buckets {
    this.catchUp();
    return this.density.buckets(first, end, most);
  }

  /** Rows of the store among which the next loss marker may be; see `DensityTally.gapRegion`. */
  gapRegion(row: number, forward: boolean): Region | null {
    this.catchUp();
    return this.density.gapRegion(row, forward);
  }

  /** Payload bytes of rows `first..end-1`. A segment that is only partly among them counts in proportion. */
  payloadBytes(first: number, end: number): number {
    let bytes = 0;
    for (const { firstRow, count, payloadBytes } of this.segments()) {
      const rows = Math.min(end, firstRow + count) - Math.max(first, firstRow);
      if (rows > 0) bytes += payloadBytes * (rows / count);
    }
    return bytes;
  }

  /**
   * Takes over the summaries of an opened session's rows, which were written beside them, so that the rows need not be
   * read.
   */
  private takeSummaries(): void {
    const { held, endRow } = this.store;
    const [oldest] = held;
    if (this.nextRow >= endRow || oldest === undefined || !isArchived(oldest) || oldest.summary === undefined) return;
    let at = 0;
    while (at < held.length && (held[at]?.firstRow as number) < this.nextRow) at++;
    for (; at < held.length; at++) {
      const next = held[at];
      if (next === undefined || !isArchived(next) || next.summary === undefined) return;
      this.take(next.firstRow, next.count, next.summary);
    }
  }

  private take(firstRow: number, count: number, { minNs, maxNs, payloadBytes, strips }: RowsSummary): void {
    this.facts.push({ firstRow, count, minNs, maxNs, payloadBytes });
    this.density.addStrips(firstRow, count, strips);
    this.nextRow = firstRow + count;
  }

  private lookAtSegment(): void {
    const segment = this.store.segmentOf(this.nextRow);
    if (segment === null) throw new Error(`row ${this.nextRow} is not kept`);
    const { firstRow, count, timeNs, dataLength } = segment;
    let facts = this.facts.at(-1);
    if (facts?.firstRow !== firstRow) {
      facts = { firstRow, count: 0, minNs: Infinity, maxNs: -Infinity, payloadBytes: 0 };
      this.facts.push(facts);
    }
    const from = this.nextRow - firstRow;
    let { minNs, maxNs } = facts;
    let bytes = 0;
    for (let at = from; at < count; at++) {
      const time = timeNs[at] as number;
      if (time < minNs) minNs = time;
      if (time > maxNs) maxNs = time;
      bytes += dataLength[at] as number;
    }
    facts.count = count;
    facts.minNs = minNs;
    facts.maxNs = maxNs;
    facts.payloadBytes += bytes;
    this.density.addRows(this.nextRow, segment, from, count);
    this.nextRow = firstRow + count;
  }
}
