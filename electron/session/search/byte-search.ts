/**
 * Finds the rows of a run that contain one of a few texts, in their bytes: nothing is decoded, so it makes no difference
 * what else a payload holds.
 *
 * The search is Horspool's, over the whole run and not row by row: the two bytes under the end of the window say how far
 * the window may move (skip-table.ts). Each move waits for the one before it, so four windows go through four parts of the
 * run in turns: that takes half the time of one through all of it.
 */
import { LOWER_ASCII, SAME_BYTE } from '../text/ascii.ts';
import { bestSkipTable, pairPlace, rarestByte, type SkipTable, sampleOf, skipTable } from '../text/skip-table.ts';
import type { RowRun, RunSearch } from './row-run.ts';

const LANES = 4;
/** A run of fewer bytes is too small a sample to choose the skip table by. */
const TELLING_BYTES = 1024;

export class ByteSearch implements RunSearch {
  readonly hits: Uint32Array;
  private readonly needles: readonly Uint8Array[];
  private readonly fold: Uint8Array;
  private table: SkipTable;
  /** Place in each needle of the byte that is looked at first. */
  private guards: readonly number[];
  /** Whether table and guards were chosen for bytes like those that are searched. */
  private chosen = false;
  // Of each lane: the first row that is not decided, the first of the next lane, and how many hits there are.
  private readonly row = new Int32Array(LANES);
  private readonly rowEnd = new Int32Array(LANES);
  private readonly found = new Int32Array(LANES);

  /** `needles`: at least one, none shorter than 2. With `fold` they are in lower case, and found in either. `rows`: of any run. */
  constructor(needles: readonly Uint8Array[], fold: boolean, rows: number) {
    this.needles = needles;
    this.fold = fold ? LOWER_ASCII : SAME_BYTE;
    this.hits = new Uint32Array(rows);
    const shortest = Math.min(...needles.map((needle) => needle.length));
    this.table = skipTable(needles, this.casesOf, shortest - 1);
    this.guards = needles.map(() => 0);
  }

  search(run: RowRun): number {
    const { bytes, rows } = run;
    if (!this.chosen) this.choose(run);
    const { row, rowEnd, found, hits } = this;
    const { moves, end: last } = this.table;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const quarter = rows >>> 2;
    for (let lane = 0; lane < LANES; lane++) {
      row[lane] = lane * quarter;
      rowEnd[lane] = lane === LANES - 1 ? rows : (lane + 1) * quarter;
      found[lane] = 0;
    }
    let a = this.windowEnd(run, 0);
    let b = this.windowEnd(run, 1);
    let c = this.windowEnd(run, 2);
    let d = this.windowEnd(run, 3);
    const endA = this.laneEnd(run, 0);
    const endB = this.laneEnd(run, 1);
    const endC = this.laneEnd(run, 2);
    const endD = this.laneEnd(run, 3);
    // Two moves out of three are made without a look: a window that may hold a needle does not move until it is looked at.
    const ahead = 2 * last;
    const lastA = endA - ahead;
    const lastB = endB - ahead;
    const lastC = endC - ahead;
    const lastD = endD - ahead;
    while (a < lastA && b < lastB && c < lastC && d < lastD) {
      a += moves[pairPlace(view.getUint16(a - 1, true))] as number;
      b += moves[pairPlace(view.getUint16(b - 1, true))] as number;
      c += moves[pairPlace(view.getUint16(c - 1, true))] as number;
      d += moves[pairPlace(view.getUint16(d - 1, true))] as number;
      a += moves[pairPlace(view.getUint16(a - 1, true))] as number;
      b += moves[pairPlace(view.getUint16(b - 1, true))] as number;
      c += moves[pairPlace(view.getUint16(c - 1, true))] as number;
      d += moves[pairPlace(view.getUint16(d - 1, true))] as number;
      const moveA = moves[pairPlace(view.getUint16(a - 1, true))] as number;
      const moveB = moves[pairPlace(view.getUint16(b - 1, true))] as number;
      const moveC = moves[pairPlace(view.getUint16(c - 1, true))] as number;
      const moveD = moves[pairPlace(view.getUint16(d - 1, true))] as number;
      a += moveA;
      b += moveB;
      c += moveC;
      d += moveD;
      if (moveA === 0) a = this.look(run, 0, a);
      if (moveB === 0) b = this.look(run, 1, b);
      if (moveC === 0) c = this.look(run, 2, c);
      if (moveD === 0) d = this.look(run, 3, d);
    }
    this.finish(run, 0, a, endA);
    this.finish(run, 1, b, endB);
    this.finish(run, 2, c, endC);
    this.finish(run, 3, d, endD);

    let kept = found[0] as number;
    for (let lane = 1; lane < LANES; lane++) {
      const first = lane * quarter;
      hits.copyWithin(kept, first, first + (found[lane] as number));
      kept += found[lane] as number;
    }
    return kept;
  }

  private readonly casesOf = (byte: number): readonly number[] => {
    const upper = this.fold.indexOf(byte);
    return upper < 0 || upper === byte ? [byte] : [byte, upper];
  };

  private choose({ bytes, begin, end }: RowRun): void {
    if (end - begin < TELLING_BYTES) return;
    this.chosen = true;
    const sample = sampleOf(bytes, begin, end);
    this.table = bestSkipTable(this.needles, this.casesOf, sample);
    this.guards = this.needles.map((needle) => rarestByte(needle, this.fold, sample));
  }

  private finish(run: RowRun, lane: number, from: number, end: number): void {
    const { bytes } = run;
    const { moves } = this.table;
    let at = from;
    while (at < end) {
      const move = moves[pairPlace((bytes[at - 1] as number) | ((bytes[at] as number) << 8))] as number;
      at = move === 0 ? this.look(run, lane, at) : at + move;
    }
  }

  /** Place of the window's end as it stands before the next row of a lane. */
  private windowEnd(run: RowRun, lane: number): number {
    const row = this.row[lane] as number;
    return row < (this.rowEnd[lane] as number) ? run.startOf(row) + this.table.end : this.laneEnd(run, lane);
  }

  private laneEnd(run: RowRun, lane: number): number {
    const row = this.rowEnd[lane] as number;
    return row === 0 ? 0 : run.endOf(row - 1);
  }

  /** Looks for needles in the window that ends at a place; returns where the window's end goes next. */
  private look(run: RowRun, lane: number, at: number): number {
    const { bytes } = run;
    const start = at - this.table.end;
    for (let n = 0; n < this.needles.length; n++) {
      const needle = this.needles[n] as Uint8Array;
      const guard = this.guards[n] as number;
      if (this.fold[bytes[start + guard] as number] !== needle[guard] || !this.holds(bytes, start, needle)) continue;
      const row = run.rowThatEndsAfter(start, this.row[lane] as number, this.rowEnd[lane] as number);
      this.row[lane] = row;
      // A hit between rows, or across the end of one, does not count; a shorter needle that begins here still may.
      if (run.startOf(row) > start || start + needle.length > run.endOf(row)) continue;
      const count = this.found[lane] as number;
      this.hits[lane * (run.rows >>> 2) + count] = row;
      this.found[lane] = count + 1;
      this.row[lane] = row + 1;
      return this.windowEnd(run, lane);
    }
    return at + 1;
  }

  private holds(bytes: Uint8Array, start: number, needle: Uint8Array): boolean {
    const { fold } = this;
    for (let i = 0; i < needle.length; i++) if (fold[bytes[start + i] as number] !== needle[i]) return false;
    return true;
  }
}
