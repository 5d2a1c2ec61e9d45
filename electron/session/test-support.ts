/** Rows, batches and a source made by hand, for tests. */
import { COLUMN_NAMES, type ColumnName, mapColumns } from '../../native/core/columns.ts';
import { createEntryBatch, type EntryBatch, LOSS_CAUSES, type LossCause, RowKind } from '../../native/core/entry.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type {
  CpuStats,
  FileFacts,
  FileFigures,
  LogSource,
  PollOutcome,
  RingFigures,
  SourceInfo,
  SourceState,
  SourceStats,
} from '../../native/sources/source.ts';
import { Session, type SessionOptions } from './ingest/session.ts';
import { ScanPool } from './search/scan-pool.ts';
import { Progress, type ScanMessage, type ScanReply, type ScanRequest, ScanThread, Slot } from './search/scan-task.ts';
import type { ArchiveHandle, SegmentArchive } from './store/archive.ts';
import { LazyColumn } from './store/lazy-column.ts';
import { Segment } from './store/segment.ts';
import { describeSegment, openSegment, type SharedSegment } from './store/shared-segment.ts';
import { sliceOf } from './store/slice.ts';
import { SessionStore } from './store/store.ts';
import { schemaTexts } from './text/schemas.ts';
import { decodeUtf8, encodeUtf8 } from './text/text.ts';
import { LogView } from './view/view.ts';

/** A row with a value for every column there is, so that what is asserted of rows holds for columns added later. */
export type PlainRow = { readonly [N in ColumnName]: number } & { readonly payload: Uint8Array };

export function entry(index: number, text: string, more: Partial<PlainRow> = {}): PlainRow {
  const zeros = mapColumns<PlainRow>(COLUMN_NAMES, () => 0);
  return { ...zeros, kind: RowKind.Entry, index, timeNs: index * 1000, level: 2, payload: encodeUtf8(text), ...more };
}

export function gap(index: number, cpu: number, lost: number): PlainRow {
  return entry(index, '', { kind: RowKind.Gap, cpu, remarks: lost });
}

/** A row as a store keeps it. */
export function storedRow(store: Pick<SessionStore, 'segmentOf'>, row: number): PlainRow {
  const segment = store.segmentOf(row);
  if (segment === null) throw new Error(`row ${row} is not kept`);
  const at = row - segment.firstRow;
  const value = (name: ColumnName): number => {
    const column = segment[name];
    return column instanceof LazyColumn ? column.get(at) : (column[at] as number);
  };
  return mapColumns<PlainRow>(COLUMN_NAMES, value, { payload: segment.payload(at).slice() });
}

/** A segment that holds the rows, up to 4096 of them. */
export function segmentOf(rows: readonly PlainRow[]): Segment {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 4096, chunkBytes: 65_536 });
  store.append(batchOf(rows));
  return store.segmentOf(0) as Segment;
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
  for (const name of COLUMN_NAMES) batch[name][at] = row[name];
}

/** The figures of a CPU that has a ring. */
export function cpuStats(cpu: number, more: Partial<CpuStats & RingFigures> = {}): CpuStats {
  const figures = fileCpuStats(cpu);
  const ring: RingFigures = {
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
  };
  const pick = <T extends object>(base: T): T =>
    Object.fromEntries(Object.entries({ ...base, ...more }).filter(([name]) => name in base)) as T;
  return { ...pick(figures), ring: pick(ring) };
}

/** The figures of a CPU that records of a file name. */
export function fileCpuStats(cpu: number, more: Partial<CpuStats> = {}): CpuStats {
  return {
    cpu,
    read: 0,
    lost: 0,
    lostByCause: Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, 0])) as Record<LossCause, number>,
    late: 0,
    firstIndex: null,
    lastIndex: null,
    ...more,
  };
}

/** `count` losses with one cause. */
export function lost(cause: LossCause, count: number): Pick<CpuStats, 'lost' | 'lostByCause'> {
  return { lost: count, lostByCause: { ...cpuStats(0).lostByCause, [cause]: count } };
}

/** One field of a line, and what ends it. */
const CSV_FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/**
 * The fields of a csv file as RFC 4180 has it, lines ended by CR LF, every line with as many fields as the first. Throws
 * where a strict reader would refuse: a quote, a CR or an LF in a field without quotes, anything behind a closing quote.
 */
export function readCsv(csv: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (let at = 0; at < csv.length; ) {
    CSV_FIELD.lastIndex = at;
    const match = CSV_FIELD.exec(csv);
    if (match === null) throw new Error(`no field of a csv file: ${JSON.stringify(csv.slice(at, at + 60))}`);
    at = CSV_FIELD.lastIndex;
    line.push(match[1]?.replaceAll('""', '"') ?? (match[2] as string));
    if (match[3] === ',') continue;
    lines.push(line);
    if (line.length !== lines[0]?.length) throw new Error(`${line.length} fields: ${JSON.stringify(line)}`);
    line = [];
  }
  if (line.length > 0) throw new Error('the last line has no end');
  return lines;
}

