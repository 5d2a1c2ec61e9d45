/**
 * Fills batches with the rows that the merge releases, and hands each batch on when it is full. This is the only code
 * that copies payloads into a batch. The batch is either the writer's own or one leased from the store that keeps the
 * rows; with a leased one, payloads are copied only once.
 */
import {
  type BatchLease,
  createEntryBatch,
  type EntryBatch,
  IRQL_SHIFT,
  RECORD_FLAGS,
  RowFlag,
  RowKind,
} from './entry.ts';
import { RECORD, RV } from './layout.ts';
import { PLACE_CPU_SHIFT, PLACE_ROW_MASK } from './merge-dense.ts';
import type { CpuRun } from './run.ts';
import { STACK_TEXT_BYTES, writeStackText } from './stack-text.ts';
import { TWO_32 } from './u64.ts';

/** Bits of the last word of a header: how many return addresses lie between it and the data. */
const FRAMES = 0xff00;
const WRITER_KNOWN = RowFlag.Thread | RowFlag.Irql;
/** From this length on, one call of the engine's block copy is cheaper than a loop. */
const BLOCK_COPY_BYTES = 384;
/**
 * Free bytes that a batch keeps behind its last payload, because payloads are copied in whole blocks that may reach
 * beyond their end. The arena of a run has a larger margin.
 */
const MARGIN = 32;
const MAX_U32 = 0xffffffff;

export type BatchSink = (batch: EntryBatch) => void;

/** Says which causes explain `lost` further losses of a CPU, as a bit mask over LOSS_CAUSES. */
export type LossExplainer = (cpu: number, lost: number) => number;

export class BatchWriter {
  private readonly own: EntryBatch;
  private readonly startHi: number;
  private readonly startLo: number;
  private readonly nsPerTick: number;
  private readonly explain: LossExplainer;
  private readonly headerWords: number;
  /** Whether records say by which thread and at which IRQL they were written. */
  private readonly namesThread: boolean;
  private batch: EntryBatch;
  /**
   * The batch's arena as 64-bit words. When a word is read from one BigUint64Array and stored to another, the engine
   * keeps it in a register and creates no bigint. This takes half the time of copying 32-bit words, and unlike with
   * doubles no bits can change on the way.
   */
  private quads: BigUint64Array;
  private sink: BatchSink = () => {};
  private lease: BatchLease | null = null;
  /** Marks the CPUs whose last index noteLastIndices has found. */
  private noted = new Uint8Array(0);
  /** Rows handed on since `begin`. */
  rows = 0;

  /**
   * `bytes` must hold the longest record and STACK_TEXT_BYTES. Times are relative to the clock value (startHi,startLo). `headerBytes`: of the
   * records' layout version.
   */
  constructor(
    rows: number,
    bytes: number,
    startHi: number,
    startLo: number,
    clockFrequency: number,
    explain: LossExplainer,
    headerBytes: number = RV.RECORD_HEADER_BYTES,
  ) {
    this.own = createEntryBatch(rows, bytes + MARGIN);
    this.batch = this.own;
    this.quads = quadsOf(this.own);
    this.startHi = startHi;
    this.startLo = startLo;
    this.nsPerTick = 1e9 / clockFrequency;
    this.explain = explain;
    this.headerWords = headerBytes / 4;
    this.namesThread = headerBytes > RECORD.tid;
  }

  /** From here on rows go to `sink`. They are written into leased batches for as long as `lease` gives any. */
  begin(sink: BatchSink, lease: BatchLease | null = null): void {
    this.sink = sink;
    this.lease = lease;
    this.rows = 0;
    // Starts without room, so that the first row asks for a lease. A batch leased before there is a row might never be
    // handed on.
    if (lease !== null) this.use(NONE);
  }

  /** Hands on what is there, if anything, and forgets the sink. */
  end(): void {
    this.flush();
    this.sink = () => {};
    this.lease = null;
    if (this.batch !== this.own) this.use(this.own);
  }

