/**
 * Collects the records of a file in a batch. The newest record stays open until the next one begins, because the
 * following lines may continue its message.
 *
 * Between `begin` and the next flush, rows are written into leased batches, so that nobody has to copy them; the newest
 * record, which stays behind when a batch is handed on, waits in the builder's own batch.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import { COLUMN_NAMES } from '../../core/columns.ts';
import { type BatchLease, createEntryBatch, type EntryBatch, Level, RowFlag, RowKind } from '../../core/entry.ts';
import { NO_LEVEL, type ParsedLine } from './line-format.ts';
import { characterStart, MOST_LINE_BYTES } from './lines.ts';

const BATCH_ROWS = 8192;
const BATCH_BYTES = 2 * 1024 * 1024;
/** The farthest that a record can be from the begin of a file, in nanoseconds: the range of a date. */
export const MOST_TIME_NS = 7e21;
/** Free bytes behind the payloads of a batch, for a payload is followed by padding. */
const MARGIN = 4;
/** From so many rows on, filling columns is faster than setting the values of each row. */
const FEW_ROWS = 16;
const LF = 10;
const encoder = new TextEncoder();

export class RowBuilder {
  /** Rows handed on. */
  rows = 0;
  private readonly own: EntryBatch = createEntryBatch(BATCH_ROWS, BATCH_BYTES);
  private current: EntryBatch = this.own;
  /** The arena of the current batch as words. */
  private currentWords: Uint32Array = wordsOf(this.own);
  private lease: BatchLease | null = null;
  /** The next record is to begin a leased batch. */
  private wantsLease = false;
  private readonly sink: BatchSink;
  private number: number;
  private leftBytes = 0;

  /** `number`: the index after which the records are numbered. */
  constructor(sink: BatchSink, number = 0) {
    this.sink = sink;
    this.number = number;
  }

  /** Until the next flush, rows are written into leased batches for as long as `lease` gives any. */
  begin(lease: BatchLease | null): void {
    this.lease = lease;
    this.wantsLease = lease !== null;
  }

  /** True if whoever writes rows by himself may do so into `batch`; otherwise the next `add` makes it so. */
  get open(): boolean {
    return !this.wantsLease;
  }

  /** Where rows go; whoever writes some by himself reports them to `wrote`. Its arena begins at a multiple of 8. */
  get batch(): EntryBatch {
    return this.current;
  }

  /** The arena of `batch` as words. */
  get words(): Uint32Array {
    return this.currentWords;
  }

  /**
   * Takes over records that were written into `batch` behind those it had: entries of which only index, time, process and
   * payload are known, and set. `bytesUsed`: up to where its arena is used now, a multiple of 4. The newest stays open, as
   * by `add`.
   */
  wrote(rows: number, bytesUsed: number): void {
    const { current: batch } = this;
    const from = batch.count;
    const to = from + rows;
    if (rows < FEW_ROWS) for (let row = from; row < to; row++) setUnknown(batch, row);
    else fillUnknown(batch, from, to);
    batch.count = to;
    batch.bytesUsed = bytesUsed;
    this.number = batch.index[to - 1] as number;
  }

  /** Index of the newest record; 0 before the first. */
  get lastIndex(): number {
    return this.number;
  }

  /** Bytes at the end of the newest message for which its row has no room. */
  get left(): number {
    return this.leftBytes;
  }

  /** Begins a record with a line of `bytes`, at `timeNs`. If the file gives no numbers, records are numbered from 1. */
  add(line: ParsedLine, timeNs: number, bytes: Uint8Array): void {
    const text = line.text ?? bytes;
    const start = line.text === null ? line.textStart : 0;
    const end = line.text === null ? line.textEnd : line.text.length;
    // The columns have no place for a process name without a pid, so the name is put before the message.
    const prefix = line.process !== null && line.pid === 0 ? encoder.encode(`${line.process}: `) : null;
    const prefixBytes = prefix?.length ?? 0;
    const room = Math.max(0, MOST_LINE_BYTES - prefixBytes);
    const taken = end - start > room ? characterStart(text, start + room, start) - start : end - start;
    const length = Math.min(prefixBytes, MOST_LINE_BYTES) + taken;
    this.leftBytes = end - start - taken;
    this.makeRoom(length);
    const { current: batch } = this;
    const row = batch.count++;
    this.number = Number.isNaN(line.index) ? this.number + 1 : line.index;
    batch.kind[row] = line.lost ? RowKind.Gap : RowKind.Entry;
    batch.index[row] = this.number;
    batch.timeNs[row] = Math.max(-MOST_TIME_NS, Math.min(MOST_TIME_NS, timeNs));
    batch.cpu[row] = line.cpu;
    batch.level[row] = line.level === NO_LEVEL ? Level.Info : line.level;
    const namesThread = !Number.isNaN(line.tid);
    batch.flags[row] = (line.late ? RowFlag.Late : 0) | (namesThread ? RowFlag.Thread : 0);
    batch.type[row] = line.type;
    batch.origin[row] = 0;
    batch.event[row] = line.event;
    batch.pid[row] = line.pid;
    batch.tid[row] = namesThread ? line.tid : 0;
    batch.remarks[row] = line.remarks;
    if (line.lost) {
      batch.dataStart[row] = 0;
      batch.dataLength[row] = 0;
      return;
    }
    batch.dataStart[row] = batch.bytesUsed;
    batch.dataLength[row] = length;
    if (prefix !== null) batch.bytes.set(prefix.subarray(0, length), batch.bytesUsed);
    const at = batch.bytesUsed + Math.min(prefixBytes, length);
    copy(text, start, start + length - Math.min(prefixBytes, length), batch.bytes, at);
    batch.bytesUsed += (length + 3) & ~3;
  }

