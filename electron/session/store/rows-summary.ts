/**
 * A summary of a run of rows, so that they need not be read again: how many of which kind, their ranges of indices and
 * times, where errors, warnings and losses are. It is written to disk beside the rows, so that a session of any length
 * opens at once.
 */
import { RowKind } from '../../../native/core/entry.ts';
import type { Segment } from './segment.ts';
import { OTHER_LEVEL, type Tally } from './segment-counts.ts';
import { ROWS_A_CALL } from './slice.ts';

/**
 * Number of rows in a strip. Once a log has some million rows, a bucket of the overview on screen spans more rows than
 * a strip.
 */
export const STRIP_ROWS = 1024;

/** Errors, warnings and loss markers among the rows of one strip. */
export type Strip = readonly [strip: number, errors: number, warnings: number, gaps: number];

export interface RowsSummary extends Tally {
  /** Smallest and largest global index, loss markers included. */
  readonly minIndex: number;
  readonly maxIndex: number;
  readonly minNs: number;
  readonly maxNs: number;
  readonly payloadBytes: number;
  /** The number of records for which the loss markers stand. */
  readonly lost: number;
  /** Counts by strips of STRIP_ROWS rows, counted from the first row; strips with nothing to count are left out. */
  readonly strips: readonly Strip[];
}

const GAP = OTHER_LEVEL + 1;
const COLUMNS = GAP + 1;

/**
 * Counts while rows are gone through. The loop over the rows is in a function of its own that is called often, so that
 * the engine compiles it well.
 */
class Counter {
  minIndex = Number.POSITIVE_INFINITY;
  maxIndex = Number.NEGATIVE_INFINITY;
  minNs = Number.POSITIVE_INFINITY;
  maxNs = Number.NEGATIVE_INFINITY;
  payloadBytes = 0;
  lost = 0;
  /** Rows by CPU, and by level or as loss markers. */
  counts: Uint32Array = new Uint32Array(64 * COLUMNS);

  /** Counts some rows and returns the numbers for the strip they lie in. */
  take(segment: Segment, from: number, to: number): [errors: number, warnings: number, gaps: number] {
    const { index, timeNs, cpu, level, dataLength, kind, remarks } = segment;
    const plain = kind.data === null && kind.constant === RowKind.Entry;
    let { minIndex, maxIndex, minNs, maxNs, payloadBytes, counts } = this;
    let errors = 0;
    let warnings = 0;
    let gaps = 0;
    for (let row = from; row < to; row++) {
      const number = index[row] as number;
      if (number < minIndex) minIndex = number;
      if (number > maxIndex) maxIndex = number;
      const time = timeNs[row] as number;
      if (time < minNs) minNs = time;
      if (time > maxNs) maxNs = time;
      payloadBytes += dataLength[row] as number;
      const rank = level[row] as number;
      let column = rank < OTHER_LEVEL ? rank : OTHER_LEVEL;
      if (!plain && kind.get(row) !== RowKind.Entry) {
        column = GAP;
        gaps++;
        this.lost += remarks.get(row);
      } else if (rank === 0) errors++;
      else if (rank === 1) warnings++;
      const counter = (cpu[row] as number) * COLUMNS + column;
      if (counter >= counts.length) counts = this.grow(counter);
      counts[counter] = (counts[counter] as number) + 1;
    }
    this.minIndex = minIndex;
    this.maxIndex = maxIndex;
    this.minNs = minNs;
    this.maxNs = maxNs;
    this.payloadBytes = payloadBytes;
    return [errors, warnings, gaps];
  }

  private grow(counter: number): Uint32Array {
    const counts = new Uint32Array(Math.ceil((counter + 1) / COLUMNS) * COLUMNS * 2);
    counts.set(this.counts);
    this.counts = counts;
    return counts;
  }
}

/** Summarises rows `from..to-1` of a segment, at least one. */
export function summarizeRows(segment: Segment, from: number, to: number): RowsSummary {
  const counter = new Counter();
  const strips: Strip[] = [];
  for (let start = from; start < to; start += STRIP_ROWS) {
    const end = Math.min(start + STRIP_ROWS, to);
    let errors = 0;
    let warnings = 0;
    let gaps = 0;
    for (let at = start; at < end; at += ROWS_A_CALL) {
      const more = counter.take(segment, at, Math.min(at + ROWS_A_CALL, end));
      errors += more[0];
      warnings += more[1];
      gaps += more[2];
    }
    if (errors + warnings + gaps > 0) strips.push([(start - from) / STRIP_ROWS, errors, warnings, gaps]);
  }
  const { minIndex, maxIndex, minNs, maxNs, payloadBytes, lost } = counter;
  return { ...tallyOf(counter.counts), minIndex, maxIndex, minNs, maxNs, payloadBytes, lost, strips };
}

function tallyOf(counts: Uint32Array): Tally {
  const levels = [0, 0, 0, 0, 0];
  const cpus: [number, number][] = [];
  let entries = 0;
  let gaps = 0;
  for (let first = 0; first < counts.length; first += COLUMNS) {
    let ofCpu = 0;
    for (let level = 0; level <= OTHER_LEVEL; level++) {
      const rows = counts[first + level] as number;
      levels[level] = (levels[level] as number) + rows;
      ofCpu += rows;
    }
    gaps += counts[first + GAP] as number;
    entries += ofCpu;
    if (ofCpu > 0) cpus.push([first / COLUMNS, ofCpu]);
  }
  return { entries, gaps, levels, cpus };
}
