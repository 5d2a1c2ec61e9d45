/**
 * Puts the rows of several sources into one clock order. Each source is a lane with a promise: nothing older than its
 * safe time will come. Rows up to the smallest promise go out, smallest (time, source) first, each source's own order
 * kept. A row waits for another source at most the hold; what comes out below a row already out is flagged late.
 *
 * With one source nothing is copied: its batches go through as they are, and it may fill those of whoever takes the rows.
 *
 * A source orders by index, so its times may step back by less than its CPUs' clocks differ. What counts here is the
 * largest time of the source so far: the key of a row.
 *
 * source-merger-plain.ts says the same in a few lines; tests hold the two equal.
 */
import { COLUMN_NAMES } from '../../../native/core/columns.ts';
import { type BatchLease, createEntryBatch, type EntryBatch, RowFlag } from '../../../native/core/entry.ts';
import { ROWS_A_CALL } from '../store/slice.ts';

/** How long a row waits for other sources, milliseconds. */
export const HOLD_MS = 50;

const OUT_ROWS = 8192;
const OUT_BYTES = 1 << 20;
/** Least size of a block, so that blocks can be used again. */
const BLOCK_ROWS = 1024;
const BLOCK_BYTES = 1 << 17;
const SPARE_BLOCKS = 16;

/** Rows of one batch, copied, while they wait. */
interface Block {
  readonly rows: EntryBatch;
  readonly key: Float64Array;
  /** The first row that still waits. */
  head: number;
  arrivedMs: number;
}

/** One source of the merge. `source` is its number in the session. */
export class Lane {
  readonly source: number;
  /** @internal The largest time so far. */
  key = Number.NEGATIVE_INFINITY;
  /** @internal */
  safeNs = Number.POSITIVE_INFINITY;
  /** @internal */
  readonly blocks: Block[] = [];

  constructor(source: number) {
    this.source = source;
  }
}

export class SourceMerger {
  /** Rows flagged late because of another source, since the last clear. */
  late = 0;
  private readonly sink: (batch: EntryBatch) => void;
  private readonly lease: BatchLease | null;
  private readonly holdMs: number;
  /** In the order of their sources. */
  private lanes: Lane[] = [];
  /** Removed, and gone as soon as their last row is out. */
  private readonly leaving = new Set<Lane>();
  /** Key of the latest row that went out. */
  private emitted = Number.NEGATIVE_INFINITY;
  private out: EntryBatch | null = null;
  private spare: Block[] = [];

  /**
   * The batch `sink` gets has its `source` filled and its times on the common base; it is valid during the call. `lease`
   * gives batches that lie where `sink` would copy them to.
   */
  constructor(sink: (batch: EntryBatch) => void, holdMs = HOLD_MS, lease: BatchLease | null = null) {
    this.sink = sink;
    this.lease = lease;
    this.holdMs = holdMs;
  }

  /** Rows of `source` may come from now on. Until it promises a time, it delays nobody. */
  add(source: number): Lane {
    const lane = new Lane(source);
    this.lanes.push(lane);
    this.lanes.sort((a, b) => a.source - b.source);
    return lane;
  }

  /** No more rows will come in this lane; those that wait go out in their turn. */
  remove(lane: Lane): void {
    lane.safeNs = Number.POSITIVE_INFINITY;
    if (lane.blocks.length === 0) this.lanes = this.lanes.filter((other) => other !== lane);
    else this.leaving.add(lane);
  }

  /** True while rows wait for other sources: call `release` again soon. */
  get holding(): boolean {
    return this.lanes.some((lane) => lane.blocks.length > 0);
  }

  /** Nothing older than `safeNs` on the common base will be pushed to this lane; Infinity if it delays nobody. */
  promise(lane: Lane, safeNs: number): void {
    lane.safeNs = safeNs;
  }

  /** What a source may fill that is about to push to this lane: null while its rows would have to wait. */
  leaseFor(lane: Lane): BatchLease | null {
    return this.isPassedThrough(lane) ? this.lease : null;
  }

