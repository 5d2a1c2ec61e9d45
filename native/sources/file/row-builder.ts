/**
 * Collects the records of a file in a batch. The newest record stays open until the next one begins, because the
 * following lines may continue its message.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import { COLUMN_NAMES } from '../../core/columns.ts';
import { createEntryBatch, type EntryBatch, Level, RowFlag, RowKind } from '../../core/entry.ts';
import { NO_LEVEL, type ParsedLine } from './line-format.ts';
import { MOST_LINE_BYTES } from './lines.ts';

const BATCH_ROWS = 8192;
const BATCH_BYTES = 2 * 1024 * 1024;
/** The farthest that a record can be from the begin of a file, in nanoseconds: the range of a date. */
const MOST_TIME_NS = 7e21;
const LF = 10;
const encoder = new TextEncoder();

export class RowBuilder {
  /** Rows handed on. */
  rows = 0;
  private readonly batch: EntryBatch = createEntryBatch(BATCH_ROWS, BATCH_BYTES);
  private readonly sink: BatchSink;
  private number: number;

  /** `number`: the index after which the records are numbered. */
  constructor(sink: BatchSink, number = 0) {
    this.sink = sink;
    this.number = number;
  }

  /** Index of the newest record; 0 before the first. */
  get lastIndex(): number {
    return this.number;
  }

  /** Begins a record with a line of `bytes`, at `timeNs`. If the file gives no numbers, records are numbered from 1. */
  add(line: ParsedLine, timeNs: number, bytes: Uint8Array): void {
    const text = line.text ?? bytes;
    const start = line.text === null ? line.textStart : 0;
    const end = line.text === null ? line.textEnd : line.text.length;
    // The columns have no place for a process name without a pid, so the name is put before the message.
    const prefix = line.process !== null && line.pid === 0 ? encoder.encode(`${line.process}: `) : null;
    const prefixBytes = prefix?.length ?? 0;
    const length = Math.min(end - start + prefixBytes, MOST_LINE_BYTES);
    this.makeRoom(length);
    const { batch } = this;
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

  /**
   * Appends a line to the message of the newest record: after a line break, or without one if it is another `part` of
   * the same line. False if there is no record, or if its message would become longer than a row can hold.
   */
  append(bytes: Uint8Array, start: number, end: number, part: boolean): boolean {
    const { batch } = this;
    if (batch.count === 0 || batch.kind[batch.count - 1] !== RowKind.Entry) return false;
    const gap = part ? 0 : 1;
    const more = end - start + gap;
    if ((batch.dataLength[batch.count - 1] as number) + more > MOST_LINE_BYTES) return false;
    if (batch.bytesUsed + more + 4 > batch.bytes.length) this.flushComplete();
    const row = batch.count - 1;
    const length = batch.dataLength[row] as number;
    const at = (batch.dataStart[row] as number) + length;
    if (gap === 1) batch.bytes[at] = LF;
    copy(bytes, start, end, batch.bytes, at + gap);
    batch.dataLength[row] = length + more;
    batch.bytesUsed = ((batch.dataStart[row] as number) + length + more + 3) & ~3;
    return true;
  }

  /** Hands on every record, the newest included. */
  flush(): void {
    const { batch } = this;
    if (batch.count === 0) return;
    this.rows += batch.count;
    this.sink(batch);
    batch.count = 0;
    batch.bytesUsed = 0;
  }

  /** Hands on every record but the newest, which may go on. */
  flushComplete(): void {
    const { batch } = this;
    const last = batch.count - 1;
    if (last <= 0) return;
    batch.count = last;
    const start = batch.dataStart[last] as number;
    const used = batch.bytesUsed;
    this.rows += last;
    this.sink(batch);
    for (const name of COLUMN_NAMES) batch[name][0] = batch[name][last] as number;
    batch.dataLength[0] = batch.dataLength[last] as number;
    batch.bytes.copyWithin(0, start, used);
    batch.dataStart[0] = 0;
    batch.bytesUsed = used - start;
    batch.count = 1;
  }

  private makeRoom(bytes: number): void {
    const { batch } = this;
    if (batch.count === BATCH_ROWS || batch.bytesUsed + bytes + 4 > batch.bytes.length) this.flush();
  }
}

/** For short messages, copying byte by byte is faster than creating a view to copy from. */
function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 48) {
    to.set(from.subarray(start, end), at);
    return;
  }
  for (let place = start, target = at; place < end; place++, target++) to[target] = from[place] as number;
}