  /** Bytes by which the message of the newest record may become longer; -1 if there is none, or it stands for a loss. */
  get room(): number {
    const { count, kind, dataLength } = this.current;
    if (count === 0 || kind[count - 1] !== RowKind.Entry) return -1;
    return MOST_LINE_BYTES - (dataLength[count - 1] as number);
  }

  /**
   * Appends to the message of the newest record, which has `room` for it: after a line break, or without one if it is
   * another `part` of the same line.
   */
  append(bytes: Uint8Array, start: number, end: number, part: boolean): void {
    const gap = part ? 0 : 1;
    const more = end - start + gap;
    if (this.current.bytesUsed + more + 4 > this.current.bytes.length) this.makeRoomForMore();
    const { current: batch } = this;
    const row = batch.count - 1;
    const length = batch.dataLength[row] as number;
    const at = (batch.dataStart[row] as number) + length;
    if (gap === 1) batch.bytes[at] = LF;
    copy(bytes, start, end, batch.bytes, at + gap);
    batch.dataLength[row] = length + more;
    batch.bytesUsed = ((batch.dataStart[row] as number) + length + more + 3) & ~3;
  }

  /** Hands on every record, the newest included. */
  flush(): void {
    this.handOn();
    this.begin(null);
    this.use(this.own);
  }

  /** Hands on every record but the newest, which may go on. */
  flushComplete(): void {
    this.handOnComplete();
    this.begin(null);
  }

  private makeRoom(bytes: number): void {
    const { current } = this;
    const full = current.count === current.capacity || current.bytesUsed + bytes + MARGIN > current.bytes.length;
    if (!full && !this.wantsLease) return;
    this.handOn();
    this.wantsLease = false;
    this.use(this.lease?.(1, bytes + MARGIN) ?? this.own);
  }

  /** Makes room for more of the newest record. */
  private makeRoomForMore(): void {
    this.handOnComplete();
    this.wantsLease = this.lease !== null;
  }

  private handOn(): void {
    const { current } = this;
    if (current.count === 0) return;
    this.rows += current.count;
    this.sink(current);
    current.count = 0;
    current.bytesUsed = 0;
  }

  /** Hands on all but the newest record, which is then the first of the builder's own batch. */
  private handOnComplete(): void {
    const { current, own } = this;
    const last = current.count - 1;
    if (last < 0) {
      this.use(own);
      return;
    }
    if (current !== own) {
      // What is leased is over once it is handed on.
      keepNewest(current, own);
      this.use(own);
      current.count = last;
      if (last === 0) return;
      this.rows += last;
      this.sink(current);
      return;
    }
    if (last === 0) return;
    current.count = last;
    const { bytesUsed } = current;
    this.rows += last;
    this.sink(current);
    current.count = last + 1;
    current.bytesUsed = bytesUsed;
    keepNewest(current, own);
  }

  private use(batch: EntryBatch): void {
    if (batch === this.current) return;
    this.current = batch;
    this.currentWords = wordsOf(batch);
  }
}

/** Makes the last row of a batch the only one of another, or of the same. */
function keepNewest(from: EntryBatch, to: EntryBatch): void {
  const last = from.count - 1;
  const start = from.dataStart[last] as number;
  const length = from.dataLength[last] as number;
  for (const name of COLUMN_NAMES) to[name][0] = from[name][last] as number;
  to.bytes.set(from.bytes.subarray(start, start + length));
  to.dataStart[0] = 0;
  to.dataLength[0] = length;
  to.bytesUsed = (length + 3) & ~3;
  to.count = 1;
}

/** Sets what is not known of a record, except its index, time, process and payload. */
function setUnknown(batch: EntryBatch, row: number): void {
  batch.kind[row] = RowKind.Entry;
  batch.cpu[row] = 0;
  batch.level[row] = Level.Info;
  batch.flags[row] = 0;
  batch.type[row] = 0;
  batch.origin[row] = 0;
  batch.event[row] = 0;
  batch.tid[row] = 0;
  batch.remarks[row] = 0;
}

/** `setUnknown` for many rows. */
function fillUnknown(batch: EntryBatch, from: number, to: number): void {
  batch.kind.fill(RowKind.Entry, from, to);
  batch.cpu.fill(0, from, to);
  batch.level.fill(Level.Info, from, to);
  batch.flags.fill(0, from, to);
  batch.type.fill(0, from, to);
  batch.origin.fill(0, from, to);
  batch.event.fill(0, from, to);
  batch.tid.fill(0, from, to);
  batch.remarks.fill(0, from, to);
}

function wordsOf({ bytes }: EntryBatch): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}

/** For short messages, copying byte by byte is faster than creating a view to copy from. */
function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 48) {
    to.set(from.subarray(start, end), at);
    return;
  }
  for (let place = start, target = at; place < end; place++, target++) to[target] = from[place] as number;
}