  /** Takes the rows of a batch. `offsetNs` brings its times to the common base; they are changed in place. */
  push(lane: Lane, batch: EntryBatch, offsetNs: number, nowMs: number): void {
    const { count, timeNs } = batch;
    if (count === 0) return;
    if (offsetNs !== 0) for (let row = 0; row < count; row++) timeNs[row] = (timeNs[row] as number) + offsetNs;
    if (lane.source !== 0 || batch.source[0] !== 0) batch.source.fill(lane.source, 0, count);
    if (this.isPassedThrough(lane)) this.passThrough(lane, batch);
    else this.keep(lane, batch, nowMs);
  }

  /** Sends on what nothing older can come before, and what has waited long enough. */
  release(nowMs: number): void {
    let limit = Number.POSITIVE_INFINITY;
    let expired = Number.NEGATIVE_INFINITY;
    let waiting = false;
    for (const lane of this.lanes) {
      limit = Math.min(limit, lane.safeNs);
      for (const block of lane.blocks) {
        waiting = true;
        if (block.arrivedMs + this.holdMs <= nowMs)
          expired = Math.max(expired, block.key[block.rows.count - 1] as number);
      }
    }
    if (waiting) this.emit(Math.max(limit, expired));
  }

  /** Sends on everything that waits, in order. */
  flush(): void {
    this.emit(Number.POSITIVE_INFINITY);
  }

  /** Forgets what waits and what went out. */
  clear(): void {
    for (const lane of this.lanes) {
      lane.blocks.length = 0;
      lane.key = Number.NEGATIVE_INFINITY;
    }
    this.lanes = this.lanes.filter((lane) => !this.leaving.has(lane));
    this.leaving.clear();
    this.late = 0;
    this.emitted = Number.NEGATIVE_INFINITY;
  }

  private isPassedThrough(lane: Lane): boolean {
    return this.lanes.length === 1 && lane.blocks.length === 0;
  }

  private passThrough(lane: Lane, batch: EntryBatch): void {
    const { count } = batch;
    for (let row = 0; row < count; row += ROWS_A_CALL) this.judge(lane, batch, row, Math.min(row + ROWS_A_CALL, count));
    this.sink(batch);
  }

  /** Flags those of rows `from..to-1` that come too late. */
  private judge(lane: Lane, batch: EntryBatch, from: number, to: number): void {
    const { timeNs } = batch;
    let { key } = lane;
    let { emitted } = this;
    for (let row = from; row < to; row++) {
      const time = timeNs[row] as number;
      if (time > key) key = time;
      if (key >= emitted) emitted = key;
      else this.flagLate(batch, row);
    }
    lane.key = key;
    this.emitted = emitted;
  }

  private flagLate(batch: EntryBatch, row: number): void {
    batch.flags[row] = (batch.flags[row] as number) | RowFlag.Late;
    this.late++;
  }

  private keep(lane: Lane, batch: EntryBatch, nowMs: number): void {
    const block = this.block(batch.count, batch.bytesUsed);
    const { rows, key } = block;
    copyBatch(batch, rows);
    let last = lane.key;
    for (let row = 0; row < batch.count; row++) {
      const time = batch.timeNs[row] as number;
      if (time > last) last = time;
      key[row] = last;
    }
    lane.key = last;
    block.head = 0;
    block.arrivedMs = nowMs;
    lane.blocks.push(block);
  }

  private block(rows: number, bytes: number): Block {
    const spare = this.spare.pop();
    if (spare !== undefined && spare.rows.capacity >= rows && spare.rows.bytes.length >= bytes) return spare;
    const batch = createEntryBatch(Math.max(BLOCK_ROWS, rows), Math.max(BLOCK_BYTES, bytes));
    return { rows: batch, key: new Float64Array(batch.capacity), head: 0, arrivedMs: 0 };
  }