  /**
   * Adds row `row` of `run`: first the marker of the loss before it, if records were lost there, then the entry, if the
   * row is one.
   */
  add(run: CpuRun, row: number, late: boolean): void {
    const { words } = run;
    const at = run.offset[row] as number;
    const lost = run.lost[row] as number;
    const tag = words[at + 1] as number;
    const isRecord = ((tag >>> 16) & 0xff) === RV.KIND_RECORD;
    let length = isRecord ? (words[at] as number) : 0;
    let flags = (words[at + 11] as number) & RECORD_FLAGS;
    let tid = 0;
    let skipped = 0;
    if (this.namesThread && isRecord) {
      const writer = words[at + 13] as number;
      tid = words[at + 12] as number;
      flags |= WRITER_KNOWN | ((writer & 15) << IRQL_SHIFT);
      skipped = ((writer & FRAMES) >>> 8) * 8;
      // More return addresses than there is data: nonsense, so all of it is data.
      if (skipped > length) skipped = 0;
      length -= skipped;
    }
    const typeAndOrigin = words[at + 9] as number;
    // What is data of other types stays what its writer gave.
    const isTold = skipped !== 0 && (typeAndOrigin & 0xffff) === RV.TYPE_TEXT;
    this.makeRoom(2, length + (isTold ? STACK_TEXT_BYTES : 0) + MARGIN);
    const batch = this.batch;
    const ticks = ((words[at + 3] as number) - this.startHi) * TWO_32 + ((words[at + 2] as number) - this.startLo);
    const timeNs = ticks > 0 ? ticks * this.nsPerTick : 0;
    const index = (words[at + 5] as number) * TWO_32 + (words[at + 4] as number);
    if (lost > 0) this.addGap(run, lost, index, timeNs);
    if (!isRecord) return;

    const slot = batch.count++;
    const start = batch.bytesUsed;
    batch.kind[slot] = RowKind.Entry;
    batch.index[slot] = index;
    batch.timeNs[slot] = timeNs;
    batch.cpu[slot] = tag;
    batch.level[slot] = tag >>> 24;
    batch.flags[slot] = late ? flags | RowFlag.Late : flags;
    batch.type[slot] = typeAndOrigin;
    batch.origin[slot] = typeAndOrigin >>> 16;
    batch.pid[slot] = words[at + 8] as number;
    batch.tid[slot] = tid;
    batch.remarks[slot] = words[at + 10] as number;
    batch.dataStart[slot] = start;

    const count = (length + 7) >>> 3;
    const from = (at + this.headerWords + (skipped >>> 2)) >>> 1;
    const to = start >>> 3;
    const { quads } = run;
    const target = this.quads;
    if (length > BLOCK_COPY_BYTES) target.set(quads.subarray(from, from + count), to);
    else for (let i = 0; i < count; i++) target[to + i] = quads[from + i] as bigint;
    let end = start + length;
    if (isTold) end = writeStackText(batch.bytes, start, end, words, at + this.headerWords, skipped >>> 3);
    batch.dataLength[slot] = end - start;
    batch.bytesUsed = (end + 7) & ~7;

    if (run.delivered++ === 0) run.firstIndex = index;
    run.lastIndex = index;
    if (late) run.late++;
  }

