/** Rows, batches and a source made by hand, for tests. */
import { createEntryBatch, type EntryBatch, LOSS_CAUSES, type LossCause, RowKind } from '../../native/core/entry.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type {
  CpuStats,
  LogSource,
  PollOutcome,
  SourceInfo,
  SourceState,
  SourceStats,
} from '../../native/sources/source.ts';
import type { ArchiveHandle, SegmentArchive } from './archive.ts';
import { Segment } from './segment.ts';
import { encodeUtf8 } from './text.ts';

export interface PlainRow {
  readonly kind: number;
  readonly index: number;
  readonly timeNs: number;
  readonly cpu: number;
  readonly level: number;
  readonly flags: number;
  readonly type: number;
  readonly origin: number;
  readonly pid: number;
  readonly remarks: number;
  readonly source: number;
  readonly payload: Uint8Array;
}

export function entry(index: number, text: string, more: Partial<PlainRow> = {}): PlainRow {
  return {
    kind: RowKind.Entry,
    index,
    timeNs: index * 1000,
    cpu: 0,
    level: 2,
    flags: 0,
    type: 0,
    origin: 0,
    pid: 0,
    remarks: 0,
    source: 0,
    payload: encodeUtf8(text),
    ...more,
  };
}

export function gap(index: number, cpu: number, lost: number): PlainRow {
  return entry(index, '', { kind: RowKind.Gap, cpu, remarks: lost });
}

/** A batch of the rows; `order` says in which order the payloads lie in the arena. */
export function batchOf(rows: readonly PlainRow[], order: 'rows' | 'reversed' = 'rows'): EntryBatch {
  const bytes = rows.reduce((sum, row) => sum + ((row.payload.length + 3) & ~3), 0);
  const batch = createEntryBatch(Math.max(1, rows.length), bytes);
  const placed = order === 'rows' ? rows.keys() : [...rows.keys()].reverse();
  for (const at of placed) {
    const row = rows[at] as PlainRow;
    batch.dataStart[at] = row.payload.length === 0 ? 0 : batch.bytesUsed;
    batch.dataLength[at] = row.payload.length;
    batch.bytes.set(row.payload, batch.bytesUsed);
    batch.bytesUsed += (row.payload.length + 3) & ~3;
  }
  rows.forEach((row, at) => {
    setRow(batch, at, row);
  });
  batch.count = rows.length;
  return batch;
}

/** Sets every column of a row but the place of its payload. */
export function setRow(batch: EntryBatch, at: number, row: PlainRow): void {
  batch.kind[at] = row.kind;
  batch.index[at] = row.index;
  batch.timeNs[at] = row.timeNs;
  batch.cpu[at] = row.cpu;
  batch.level[at] = row.level;
  batch.flags[at] = row.flags;
  batch.type[at] = row.type;
  batch.origin[at] = row.origin;
  batch.pid[at] = row.pid;
  batch.remarks[at] = row.remarks;
  batch.source[at] = row.source;
}

export function cpuStats(cpu: number, more: Partial<CpuStats> = {}): CpuStats {
  return {
    cpu,
    read: 0,
    lost: 0,
    lostByCause: Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, 0])) as Record<LossCause, number>,
    late: 0,
    attempted: 0,
    written: 0,
    overwritten: 0,
    wrapped: 0,
    badConsumer: 0,
    indexHoles: 0,
    attemptedBefore: 0,
    pendingBytes: 0,
    ringBytes: 65_536,
    peakPendingBytes: 0,
    firstIndex: null,
    lastIndex: null,
    ...more,
  };
}

/** `count` losses with one cause. */
export function lost(cause: LossCause, count: number): Pick<CpuStats, 'lost' | 'lostByCause'> {
  return { lost: count, lostByCause: { ...cpuStats(0).lostByCause, [cause]: count } };
}

/** A source that hands out what a test puts into it. */
export class FakeSource implements LogSource {
  readonly info: SourceInfo;
  state: SourceState = 'capturing';
  cpus: CpuStats[] = [];
  /** Batches for the next poll. */
  ready: EntryBatch[] = [];
  /** Whether the next poll asks to clear. */
  clear = false;
  /** What `poll` promises; undefined promises nothing. */
  safeTimeNs: number | undefined;
  /** What `close` still emits. */
  heldBack: EntryBatch[] = [];
  closed = 0;