  /** Sends on the rows with keys up to `limit`. */
  private emit(limit: number): void {
    for (;;) {
      // The lane whose next row is the smallest, and how far it may go before another has its turn.
      let next: Lane | null = null;
      let nextKey = Number.POSITIVE_INFINITY;
      let rivalKey = Number.POSITIVE_INFINITY;
      let rivalSource = Number.POSITIVE_INFINITY;
      for (const lane of this.lanes) {
        const block = lane.blocks[0];
        if (block === undefined) continue;
        const key = block.key[block.head] as number;
        // Lanes are in the order of their sources: of equal keys the first one found comes first.
        if (next === null || key < nextKey) {
          if (next !== null) {
            rivalKey = nextKey;
            rivalSource = next.source;
          }
          next = lane;
          nextKey = key;
        } else if (key < rivalKey) {
          rivalKey = key;
          rivalSource = lane.source;
        }
      }
      if (next === null || nextKey > limit) break;
      this.emitRun(next, limit, rivalKey, rivalSource);
    }
    this.send();
  }

  private emitRun(lane: Lane, limit: number, rivalKey: number, rivalSource: number): void {
    const block = lane.blocks[0] as Block;
    const { rows, key } = block;
    let row = block.head;
    for (; row < rows.count; row++) {
      const rowKey = key[row] as number;
      if (rowKey > limit || rowKey > rivalKey || (rowKey === rivalKey && lane.source > rivalSource)) break;
      if (rowKey >= this.emitted) this.emitted = rowKey;
      else this.flagLate(rows, row);
      this.addRow(rows, row);
    }
    block.head = row;
    if (row < rows.count) return;
    lane.blocks.shift();
    if (this.spare.length < SPARE_BLOCKS) this.spare.push(block);
    if (lane.blocks.length === 0 && this.leaving.delete(lane))
      this.lanes = this.lanes.filter((other) => other !== lane);
  }

  private addRow(rows: EntryBatch, row: number): void {
    const length = rows.dataLength[row] as number;
    let out = this.out ?? this.outFor(length);
    if (out.count === out.capacity || out.bytesUsed + length + 4 > out.bytes.length) {
      this.send();
      out = this.outFor(length);
    }
    const at = out.count++;
    copyRow(rows, row, out, at);
    out.dataStart[at] = length === 0 ? 0 : out.bytesUsed;
    const start = rows.dataStart[row] as number;
    out.bytes.set(rows.bytes.subarray(start, start + length), out.bytesUsed);
    out.bytesUsed += (length + 3) & ~3;
  }

  private outFor(length: number): EntryBatch {
    if (this.out === null || this.out.bytes.length < length + 4) {
      this.out = createEntryBatch(OUT_ROWS, Math.max(OUT_BYTES, length + 4));
    }
    return this.out;
  }

  private send(): void {
    const { out } = this;
    if (out === null || out.count === 0) return;
    this.sink(out);
    out.count = 0;
    out.bytesUsed = 0;
  }
}

function copyBatch(from: EntryBatch, to: EntryBatch): void {
  const { count, bytesUsed } = from;
  for (const name of COLUMN_NAMES) to[name].set(from[name].subarray(0, count));
  to.dataStart.set(from.dataStart.subarray(0, count));
  to.dataLength.set(from.dataLength.subarray(0, count));
  to.bytes.set(from.bytes.subarray(0, bytesUsed));
  to.count = count;
  to.bytesUsed = bytesUsed;
}

/** Every column (columns.ts) but the place of the payload; this runs for every row of several sources. */
function copyRow(from: EntryBatch, row: number, to: EntryBatch, at: number): void {
  to.kind[at] = from.kind[row] as number;
  to.index[at] = from.index[row] as number;
  to.timeNs[at] = from.timeNs[row] as number;
  to.cpu[at] = from.cpu[row] as number;
  to.level[at] = from.level[row] as number;
  to.flags[at] = from.flags[row] as number;
  to.type[at] = from.type[row] as number;
  to.origin[at] = from.origin[row] as number;
  to.pid[at] = from.pid[row] as number;
  to.remarks[at] = from.remarks[row] as number;
  to.source[at] = from.source[row] as number;
  to.event[at] = from.event[row] as number;
  to.dataLength[at] = from.dataLength[row] as number;
}
