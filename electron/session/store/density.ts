/**
 * How errors, warnings and loss markers are distributed over the positions of a view, from which the overview of the
 * log is drawn. They are counted in blocks of equally many positions. When there are too many blocks, each pair is
 * joined into one. So a log of any length takes the same memory and the same time to draw, and the cost of adding a row
 * does not grow with the number of rows.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { STRIP_ROWS, type Strip } from './rows-summary.ts';
import type { Segment } from './segment.ts';

/** The most blocks that are kept: several for each bucket that a screen can show. A power of two. */
const MAX_BLOCKS = 8192;

const ERROR = 0;
const WARNING = 1;

/**
 * What each level adds to one sum that holds both counts, errors in its lower half. Adding from a table avoids a branch
 * that the processor could not predict.
 */
const WEIGHTS = new Uint32Array(256);
WEIGHTS[ERROR] = 1;
WEIGHTS[WARNING] = 1 << 16;
/** Rows that can be summed before one half of the sum might overflow. */
const MAX_RUN = 65_535;

/** Counts in buckets of `bucketRows` positions; bucket 0 begins at position `start`. */
export interface Buckets {
  readonly start: number;
  readonly bucketRows: number;
  readonly errors: readonly number[];
  readonly warnings: readonly number[];
  readonly gaps: readonly number[];
}

/** Positions `first..end-1`, some of which may be outside of the view. */
export interface Region {
  readonly first: number;
  readonly end: number;
}

function entriesOnly({ kind }: Segment): boolean {
  return kind.data === null && kind.constant === RowKind.Entry;
}

export class DensityTally {
  private readonly maxBlocks: number;
  /** Positions in a block, a power of two. Block n begins at position `n * blockRows`. */
  private blockRows = 1;
  /** Number of the block that element 0 of the arrays counts. */
  private base = 0;
  /** One above the last position added. */
  private endPosition = 0;
  /** A row may lie so many positions away from where it is counted. */
  private margin = 0;
  private readonly errors: Uint32Array;
  private readonly warnings: Uint32Array;
  private readonly gaps: Uint32Array;

  constructor(maxBlocks = MAX_BLOCKS) {
    this.maxBlocks = maxBlocks;
    this.errors = new Uint32Array(maxBlocks);
    this.warnings = new Uint32Array(maxBlocks);
    this.gaps = new Uint32Array(maxBlocks);
  }

  /**
   * Adds rows `from..to-1` of a segment at the positions from `position` on. Positions must not decrease from call to
   * call.
   */
  addRows(position: number, segment: Segment, from: number, to: number): void {
    this.cover(position + to - from);
    const shift = position - from;
    if (!entriesOnly(segment)) {
      for (let at = from; at < to; at++) this.note(shift + at, segment, at);
      return;
    }
    const { level } = segment;
    let at = from;
    while (at < to) {
      const block = Math.floor((shift + at) / this.blockRows);
      const end = Math.min(to, (block + 1) * this.blockRows - shift, at + MAX_RUN);
      let weights = 0;
      for (; at < end; at++) weights += WEIGHTS[level[at] as number] as number;
      this.addTo(block, weights);
    }
  }

  /** Adds the rows at `offsets[0..count-1]` of a segment, one position each from `position` on. */
  addOffsets(position: number, segment: Segment, offsets: Uint32Array, count: number): void {
    this.cover(position + count);
    if (!entriesOnly(segment)) {
      for (let i = 0; i < count; i++) this.note(position + i, segment, offsets[i] as number);
      return;
    }
    const { level } = segment;
    let i = 0;
    while (i < count) {
      const block = Math.floor((position + i) / this.blockRows);
      const end = Math.min(count, (block + 1) * this.blockRows - position, i + MAX_RUN);
      let weights = 0;
      for (; i < end; i++) weights += WEIGHTS[level[offsets[i] as number] as number] as number;
      this.addTo(block, weights);
    }
  }

  /**
   * Adds `rows` rows of which only the counts of each strip are known, at the positions from `position` on. The rows
   * counted in a strip are assumed to be spread evenly over it.
   */
  addStrips(position: number, rows: number, strips: readonly Strip[]): void {
    this.cover(position + rows);
    this.margin = STRIP_ROWS;
    for (const [strip, ...sums] of strips) {
      const first = position + strip * STRIP_ROWS;
      const length = Math.min(STRIP_ROWS, rows - strip * STRIP_ROWS);
      [this.errors, this.warnings, this.gaps].forEach((counts, kind) => {
        const sum = sums[kind] as number;
        for (let n = 0; n < sum; n++) {
          const block = Math.floor((first + Math.floor((n * length) / sum)) / this.blockRows) - this.base;
          counts[block] = (counts[block] as number) + 1;
        }
      });
    }
  }