/** What a test says of a source; the identity of its ring session and the clock it began at in short. */
export type FakeFacts = Partial<SourceInfo> & { readonly sessionId?: string; readonly startTicks?: string };

/** A source that hands out what a test puts into it. */
export class FakeSource implements LogSource {
  readonly info: SourceInfo;
  state: SourceState = 'capturing';
  cpus: CpuStats[] = [];
  /** How far it was read, of a file. */
  file?: FileFigures;
  /** Batches for the next poll. */
  ready: EntryBatch[] = [];
  /** Whether the next poll asks to clear. */
  clear = false;
  processNames?: Map<number, string>;
  /** What `poll` promises; undefined promises nothing. */
  safeTimeNs: number | undefined;
  /** What `close` still emits. */
  heldBack: EntryBatch[] = [];
  closed = 0;

  constructor({ sessionId = '0000000000000001', startTicks, ...more }: FakeFacts = {}) {
    const ring = { bytes: 65_536, mode: 'drop', order: 'index', sessionId } as const;
    this.info = {
      name: 'sim:test',
      producer: 'test',
      cpuCount: 8,
      identity: sessionId,
      startUnixMs: 1_000_000,
      ...(more.file === undefined ? { ring } : {}),
      ...(startTicks === undefined ? {} : { clock: { frequency: 1e9, startTicks } }),
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
    const { state, cpus, file } = this;
    return { state, failure: null, cpus, ...(file === undefined ? {} : { file }) };
  }

  close(sink: (batch: EntryBatch) => void): void {
    for (const batch of this.heldBack.splice(0)) sink(batch);
    this.closed++;
  }
}

/** When the rows of a file were written by its own clock, nanoseconds since its begin, in the pieces in which it is read. */
export type Pieces = readonly (readonly number[])[];

/** A file that gives one piece in each poll. Its rows are numbered, and each says of which file it is. */
export class FileInPieces extends FakeSource {
  private readonly pieces: Pieces;
  private at = 0;
  private index = 0;

  constructor(name: string, pieces: Pieces, startUnixMs: number, file: Omit<FileFacts, 'path'> = {}) {
    super({ name, identity: name, startUnixMs, file: { path: name, ...file } });
    this.pieces = pieces;
    this.note();
  }

  override poll(sink: (batch: EntryBatch) => void): PollOutcome {
    const piece = this.pieces[this.at++] ?? [];
    if (piece.length > 0) sink(batchOf(piece.map((timeNs) => entry(++this.index, this.info.name, { timeNs }))));
    const more = this.at < this.pieces.length;
    if (!more) this.state = 'ended';
    this.note();
    return { state: this.state, rows: piece.length, bytes: piece.length, more };
  }

  private note(): void {
    const figures = {
      format: 'test',
      formatName: 'plain',
      encoding: 'utf-8',
      encodingBy: 'assumed',
      broken: { count: 0, places: [] },
    } as const;
    this.file = {
      ...figures,
      readBytes: this.at,
      totalBytes: this.pieces.length,
      ended: this.state === 'ended',
    };
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
  spareBytes = 0;
  readonly place = 'memory';
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
    tid: Uint32Array.from(each((at) => segment.tid.get(at))),
    remarks: Uint32Array.from(each((at) => segment.remarks.get(at))),
    source: Uint16Array.from(each((at) => segment.source.get(at))),
    event: Uint16Array.from(each((at) => segment.event.get(at))),
    dataStart,
    dataLength,
    bytes,
  });
}

/** Threads that a test moves: each message is worked off when the test says so, and rows can be made to last for ever. */
export class FakeThreads {
  readonly pool: ScanPool;
  /** Texts of messages that no expression gets past. */
  readonly endless = new Set<string>();
  /** What the engine throws at, by text. */
  readonly refused = new Set<string>();
  /** How long a piece takes, by the clock of the threads. */
  pieceMs = 0;
  started = 0;
  private clockMs = 0;
  private readonly threads = new Set<FakeThread>();
  private timer: (() => void) | null = null;

  constructor(threads = 2) {
    this.pool = new ScanPool({
      threads,
      start: (progress, replied, died) => {
        const thread = new FakeThread(this, progress, replied, died);
        this.threads.add(thread);
        this.started++;
        return { post: (message) => thread.inbox.push(message), end: () => this.threads.delete(thread) };
      },
      after: (_ms, run) => {
        this.timer = run;
        return () => {
          this.timer = null;
        };
      },
    });
  }

  /** Lets one of the threads that can work do so; false if there is none. */
  work(which = 0): boolean {
    const able = [...this.threads].filter(({ inbox, stuck }) => inbox.length > 0 && !stuck);
    const thread = able[which % Math.max(1, able.length)];
    thread?.work();
    return thread !== undefined;
  }

