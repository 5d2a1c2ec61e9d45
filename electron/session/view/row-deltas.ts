/**
 * How long each shown row came after the one above it, and after the record above it of the same CPU. A CPU is that of
 * one source: CPU 3 of two files may be of two machines. Rows that stand for losses have a time before them, which is how
 * long their CPU was not heard, but are none to measure from: the record that follows a loss has the time of its marker.
 *
 * A CPU may have been silent for long, and rows that were looked at again come from the disk. So the record before is
 * looked for among the MOST_SHOWN_ROWS_BACK rows above, and not farther than MOST_LOG_ROWS_BACK rows of the log away; the
 * row directly above counts however far away it is. Beyond that nothing is said, whichever rows happen to be at hand.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { MOST_LOG_ROWS_BACK, MOST_SHOWN_ROWS_BACK } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';

/** Nanoseconds; null where there is no such row, or none that is looked for. */
export interface RowDeltas {
  readonly deltaNs: number | null;
  readonly cpuDeltaNs: number | null;
}

export const NO_DELTAS: RowDeltas = { deltaNs: null, cpuDeltaNs: null };

/** The rows of a view. Reading one may take the segment of another out of memory. */
export interface PlacedRows {
  readonly first: number;
  rowAt(position: number): number;
  place(position: number): readonly [Segment, number];
}

interface Last {
  readonly position: number;
  readonly row: number;
  readonly timeNs: number;
}

const cpuOf = (segment: Segment, offset: number): number =>
  segment.source.get(offset) * 65_536 + (segment.cpu[offset] as number);

/** Deltas of rows that are passed one after another, as they are shown. */
export class DeltaTracker {
  /** The last record of each CPU. */
  private readonly last = new Map<number, Last>();
  private position: number;
  private aboveNs: number | null;

  /** `position` of the first row that is passed; `aboveNs`: time of the row above it, null if there is none. */
  constructor(position: number, aboveNs: number | null) {
    this.position = position;
    this.aboveNs = aboveNs;
  }

  /** Whether a record of the CPU is known. */
  knows(cpu: number): boolean {
    return this.last.has(cpu);
  }

  /** Takes in a row above those that are passed, if no later one of its CPU is known. Nearer ones come first. */
  noteAbove(segment: Segment, offset: number, position: number): void {
    if (segment.kind.get(offset) !== RowKind.Entry) return;
    const cpu = cpuOf(segment, offset);
    if (this.last.has(cpu)) return;
    this.last.set(cpu, { position, row: segment.firstRow + offset, timeNs: segment.timeNs[offset] as number });
  }

  /** Deltas of the next row. */
  pass(segment: Segment, offset: number): RowDeltas {
    const position = this.position++;
    const timeNs = segment.timeNs[offset] as number;
    const row = segment.firstRow + offset;
    const cpu = cpuOf(segment, offset);
    const before = this.last.get(cpu);
    const deltaNs = this.aboveNs === null ? null : timeNs - this.aboveNs;
    const cpuDeltaNs = before !== undefined && isNear(before, position, row) ? timeNs - before.timeNs : null;
    this.aboveNs = timeNs;
    if (segment.kind.get(offset) === RowKind.Entry) this.last.set(cpu, { position, row, timeNs });
    return { deltaNs, cpuDeltaNs };
  }
}

function isNear(before: { readonly position: number; readonly row: number }, position: number, row: number): boolean {
  const rowsUp = position - before.position;
  return rowsUp === 1 || (rowsUp <= MOST_SHOWN_ROWS_BACK && row - before.row <= MOST_LOG_ROWS_BACK);
}

/** Deltas of the rows of a view from a position on, which looks back only as far as their CPUs require. */
export class DeltaReader {
  private readonly rows: PlacedRows;
  private readonly tracker: DeltaTracker;
  private position: number;
  /** Rows from this position up to those passed are known. */
  private seenFrom: number;

  constructor(rows: PlacedRows, position: number) {
    this.rows = rows;
    this.position = position;
    this.seenFrom = position;
    let aboveNs: number | null = null;
    if (position > rows.first) {
      const [segment, offset] = rows.place(position - 1);
      aboveNs = segment.timeNs[offset] as number;
    }
    this.tracker = new DeltaTracker(position, aboveNs);
  }

  /** Deltas of the next row. Read the row itself only then: looking back may have taken it out of memory. */
  next(): RowDeltas {
    const position = this.position++;
    const [segment, offset] = this.rows.place(position);
    const cpu = cpuOf(segment, offset);
    if (this.tracker.knows(cpu)) return this.tracker.pass(segment, offset);
    this.lookBack(cpu, position, segment.firstRow + offset);
    return this.tracker.pass(...this.rows.place(position));
  }

  /** A tracker that goes on from here by itself, because it has looked back as far as anyone does. */
  tracked(): DeltaTracker {
    if (this.position > this.rows.first) this.lookBack(-1, this.position, this.rows.rowAt(this.position - 1) + 1);
    return this.tracker;
  }

  private lookBack(cpu: number, position: number, row: number): void {
    while (this.seenFrom > this.rows.first && !this.tracker.knows(cpu)) {
      const at = this.seenFrom - 1;
      if (!isNear({ position: at, row: this.rows.rowAt(at) }, position, row)) return;
      this.tracker.noteAbove(...this.rows.place(at), at);
      this.seenFrom = at;
    }
  }
}