  /**
   * Adds the rows of `places[from..to-1]` (merge-dense.ts) in that order; none of them is late. The result is the same
   * as calling `add` for each. Plain records are faster here, because their columns are written first and their
   * payloads second; all other rows go through `add`. Call `noteLastIndices` once the whole window was added.
   */
  addPlaced(runs: readonly CpuRun[], places: Int32Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      at = this.addPlain(runs, places, at, to);
      if (at === to) break;
      const place = places[at++] as number;
      this.add(runs[place >>> PLACE_CPU_SHIFT] as CpuRun, (place & PLACE_ROW_MASK) - 1, false);
    }
  }

  /**
   * Adds plain records until a row needs `add`; returns that row's place, or `to`. Calls no function within the loop,
   * so that the engine can keep what it knows of the arrays.
   */
  private addPlain(runs: readonly CpuRun[], places: Int32Array, from: number, to: number): number {
    const batch = this.batch;
    const { kind, index, timeNs, cpu, level, flags, type, origin, pid, tid, remarks, dataStart, dataLength } = batch;
    const target = this.quads;
    const { headerWords, namesThread } = this;
    // Of records of a layout without them, these words are data, and are masked away.
    const ofWriter = namesThread ? -1 : 0;
    const known = namesThread ? WRITER_KNOWN : 0;
    const startHi = this.startHi;
    const startLo = this.startLo;
    const nsPerTick = this.nsPerTick;
    const lastRow = batch.capacity - 2;
    const lastByte = batch.bytes.length - MARGIN;
    let slot = batch.count;
    let start = batch.bytesUsed;
    let at = from;
    for (; at < to; at++) {
      const place = places[at] as number;
      if (place === 0) continue;
      const run = runs[place >>> PLACE_CPU_SHIFT] as CpuRun;
      const row = (place & PLACE_ROW_MASK) - 1;
      const { words } = run;
      const word = run.offset[row] as number;
      const length = words[word] as number;
      const tag = words[word + 1] as number;
      const writer = (words[word + 13] as number) & ofWriter;
      if (
        slot > lastRow ||
        start + length > lastByte ||
        length > BLOCK_COPY_BYTES ||
        ((tag >>> 16) & 0xff) !== RV.KIND_RECORD ||
        run.lost[row] !== 0 ||
        (writer & FRAMES) !== 0 ||
        run.delivered === 0
      ) {
        break;
      }
      const ticks = ((words[word + 3] as number) - startHi) * TWO_32 + ((words[word + 2] as number) - startLo);
      const typeAndOrigin = words[word + 9] as number;
      index[slot] = (words[word + 5] as number) * TWO_32 + (words[word + 4] as number);
      timeNs[slot] = ticks > 0 ? ticks * nsPerTick : 0;
      cpu[slot] = tag;
      level[slot] = tag >>> 24;
      flags[slot] = ((words[word + 11] as number) & RECORD_FLAGS) | known | ((writer & 15) << IRQL_SHIFT);
      type[slot] = typeAndOrigin;
      origin[slot] = typeAndOrigin >>> 16;
      pid[slot] = words[word + 8] as number;
      tid[slot] = (words[word + 12] as number) & ofWriter;
      remarks[slot] = words[word + 10] as number;
      dataStart[slot] = start;
      dataLength[slot] = length;
      slot++;
      const { quads } = run;
      let source = (word + headerWords) >>> 1;
      let into = start >>> 3;
      start += (length + 7) & ~7;
      const end = start >>> 3;
      // Copies four words at a time, also at the end. What is written beyond the payload is overwritten by the next
      // one, or falls into the margin.
      while (into < end) {
        target[into] = quads[source] as bigint;
        target[into + 1] = quads[source + 1] as bigint;
        target[into + 2] = quads[source + 2] as bigint;
        target[into + 3] = quads[source + 3] as bigint;
        into += 4;
        source += 4;
      }
      run.delivered++;
    }
    kind.fill(RowKind.Entry, batch.count, slot);
    batch.count = slot;
    batch.bytesUsed = start;
    return at;
  }

  /**
   * Sets `lastIndex` of the runs once a window rather than once a row: writing a field that may be null costs an
   * allocation each time.
   */
  noteLastIndices(runs: readonly CpuRun[], places: Int32Array, end: number): void {
    let left = runs.length;
    if (this.noted.length < left) this.noted = new Uint8Array(left);
    this.noted.fill(0);
    for (let at = end - 1; at >= 0 && left > 0; at--) {
      const place = places[at] as number;
      const cpu = place >>> PLACE_CPU_SHIFT;
      if (place === 0 || this.noted[cpu] !== 0) continue;
      const run = runs[cpu] as CpuRun;
      const word = run.offset[(place & PLACE_ROW_MASK) - 1] as number;
      if ((((run.words[word + 1] as number) >>> 16) & 0xff) !== RV.KIND_RECORD) continue;
      this.noted[cpu] = 1;
      left--;
      run.lastIndex = (run.words[word + 5] as number) * TWO_32 + (run.words[word + 4] as number);
    }
  }

  private addGap(run: CpuRun, lost: number, index: number, timeNs: number): void {
    const batch = this.batch;
    const slot = batch.count++;
    batch.kind[slot] = RowKind.Gap;
    batch.index[slot] = index;
    batch.timeNs[slot] = timeNs;
    batch.cpu[slot] = run.cpu;
    batch.level[slot] = 0;
    batch.flags[slot] = 0;
    batch.type[slot] = this.explain(run.cpu, lost);
    batch.origin[slot] = 0;
    batch.pid[slot] = 0;
    batch.tid[slot] = 0;
    batch.remarks[slot] = Math.min(lost, MAX_U32);
    batch.dataStart[slot] = 0;
    batch.dataLength[slot] = 0;
    run.deliveredLost += lost;
  }

  /**
   * Ensures that the batch has room for `rows` rows and `bytes` payload bytes. If it has not, it is handed on and
   * replaced or emptied.
   */
  private makeRoom(rows: number, bytes: number): void {
    const batch = this.batch;
    if (batch.count + rows <= batch.capacity && batch.bytesUsed + bytes <= batch.bytes.length) return;
    this.flush();
    if (this.lease === null) return;
    const next = this.lease(rows, bytes) ?? this.own;
    if (next !== this.batch) this.use(next);
  }

  private use(batch: EntryBatch): void {
    this.batch = batch;
    this.quads = quadsOf(batch);
  }

  private flush(): void {
    const batch = this.batch;
    if (batch.count === 0) return;
    this.rows += batch.count;
    this.sink(batch);
    batch.count = 0;
    batch.bytesUsed = 0;
  }
}

/** A batch without any room, in place until the first lease. */
const NONE = createEntryBatch(0, 0);

function quadsOf({ bytes }: EntryBatch): BigUint64Array {
  return new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 3);
}