  constructor(more: Partial<SourceInfo> = {}) {
    this.info = {
      name: 'sim:test',
      producer: 'test',
      cpuCount: 8,
      ringBytes: 65_536,
      ringMode: 'drop',
      orderMode: 'index',
      sessionId: '0000000000000001',
      startUnixMs: 1_000_000,
      clockFrequency: 1e9,
      ...more,
    };
  }

  poll(sink: (batch: EntryBatch) => void): PollOutcome {
    let rows = 0;
    let bytes = 0;
    for (const batch of this.ready.splice(0)) {
      rows += batch.count;
      bytes += batch.bytesUsed;
      sink(batch);
    }
    const promise = this.safeTimeNs === undefined ? {} : { safeTimeNs: this.safeTimeNs };
    const { clear } = this;
    this.clear = false;
    return { state: this.state, rows, bytes, more: false, clear, ...promise };
  }

  stats(): SourceStats {
    return { state: this.state, failure: null, cpus: this.cpus };
  }

  close(sink: (batch: EntryBatch) => void): void {
    for (const batch of this.heldBack.splice(0)) sink(batch);
    this.closed++;
  }
}

interface FakeFile {
  bytes: number;
  segments: number;
  held: number;
}

/** An archive in memory, of files of `segmentsAFile` segments, on a disk of `room` bytes. */
export class FakeArchive implements SegmentArchive {
  room: number;
  puts = 0;
  loads = 0;
  readable = true;
  readonly spareBytes = 0;
  private readonly segmentsAFile: number;
  private files: FakeFile[] = [];

  constructor(room = Infinity, segmentsAFile = 2) {
    this.room = room;
    this.segmentsAFile = segmentsAFile;
  }

  get bytes(): number {
    return this.files.reduce((sum, file) => sum + file.bytes, 0);
  }

  put(segment: Segment): Result<ArchiveHandle> {
    const copy = copyOf(segment);
    if (this.bytes + copy.totalBytes > this.room) return fail('disk-full', 'No room for history', 'Free some');
    let file = this.files.at(-1);
    if (file === undefined || file.segments === this.segmentsAFile) {
      file = { bytes: 0, segments: 0, held: 0 };
      this.files.push(file);
    }
    file.bytes += copy.totalBytes;
    file.segments++;
    file.held++;
    this.puts++;
    return ok({ rows: segment.count, memoryBytes: copy.totalBytes, copy, file } as ArchiveHandle);
  }

  load(handle: ArchiveHandle): Result<Segment> {
    this.loads++;
    if (!this.readable) return fail('io-error', 'History is gone', 'Look for it');
    return ok(copyOf((handle as ArchiveHandle & { copy: Segment }).copy));
  }

  /** Nothing may read a segment that was given back: its rows become nonsense at once. */
  giveBack(segment: Segment): void {
    segment.index.fill(Number.NaN);
    segment.timeNs.fill(Number.NaN);
    segment.dataLength.fill(0);
  }

  release(handle: ArchiveHandle): void {
    const { file } = handle as ArchiveHandle & { file: FakeFile };
    if (--file.held === 0) this.files = this.files.filter((each) => each !== file);
  }

  clear(): void {
    this.files = [];
  }
}

function copyOf(segment: Segment): Segment {
  const rows = segment.count;
  const each = (value: (at: number) => number) => Array.from({ length: rows }, (_, at) => value(at));
  const dataLength = Uint32Array.from(segment.dataLength.subarray(0, rows));
  const bytes = new Uint8Array(dataLength.reduce((sum, length) => sum + length, 0));
  const dataStart = new Uint32Array(rows);
  let end = 0;
  for (let at = 0; at < rows; at++) {
    dataStart[at] = end;
    bytes.set(segment.payload(at), end);
    end += dataLength[at] as number;
  }
  return Segment.of({
    rows,
    index: segment.index.slice(0, rows),
    timeNs: segment.timeNs.slice(0, rows),
    cpu: segment.cpu.slice(0, rows),
    level: segment.level.slice(0, rows),
    kind: Uint8Array.from(each((at) => segment.kind.get(at))),
    flags: Uint16Array.from(each((at) => segment.flags.get(at))),
    type: Uint16Array.from(each((at) => segment.type.get(at))),
    origin: Uint16Array.from(each((at) => segment.origin.get(at))),
    pid: Uint32Array.from(each((at) => segment.pid.get(at))),
    remarks: Uint32Array.from(each((at) => segment.remarks.get(at))),
    source: Uint16Array.from(each((at) => segment.source.get(at))),
    dataStart,
    dataLength,
    bytes,
  });
}