  /** Lets the pool look at its threads that often. */
  look(times = 1): void {
    for (let i = 0; i < times; i++) this.timer?.();
  }

  /** Lets everything be done that can be done, and the pool look until nothing is left to look at. */
  settle(): void {
    for (let i = 0; i < 10_000; i++) {
      if (this.work(i)) continue;
      if (this.idle) return;
      this.look();
    }
    throw new Error('the threads never come to rest');
  }

  /** The clock, which goes on whenever it is read: a thread does so before and after a piece. */
  readonly now = (): number => {
    this.clockMs += this.pieceMs;
    return this.clockMs;
  };

  /** The most messages that wait for one thread. */
  get waiting(): number {
    return Math.max(0, ...[...this.threads].map(({ inbox }) => inbox.length));
  }

  get idle(): boolean {
    return [...this.threads].every(({ inbox, stuck }) => inbox.length === 0 && !stuck);
  }

  /** One of the threads ends by itself. */
  die(why: string): void {
    for (const thread of this.threads) {
      if (thread.inbox.length === 0) continue;
      thread.died(why);
      return;
    }
  }
}

class FakeThread {
  readonly inbox: ScanMessage[] = [];
  stuck = false;
  readonly died: (why: string) => void;
  private readonly owner: FakeThreads;
  private readonly progress: Int32Array;
  private readonly replied: (reply: ScanReply) => void;
  private readonly segments = new Map<number, Segment>();
  /** What the thread was told of segments in messages that it did not get to. */
  private readonly untold = new Map<number, SharedSegment>();
  private readonly thread: ScanThread;

  constructor(
    owner: FakeThreads,
    progress: Int32Array,
    replied: (reply: ScanReply) => void,
    died: (why: string) => void,
  ) {
    this.owner = owner;
    this.progress = progress;
    this.replied = replied;
    this.died = died;
    this.thread = new ScanThread(progress, (reply) => this.replied(reply), owner.now);
  }

  work(): void {
    const message = this.inbox.shift();
    if (message === undefined) return;
    const trap = 'scan' in message ? this.trap(message.scan) : null;
    if (!('scan' in message)) {
      // It shares the schemas with who told it of them, and they may be others by now.
      this.thread.take('schemas' in message ? { schemas: schemaTexts() } : message);
      return;
    }
    const { scan } = message;
    if (trap === null) {
      this.thread.take({ scan: { ...scan, segment: scan.segment ?? this.untold.get(scan.segmentId) ?? null } });
      this.untold.delete(scan.segmentId);
      return;
    }
    if (scan.segment !== null) this.untold.set(scan.segmentId, scan.segment);
    // As far as it gets, without a reply.
    const rows = scan.count < 0 ? { to: trap.at } : { count: trap.at };
    new ScanThread(this.progress, () => {}, this.owner.now).take({
      scan: { ...scan, ...rows, segment: describeSegment(this.segments.get(scan.segmentId) as Segment) },
    });
    Atomics.store(this.progress, Progress.Offset, trap.offset);
    if (trap.refused) {
      this.replied({ id: scan.id, error: { offset: trap.offset, text: 'too large' }, ms: 0 });
      return;
    }
    Atomics.add(this.progress, Progress.Beat, 1);
    Atomics.store(this.progress, Progress.Task, scan.id);
    this.stuck = true;
  }

  /** The step in which a row lies that nothing gets past. */
  private trap(scan: ScanRequest): { readonly at: number; readonly offset: number; readonly refused: boolean } | null {
    if (scan.segment !== null) this.segments.set(scan.segmentId, openSegment(scan.segment));
    const segment = this.segments.get(scan.segmentId) as Segment;
    const among = scan.count < 0 ? null : new Uint32Array(scan.slot, Slot.Words * 4, scan.count);
    const from = among === null ? scan.from : 0;
    const to = among === null ? scan.to : scan.count;
    for (let at = from; at < to; at++) {
      const text = decodeUtf8(segment.payload(among?.[at] ?? at).slice());
      const refused = this.owner.refused.has(text);
      if (!refused && !this.owner.endless.has(text)) continue;
      const step = from + Math.floor((at - from) / scan.step) * scan.step;
      return { at: step, offset: among?.[step] ?? step, refused };
    }
    return null;
  }
}

/** A session with one view, which each tick moves on as a workspace would. */
export class WatchedSession extends Session {
  readonly view: LogView;
  private readonly clock: () => number;

  constructor(options: SessionOptions) {
    super(options);
    this.clock = options.now;
    this.view = new LogView(this.store, null, () => {}, this.survey);
  }

  override tick(nowMs: number): number {
    const delayMs = super.tick(nowMs);
    return this.view.advance(sliceOf(this.clock, 8)) ? 0 : delayMs;
  }
}
