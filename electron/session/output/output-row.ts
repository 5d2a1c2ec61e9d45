/**
 * The fields of a row as they are written to files, and runs of rows to read them from: from a batch on its way, or
 * from a stored segment.
 */
import { type EntryBatch, RowFlag, RowKind, tidOf } from '../../../native/core/entry.ts';
import type { Segment } from '../store/segment.ts';
import { lossText, payloadText } from '../text/text.ts';
import { NO_DELTAS, type RowDeltas } from '../view/row-deltas.ts';

/** The fields of one row. One object is reused for every row. */
export interface ExportRow {
  /** Number of the row in its session; -1 for one on its way, which has none. */
  row: number;
  kind: number;
  index: number;
  timeNs: number;
  /** NO_CPU for losses of several CPUs in one row. */
  cpu: number;
  level: number;
  /** 0 for a loss. */
  type: number;
  remarks: number;
  pid: number;
  /** Null if the source does not say which thread it was. */
  tid: number | null;
  /** Number of the source. */
  source: number;
  /** Number of the names of its event; 0 without. */
  event: number;
  text: string;
  /** The bytes from which `text` was made; valid until the row is filled again. Empty for a loss. */
  payload: Uint8Array;
  late: boolean;
  /** Number of its origin; filled for copies alone. */
  origin: number;
  /** How long it came after others in the table it is copied from, nanoseconds; null where nobody asks. */
  deltaNs: number | null;
  cpuDeltaNs: number | null;
}

export const NO_CPU = -1;

export function createExportRow(): ExportRow {
  return {
    row: -1,
    kind: 0,
    index: 0,
    timeNs: 0,
    cpu: 0,
    level: 0,
    type: 0,
    remarks: 0,
    pid: 0,
    tid: null,
    source: 0,
    event: 0,
    text: '',
    payload: new Uint8Array(0),
    late: false,
    origin: 0,
    deltaNs: null,
    cpuDeltaNs: null,
  };
}

export const isLoss = (row: ExportRow): boolean => row.kind === RowKind.Gap;

export function readBatchRow(batch: EntryBatch, at: number, row: ExportRow): void {
  row.row = -1;
  row.kind = batch.kind[at] as number;
  row.index = batch.index[at] as number;
  row.timeNs = batch.timeNs[at] as number;
  row.cpu = batch.cpu[at] as number;
  row.level = batch.level[at] as number;
  row.remarks = batch.remarks[at] as number;
  row.source = batch.source[at] as number;
  row.event = batch.event[at] as number;
  row.pid = batch.pid[at] as number;
  const flags = batch.flags[at] as number;
  row.tid = tidOf(batch.tid[at] as number, flags);
  row.late = (flags & RowFlag.Late) !== 0;
  const start = batch.dataStart[at] as number;
  const payload = batch.bytes.subarray(start, start + (batch.dataLength[at] as number));
  fillText(row, batch.type[at] as number, payload);
}

export function readSegmentRow(segment: Segment, offset: number, row: ExportRow): void {
  row.row = segment.firstRow + offset;
  row.kind = segment.kind.get(offset);
  row.index = segment.index[offset] as number;
  row.timeNs = segment.timeNs[offset] as number;
  row.cpu = segment.cpu[offset] as number;
  row.level = segment.level[offset] as number;
  row.remarks = segment.remarks.get(offset);
  row.source = segment.source.get(offset);
  row.event = segment.event.get(offset);
  row.pid = segment.pid.get(offset);
  const flags = segment.flags.get(offset);
  row.tid = tidOf(segment.tid.get(offset), flags);
  row.late = (flags & RowFlag.Late) !== 0;
  fillText(row, segment.type.get(offset), segment.payload(offset));
}

/** In a gap row the type column holds the causes of the loss. They are written as words, and the row has no type. */
function fillText(row: ExportRow, type: number, payload: Uint8Array): void {
  const loss = row.kind === RowKind.Gap;
  row.type = loss ? 0 : type;
  row.text = loss ? lossText(row.remarks, row.cpu, type) : payloadText(type, payload);
  row.payload = payload;
}

/** Rows that are written in one go. */
export interface RowRun {
  readonly count: number;
  /** Fills `row` with the row at a place from 0 to `count - 1`. */
  read(at: number, row: ExportRow): void;
}

/** Rows `from..to-1` of a batch; valid as long as the batch. */
export function batchRun(batch: EntryBatch, from = 0, to = batch.count): RowRun {
  return { count: to - from, read: (at, row) => readBatchRow(batch, from + at, row) };
}

/**
 * The first `count` of the offsets of a segment; valid until the segment is evicted. `deltas`: of each of these rows, where
 * they are wanted.
 */
export function segmentRun(
  segment: Segment,
  offsets: Uint32Array,
  count: number,
  deltas: readonly RowDeltas[] | null = null,
): RowRun {
  return {
    count,
    read: (at, row) => {
      readSegmentRow(segment, offsets[at] as number, row);
      setDeltas(row, deltas?.[at]);
    },
  };
}

export function setDeltas(row: ExportRow, { deltaNs, cpuDeltaNs }: RowDeltas = NO_DELTAS): void {
  row.deltaNs = deltaNs;
  row.cpuDeltaNs = cpuDeltaNs;
}
