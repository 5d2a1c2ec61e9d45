/**
 * Puts the rows of several sources into one clock order. Each source has a lane with a promise: nothing older than its
 * safe time will come. Rows up to the smallest promise are released, smallest (time, source) first, and each source's
 * own order is kept. A row waits for another source at most for the hold time; a row released after a later one is
 * flagged late.
 *
 * With one source nothing is copied: its batches pass through as they are, and it may fill leased batches of the
 * receiver.
 *
 * A source orders its rows by index, so its times may step back a little where the clocks of CPUs differ. Therefore a
 * row's key is the largest time of its source so far.
 *
 * source-merger-plain.ts says the same in a few lines, and tests compare the two.
 */
import { COLUMN_NAMES } from '../../../native/core/columns.ts';
import { type BatchLease, createEntryBatch, type EntryBatch, RowFlag } from '../../../native/core/entry.ts';
import { ROWS_A_CALL } from '../store/slice.ts';

/** How long a row waits for other sources, milliseconds. */
export const HOLD_MS = 50;

const OUT_ROWS = 8192;
const OUT_BYTES = 1 << 20;
/** The smallest size of a block, so that blocks can be reused. */
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
  /** The largest time of this source so far, on the common time base: rows that come are ordered as if none was older. */
  key = Number.NEGATIVE_INFINITY;
  /** @internal No row older than this will come; on the common time base. */
  safeNs = Number.POSITIVE_INFINITY;
  /** @internal Rows that wait. */
  readonly blocks: Block[] = [];

  constructor(source: number) {
    this.source = source;
  }
}

export class SourceMerger {
  /** Rows that were flagged late because of another source, since the last clear. */
  late = 0;
  private readonly sink: (batch: EntryBatch) => void;
  private readonly lease: BatchLease | null;
  /** How long a row waits for other sources at most, milliseconds; Infinity: until they are known not to have an older one. */
  holdMs: number;
  /** In the order of their sources. */
  private lanes: Lane[] = [];
  /** Lanes that were removed, but still have rows waiting. */
  private readonly leaving = new Set<Lane>();
  /** Key of the latest row that was released. */
  private emitted = Number.NEGATIVE_INFINITY;
  private out: EntryBatch | null = null;
  private spare: Block[] = [];

  /**
   * The batch given to `sink` has its `source` filled and its times on the common base; it is valid during the call.
   * `lease` gives batches in the memory to which `sink` would otherwise copy them.
   */
  constructor(sink: (batch: EntryBatch) => void, holdMs = HOLD_MS, lease: BatchLease | null = null) {
    this.sink = sink;
    this.lease = lease;
    this.holdMs = holdMs;
  }

  /** Opens a lane for `source`. Until it promises a time, it delays nobody. */
  add(source: number): Lane {
    const lane = new Lane(source);
    this.lanes.push(lane);
    this.lanes.sort((a, b) => a.source - b.source);
    return lane;
  }

  /** No more rows will come in this lane; those that wait are still released in order. */
  remove(lane: Lane): void {
    lane.safeNs = Number.POSITIVE_INFINITY;
    if (lane.blocks.length === 0) this.lanes = this.lanes.filter((other) => other !== lane);
    else this.leaving.add(lane);
  }

  /** True while rows wait for other sources: call `release` again soon. */
  get holding(): boolean {
    return this.lanes.some((lane) => lane.blocks.length > 0);
  }

  /**
   * States that nothing older than `safeNs` on the common base will be pushed to this lane; Infinity means that it
   * delays nobody.
   */
  promise(lane: Lane, safeNs: number): void {
    lane.safeNs = safeNs;
  }

  /**
   * The lease to give to a source that is about to push to this lane; null if its rows would have to wait and so be
   * copied.
   */
  leaseFor(lane: Lane): BatchLease | null {
    return this.isPassedThrough(lane) ? this.lease : null;
  }

  /** Takes the rows of a batch. `offsetNs` is added to its times in place, which moves them to the common base. */
  push(lane: Lane, batch: EntryBatch, offsetNs: number, nowMs: number): void {
    const { count, timeNs } = batch;
    if (count === 0) return;
    if (offsetNs !== 0) for (let row = 0; row < count; row++) timeNs[row] = (timeNs[row] as number) + offsetNs;
    if (lane.source !== 0 || batch.source[0] !== 0) batch.source.fill(lane.source, 0, count);
    if (this.isPassedThrough(lane)) this.passThrough(lane, batch);
    else this.keep(lane, batch, nowMs);
  }

  /** Releases rows that no older row can precede any more, and rows that have waited long enough. */
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

  /** Releases everything that waits, in order. */
  flush(): void {
    this.emit(Number.POSITIVE_INFINITY);
  }

  /** Discards what waits, and forgets what was released. */
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

  /** Flags late rows among `from..to-1`. */
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

  /** One that was late within its own source is counted there. */
  private flagLate(batch: EntryBatch, row: number): void {
    const flags = batch.flags[row] as number;
    if ((flags & RowFlag.Late) !== 0) return;
    batch.flags[row] = flags | RowFlag.Late;
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

  /** Releases the rows with keys up to `limit`. */
  private emit(limit: number): void {
    for (;;) {
      // Find the lane whose next row is the smallest, and how far it may go before another lane has its turn.
      let next: Lane | null = null;
      let nextKey = Number.POSITIVE_INFINITY;
      let rivalKey = Number.POSITIVE_INFINITY;
      let rivalSource = Number.POSITIVE_INFINITY;
      for (const lane of this.lanes) {
        const block = lane.blocks[0];
        if (block === undefined) continue;
        const key = block.key[block.head] as number;
        // Lanes are in the order of their sources, so of equal keys the first one found is the right one.
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

/**
 * Copies every column (columns.ts) except the place of the payload. Written out, because it runs for every row of
 * several sources.
 */
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
  to.tid[at] = from.tid[row] as number;
  to.remarks[at] = from.remarks[row] as number;
  to.source[at] = from.source[row] as number;
  to.event[at] = from.event[row] as number;
  to.dataLength[at] = from.dataLength[row] as number;
}