  /** Forgets whole blocks below a position. */
  dropBefore(position: number): void {
    const gone = Math.min(Math.floor(position / this.blockRows) - this.base, this.maxBlocks);
    if (gone <= 0) return;
    for (const counts of [this.errors, this.warnings, this.gaps]) {
      counts.copyWithin(0, gone);
      counts.fill(0, this.maxBlocks - gone);
    }
    this.base = Math.floor(position / this.blockRows);
  }

  clear(): void {
    this.blockRows = 1;
    this.base = 0;
    this.endPosition = 0;
    this.margin = 0;
    for (const counts of [this.errors, this.warnings, this.gaps]) counts.fill(0);
  }

  /**
   * Positions `first..end-1` in at most `most + 1` buckets. The first and the last bucket may also count some positions
   * outside that range, because blocks are not split: less than one part in MAX_BLOCKS / 2 of all positions.
   */
  buckets(first: number, end: number, most: number): Buckets {
    const firstBlock = Math.max(this.base, Math.floor(first / this.blockRows));
    const endBlock = Math.max(firstBlock, Math.ceil(Math.min(end, this.endPosition) / this.blockRows));
    const each = Math.max(1, Math.ceil((endBlock - firstBlock) / Math.max(1, most)));
    const firstBucket = Math.floor(firstBlock / each);
    const count = Math.ceil(endBlock / each) - firstBucket;
    const sum = (counts: Uint32Array) => {
      const sums = new Array<number>(Math.max(0, count)).fill(0);
      for (let block = firstBlock; block < endBlock; block++) {
        const bucket = Math.floor(block / each) - firstBucket;
        sums[bucket] = (sums[bucket] as number) + (counts[block - this.base] as number);
      }
      return sums;
    };
    return {
      start: firstBucket * each * this.blockRows,
      bucketRows: each * this.blockRows,
      errors: sum(this.errors),
      warnings: sum(this.warnings),
      gaps: sum(this.gaps),
    };
  }

  /**
   * Where the next loss marker may be from a position on, or the last one up to it: none lies between the position and the
   * region. Null if there is none.
   */
  gapRegion(position: number, forward: boolean): Region | null {
    const { blockRows, base, margin, gaps } = this;
    const step = forward ? 1 : -1;
    const start = Math.floor((position - step * margin) / blockRows) - base;
    const blocks = Math.min(this.maxBlocks, Math.ceil(this.endPosition / blockRows) - base);
    for (let at = forward ? Math.max(0, start) : Math.min(start, blocks - 1); at >= 0 && at < blocks; at += step) {
      if ((gaps[at] as number) === 0) continue;
      const first = (base + at) * blockRows;
      return { first: first - margin, end: first + blockRows + margin };
    }
    return null;
  }

  private addTo(block: number, weights: number): void {
    const at = block - this.base;
    this.errors[at] = (this.errors[at] as number) + (weights & 0xffff);
    this.warnings[at] = (this.warnings[at] as number) + Math.floor(weights / 65_536);
  }

  private note(position: number, segment: Segment, at: number): void {
    const level = segment.level[at] as number;
    const gap = segment.kind.get(at) !== RowKind.Entry;
    if (level > WARNING && !gap) return;
    const counts = gap ? this.gaps : level === ERROR ? this.errors : this.warnings;
    const block = Math.floor(position / this.blockRows) - this.base;
    counts[block] = (counts[block] as number) + 1;
  }

  /** Joins blocks until those in use reach up to `end`. */
  private cover(end: number): void {
    this.endPosition = Math.max(this.endPosition, end);
    while (Math.ceil(end / this.blockRows) - this.base > this.maxBlocks) {
      const base = Math.floor(this.base / 2);
      for (const counts of [this.errors, this.warnings, this.gaps]) {
        for (let i = 0; i < this.maxBlocks; i++) {
          const to = Math.floor((this.base + i) / 2) - base;
          if (to === i) continue;
          const count = counts[i] as number;
          counts[i] = 0;
          counts[to] = (counts[to] as number) + count;
        }
      }
      this.base = base;
      this.blockRows *= 2;
    }
  }
}
