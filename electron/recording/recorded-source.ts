/**
 * One source of a recorded session as a source of rows, as a file is one: so that what was captured live before is merged with
 * log files, and moved in time beside them. Its rows are read a run at a time, and have the times that the recording has.
 */
import { COLUMN_NAMES } from '../../native/core/columns.ts';
import { createEntryBatch, type EntryBatch } from '../../native/core/entry.ts';
import { EventNameTable } from '../../native/core/event-names.ts';
import { fail, failureMessage, ok, type Result } from '../../native/core/result.ts';
import { BrokenPlaces, FileTally } from '../../native/sources/file/file-facts.ts';
import type {
  LogSource,
  MarkedRow,
  PollOutcome,
  SourceClock,
  SourceInfo,
  SourceState,
  SourceStats,
} from '../../native/sources/source.ts';
import type { Bookmark } from '../contract/bookmarks.ts';
import { LazyColumn } from '../session/store/lazy-column.ts';
import type { Segment } from '../session/store/segment.ts';
import { sliceOf } from '../session/store/slice.ts';
import { SessionStore } from '../session/store/store.ts';
import { BOOKMARKS_PART, MOST_BOOKMARK_BYTES, parseBookmarks } from './bookmarks-part.ts';
import type { RecordedSource as Recorded, SessionManifest } from './manifest.ts';
import { beginSession, type OpenedSession, titleOf } from './opened-session.ts';

const PREFIX = 'recorded:';
const SPEC = /^recorded:(\d{1,5}):(.+)$/s;
/** Of a poll, milliseconds: how long the files of the recording are looked through. */
const LOOK_MS = 8;
/** Of the runs of rows that are read: no row is looked at twice. */
const MEMORY_BYTES = 32 * 1024 * 1024;

export const isRecordedSource = (spec: string): boolean => spec.startsWith(PREFIX);

/** The names by which the sources of a recording are opened. Failures: those of `beginSession`. */
export function recordedSpecs(path: string): Result<readonly string[]> {
  const opened = beginSession(path);
  if (!opened.ok) return opened;
  const specs = sourcesOf(opened.value).map(({ id }) => `${PREFIX}${id}:${path}`);
  opened.value.close();
  return ok(specs);
}

/** Opens one of them. Failures: bad-argument for what is none; those of `beginSession`. `now`: monotonic milliseconds. */
export function openRecordedSource(spec: string, now: () => number): Result<LogSource> {
  const [, number = '', path = ''] = SPEC.exec(spec) ?? [];
  if (path === '') return fail('bad-argument', `'${spec}' is no source of a recorded session`, 'Open a recording');
  const opened = beginSession(path);
  if (!opened.ok) return opened;
  const source = sourcesOf(opened.value).find(({ id }) => id === Number(number));
  if (source !== undefined) return ok(new RecordedSource(opened.value, source, now));
  opened.value.close();
  return fail('source-not-found', `${path} has no rows of a source with that number`, 'Open the recording by itself');
}

interface OneOf extends Pick<Recorded, 'id' | 'info'> {
  /** Whether it has all rows of the recording. */
  readonly all: boolean;
}

/** Of a recording that does not say where its rows came from, all are of one. */
function sourcesOf({ manifest: { sources } }: OpenedSession): readonly OneOf[] {
  const unknown = { name: 'unknown source', producer: 'unknown', cpuCount: 0, identity: '', startUnixMs: 0 };
  return sources.length > 0 ? sources.map((each) => ({ ...each, all: false })) : [{ id: 0, info: unknown, all: true }];
}

/** What the clock of a source showed at time 0 of the rows, which is when one of the sources began; null if that is not known. */
function uptimeAtZero({ sources, startUnixMs }: SessionManifest, { clock }: SourceInfo): SourceClock | null {
  const first = sources.find(({ info, statedNs }) => info.startUnixMs === startUnixMs && statedNs === undefined);
  const zero = first?.info.clock;
  return zero !== undefined && zero.frequency === clock?.frequency ? zero : null;
}

class RecordedSource implements LogSource {
  readonly info: SourceInfo;
  readonly processNames: ReadonlyMap<number, string>;
  /** Only of a recording that names events. */
  readonly eventNames?: EventNameTable;
  private readonly recording: OpenedSession;
  /** Its number in the rows; null: all rows are its own. */
  private readonly id: number | null;
  private readonly now: () => number;
  private readonly store: SessionStore;
  private readonly tally = new FileTally();
  private readonly broken = new BrokenPlaces();
  /** The row of the recording that is read next. */
  private at = 0;
  private named = false;
  private damages = 0;
  private state: SourceState = 'capturing';
  private closed = false;
  /** Bookmarks of the recording by row, and those whose rows were handed on. */
  private readonly bookmarks: ReadonlyMap<number, Bookmark>;
  private marked: MarkedRow[] = [];

