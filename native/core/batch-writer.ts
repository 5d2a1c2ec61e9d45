/**
 * Fills one EntryBatch with rows that the merge releases, and hands it on whenever it is full. The only code that
 * copies payloads into a batch.
 */
import { createEntryBatch, type EntryBatch, RowFlag, RowKind } from './entry.ts';
import { RV } from './layout.ts';
import type { CpuRun } from './run.ts';
import { TWO_32 } from './u64.ts';

const HEADER_WORDS = RV.RECORD_HEADER_BYTES / 4;
/** From here on one call of the engine's block copy is cheaper than a loop over words. */
const BLOCK_COPY_WORDS = 96;
const MAX_U32 = 0xffffffff;

export type BatchSink = (batch: EntryBatch) => void;

/** Says which causes explain `lost` more losses of a CPU, as a bit mask over LOSS_CAUSES. */
export type LossExplainer = (cpu: number, lost: number) => number;

export class BatchWriter {
  readonly batch: EntryBatch;
  readonly #words: Uint32Array;
  readonly #startHi: number;
  readonly #startLo: number;
  readonly #nsPerTick: number;
  readonly #explain: LossExplainer;
  #sink: BatchSink = () => {};
  /** Rows handed on since `begin`. */
  rows = 0;

  /** `bytes` must hold the longest record. Times are relative to the clock value (startHi,startLo). */
  constructor(
    rows: number,
    bytes: number,
    startHi: number,
    startLo: number,
    clockFrequency: number,
    explain: LossExplainer,
  ) {
    this.batch = createEntryBatch(rows, bytes);
    this.#words = new Uint32Array(this.batch.bytes.buffer, 0, this.batch.bytes.length >>> 2);
    this.#startHi = startHi;
    this.#startLo = startLo;
    this.#nsPerTick = 1e9 / clockFrequency;
    this.#explain = explain;
  }

  begin(sink: BatchSink): void {
    this.#sink = sink;
    this.rows = 0;
  }

  /** Hands on what is there, if anything, and forgets the sink. */
  end(): void {
    this.#flush();
    this.#sink = () => {};
  }

  /** Adds row `row` of `run`: the marker of what was lost before it, then the entry if there is one. */
  add(run: CpuRun, row: number, late: boolean): void {
    const { words } = run;
    const at = run.offset[row] as number;
    const lost = run.lost[row] as number;
    const tag = words[at + 1] as number;
    const length = words[at] as number;
    if (this.batch.count + 2 > this.batch.capacity || this.batch.bytesUsed + length + 4 > this.batch.bytes.length) {
      this.#flush();
    }
    const { batch } = this;
    const ticks = ((words[at + 3] as number) - this.#startHi) * TWO_32 + ((words[at + 2] as number) - this.#startLo);
    const timeNs = ticks > 0 ? ticks * this.#nsPerTick : 0;
    const index = (words[at + 5] as number) * TWO_32 + (words[at + 4] as number);
    if (lost > 0) this.#addGap(run, lost, index, timeNs);
    if (((tag >>> 16) & 0xff) !== RV.KIND_RECORD) return;

    const slot = batch.count++;
    const start = batch.bytesUsed;
    const typeAndSource = words[at + 9] as number;
    batch.kind[slot] = RowKind.Entry;
    batch.index[slot] = index;
    batch.timeNs[slot] = timeNs;
    batch.cpu[slot] = tag;
    batch.level[slot] = tag >>> 24;
    batch.flags[slot] = late ? (words[at + 11] as number) | RowFlag.Late : (words[at + 11] as number);
    batch.type[slot] = typeAndSource;
    batch.origin[slot] = typeAndSource >>> 16;
    batch.pid[slot] = words[at + 8] as number;
    batch.remarks[slot] = words[at + 10] as number;
    batch.dataStart[slot] = start;
    batch.dataLength[slot] = length;

    const count = (length + 3) >>> 2;
    const from = at + HEADER_WORDS;
    const to = start >>> 2;
    const target = this.#words;
    if (count > BLOCK_COPY_WORDS) target.set(words.subarray(from, from + count), to);
    else for (let i = 0; i < count; i++) target[to + i] = words[from + i] as number;
    batch.bytesUsed = start + count * 4;

    if (run.delivered++ === 0) run.firstIndex = index;
    run.lastIndex = index;
    if (late) run.late++;
  }

  #addGap(run: CpuRun, lost: number, index: number, timeNs: number): void {
    const { batch } = this;
    const slot = batch.count++;
    batch.kind[slot] = RowKind.Gap;
    batch.index[slot] = index;
    batch.timeNs[slot] = timeNs;
    batch.cpu[slot] = run.cpu;
    batch.level[slot] = 0;
    batch.flags[slot] = 0;
    batch.type[slot] = this.#explain(run.cpu, lost);
    batch.origin[slot] = 0;
    batch.pid[slot] = 0;
    batch.remarks[slot] = Math.min(lost, MAX_U32);
    batch.dataStart[slot] = 0;
    batch.dataLength[slot] = 0;
    run.deliveredLost += lost;
  }

  #flush(): void {
    const { batch } = this;
    if (batch.count === 0) return;
    this.rows += batch.count;
    this.#sink(batch);
    batch.count = 0;
    batch.bytesUsed = 0;
  }
}