  constructor(recording: OpenedSession, { id, info, all }: OneOf, now: () => number) {
    const { path, manifest, archive } = recording;
    this.recording = recording;
    if (recording.namesEvents) this.eventNames = new EventNameTable();
    this.id = all ? null : id;
    this.now = now;
    this.store = new SessionStore({
      memoryCapBytes: MEMORY_BYTES,
      archive,
      onArchiveFailure: ({ message }) => this.broken.add({ problem: message }),
    });
    // All of its sources are on one time line, which begins when the recording says. Its clock is that of another run.
    const { producer, cpuCount, machine } = info;
    const uptime = uptimeAtZero(manifest, info);
    this.info = {
      ...{ name: `${info.name} in ${titleOf(recording)}`, producer, cpuCount },
      ...(machine === undefined ? {} : { machine }),
      ...(uptime === null ? {} : { uptime }),
      ...{ identity: `${path} ${id} ${manifest.startedUnixMs}`, startUnixMs: manifest.startUnixMs, file: { path } },
      ...(manifest.startUnixMs > 0 ? {} : { startEstimated: true as const }),
    };
    this.processNames = new Map(
      manifest.processes.filter(({ source }) => source === id).map(({ pid, name }) => [pid, name]),
    );
    const part = recording.part(BOOKMARKS_PART, (value) => parseBookmarks(value, manifest.epoch), MOST_BOOKMARK_BYTES);
    if (!part.ok) this.broken.add({ problem: failureMessage(part.failure) });
    this.bookmarks = new Map((part.ok ? (part.value ?? []) : []).map((mark) => [mark.row, mark]));
  }

  takeMarked(): readonly MarkedRow[] {
    return this.marked.splice(0);
  }

  poll(sink: (batch: EntryBatch) => void): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    const looking = this.recording.proceed(sliceOf(this.now, LOOK_MS));
    this.nameEvents();
    this.recording.fill(this.store);
    const { rows, bytes } = this.read(sink);
    if (!looking && this.at >= this.store.endRow) this.finish();
    return { state: this.state, rows, bytes, more: this.state === 'capturing' };
  }

  stats(): SourceStats {
    const { archive } = this.recording;
    const ended = this.state === 'ended';
    const { endRow } = this.recording.manifest;
    const share = endRow === 0 ? 0 : Math.min(1, this.at / endRow);
    return {
      state: this.state,
      failure: null,
      cpus: this.tally.stats(),
      file: {
        readBytes: ended ? archive.bytes : Math.floor(archive.bytes * share),
        totalBytes: archive.bytes,
        ended,
        format: 'recorded session',
        formatName: 'recording',
        encoding: null,
        broken: this.broken.figures(),
      },
    };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.recording.close();
  }

  /** What events are called is known before the first row is. */
  private nameEvents(): void {
    const names = this.recording.eventNames;
    if (this.named || names === null) return;
    this.named = true;
    this.eventNames?.restore(names);
  }

  /** The rows of this source in the next run that has been found. */
  private read(sink: (batch: EntryBatch) => void): { rows: number; bytes: number } {
    this.at = Math.max(this.at, this.store.firstRow);
    const segment = this.store.segmentOf(this.at);
    if (segment === null) return { rows: 0, bytes: 0 };
    const from = this.at - segment.firstRow;
    const batch = rowsOf(segment, from, this.id);
    this.noteMarked(segment, from);
    this.at = segment.firstRow + segment.count;
    if (batch.count === 0) return { rows: 0, bytes: 0 };
    this.tally.note(batch);
    const { count: rows, bytesUsed: bytes } = batch;
    sink(batch);
    return { rows, bytes };
  }

  private noteMarked(segment: Segment, from: number): void {
    for (const { row, note } of this.bookmarks.values()) {
      const at = row - segment.firstRow;
      if (at < from || at >= segment.count || (this.id !== null && segment.source.get(at) !== this.id)) continue;
      const timeNs = segment.timeNs[at] as number;
      this.marked.push({ index: segment.index[at] as number, kind: segment.kind.get(at), timeNs, note });
    }
  }

  private finish(): void {
    for (const problem of this.recording.damages.slice(this.damages)) this.broken.add({ problem });
    this.damages = this.recording.damages.length;
    this.state = 'ended';
  }
}

/** The rows of a source, or null for all, in a segment from an offset on, as a batch. */
function rowsOf(segment: Segment, from: number, source: number | null): EntryBatch {
  const offsets: number[] = [];
  let bytes = 0;
  for (let at = from; at < segment.count; at++) {
    if (source !== null && segment.source.get(at) !== source) continue;
    offsets.push(at);
    bytes += padded(segment.dataLength[at] as number);
  }
  const batch = createEntryBatch(Math.max(1, offsets.length), bytes);
  for (const name of COLUMN_NAMES) {
    const column = segment[name];
    const to = batch[name];
    for (const [at, offset] of offsets.entries())
      to[at] = column instanceof LazyColumn ? column.get(offset) : (column[offset] as number);
  }
  for (const [at, offset] of offsets.entries()) {
    const payload = segment.payload(offset);
    batch.dataStart[at] = payload.length === 0 ? 0 : batch.bytesUsed;
    batch.dataLength[at] = payload.length;
    batch.bytes.set(payload, batch.bytesUsed);
    batch.bytesUsed += padded(payload.length);
  }
  batch.count = offsets.length;
  return batch;
}

const padded = (length: number): number => (length + 3) & ~3;
