/**
 * An event log file as a LogSource. Chunks are read in the order of their records, because a log that is full begins again
 * at its first chunk; a chunk a step, so that the first events of a large log are there at once.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BatchSink } from '../../core/batch-writer.ts';
import { EventNameTable, NO_EVENT_NAMES } from '../../core/event-names.ts';
import { filetimeToUnixMs, unixMsToFiletime } from '../../core/filetime.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { readSymbols, type SymbolWishes } from '../etl/symbols.ts';
import { openFailure } from '../file/byte-feed.ts';
import { BrokenPlaces, FileTally, fileInfo } from '../file/file-facts.ts';
import { clearLine, createLine } from '../file/line-format.ts';
import { RowBuilder } from '../file/row-builder.ts';
import type { Manifests } from '../manifest/manifests.ts';
import type {
  BrokenPlace,
  FileFigures,
  LogSource,
  PollOutcome,
  SourceInfo,
  SourceState,
  SourceStats,
} from '../source.ts';
import { CHUNK_BYTES, firstRecordOf } from './chunk.ts';
import { type DecodedEvent, decodeChunk, HEADER_BLOCK_BYTES, headerProblems, isEventLog } from './evtx-reader.ts';
import { wholeMillisecond } from './values.ts';

/** Chunks decoded in one poll: some milliseconds of work. */
const CHUNKS_A_POLL = 4;
const CHUNK_HEADER_BYTES = 128;
/** The most chunks of a log: Windows writes no more than 4 GB. */
const MOST_CHUNKS = 131_072;
/** Most chunks that are searched for the first event, whose time is needed at once: the first ones may be damaged. */
const CHUNKS_LOOKED_AT = 64;

export interface EventLogOptions extends SymbolWishes {
  /** What people call the source; default the path as given. */
  readonly displayName?: string;
}

/**
 * Opens an event log file. Failures: source-not-found, permission-denied, bad-argument (a folder), bad-magic (no event log),
 * io-error.
 */
export function openEventLog(path: string, options: EventLogOptions = {}): Result<EventLogSource> {
  const symbols = readSymbols(options);
  if (!symbols.ok) return symbols;
  const { manifests } = symbols.value;
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const facts = fstatSync(fd);
    if (facts.isDirectory()) return fail('bad-argument', `${path} is a folder`, 'Name a file');
    const head = new Uint8Array(CHUNK_HEADER_BYTES);
    const bytes = readSync(fd, head, 0, head.length, 0);
    if (!isEventLog(head.subarray(0, bytes))) {
      return fail('bad-magic', `${path} is no event log: it does not begin as one`, 'Open it as a text file');
    }
    const { order, problems } = chunkOrder(fd, facts.size);
    const source = new EventLogSource(
      options.displayName ?? path,
      resolve(path),
      fd,
      order,
      [
        ...headerProblems(head.subarray(0, bytes)).map((problem) => ({ offset: 0, problem })),
        ...problems,
        ...symbols.value.problems,
      ],
      facts,
      manifests,
    );
    fd = null;
    return ok(source);
  } catch (error) {
    return openFailure(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** Offsets of the chunks in the order of their first records. A chunk without a number follows the one before it. */
function chunkOrder(fd: number, size: number): { readonly order: number[]; readonly problems: readonly BrokenPlace[] } {
  const header = new Uint8Array(CHUNK_HEADER_BYTES);
  const chunks: { at: number; first: bigint }[] = [];
  let before = 0n;
  const end = Math.min(size, HEADER_BLOCK_BYTES + MOST_CHUNKS * CHUNK_BYTES);
  for (let at = HEADER_BLOCK_BYTES; at < end; at += CHUNK_BYTES) {
    const bytes = readSync(fd, header, 0, header.length, at);
    const first = firstRecordOf(header.subarray(0, bytes)) ?? before;
    chunks.push({ at, first });
    before = first;
  }
  chunks.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.at - b.at));
  const problem = 'the log is longer than Windows writes one: what follows is not read';
  return { order: chunks.map(({ at }) => at), problems: end < size ? [{ offset: end, problem }] : [] };
}

export class EventLogSource implements LogSource {
  readonly info: SourceInfo;
  readonly eventNames = new EventNameTable();
  private readonly fd: number;
  private readonly fileBytes: number;
  private readonly order: readonly number[];
  private readonly manifests: Manifests;
  private readonly line = createLine();
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  private next = 0;
  private sink: BatchSink = () => {};
  private readonly tally = new FileTally();
  private readonly broken = new BrokenPlaces();
  private readonly rows = new RowBuilder((batch) => {
    this.tally.note(batch);
    this.sink(batch);
  });
  /** The millisecond of the first event: time 0 of the source. */
  private readonly startTicks: bigint;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;

  constructor(
    name: string,
    path: string,
    fd: number,
    order: readonly number[],
    problems: readonly BrokenPlace[],
    { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
    manifests: Manifests,
  ) {
    this.manifests = manifests;
    this.fileBytes = size;
    this.fd = fd;
    this.order = order;
    for (const place of problems) this.broken.add(place);
    const first = this.firstEvent();
    const firstTicks = first?.record.fileTime ?? unixMsToFiletime(mtimeMs);
    this.startTicks = wholeMillisecond(firstTicks);
    const startUnixMs = filetimeToUnixMs(this.startTicks);
    const machine = first?.row.computer ?? '';
    this.info = { ...fileInfo(name, path, mtimeMs, startUnixMs), ...(machine === '' ? {} : { machine }) };
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    this.sink = sink;
    const before = this.tally.rows;
    const from = this.next;
    while (this.next < Math.min(this.order.length, from + CHUNKS_A_POLL) && this.failure === null) {
      this.decodeNext();
    }
    const more = this.next < this.order.length && this.failure === null;
    this.rows.flush();
    if (!more) this.state = this.failure === null ? 'ended' : 'failed';
    return { state: this.state, rows: this.tally.rows - before, bytes: (this.next - from) * CHUNK_BYTES, more };
  }

  stats(): SourceStats {
    const { state, failure } = this;
    const file: FileFigures = {
      readBytes: Math.min(this.fileBytes, HEADER_BLOCK_BYTES + this.next * CHUNK_BYTES),
      totalBytes: this.fileBytes,
      ended: state === 'ended',
      format: 'Windows event log',
      formatName: 'events',
      encoding: null,
      broken: this.broken.figures(),
    };
    return { state, failure, cpus: this.tally.stats(), file };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.fd);
  }

  private decodeNext(): void {
    const at = this.order[this.next++] as number;
    try {
      const bytes = readSync(this.fd, this.chunk, 0, CHUNK_BYTES, at);
      decodeChunk(
        this.chunk.subarray(0, bytes),
        (event) => this.add(event),
        (problem) => this.broken.add({ offset: at, problem }),
        this.manifests,
      );
    } catch (error) {
      const opened = openFailure(this.info.name, error);
      if (!opened.ok) this.failure = opened.failure;
    }
  }

  private add({ record, row }: DecodedEvent): void {
    const { line } = this;
    clearLine(line, 0, 0);
    line.index = Number(record.id <= BigInt(Number.MAX_SAFE_INTEGER) ? record.id : 0n);
    line.level = row.level;
    line.pid = row.pid;
    if (row.tid !== 0) line.tid = row.tid;
    line.remarks = row.eventId;
    line.event = this.eventNames.numberOf({ ...NO_EVENT_NAMES, provider: row.provider, event: String(row.eventId) });
    line.text = encoder.encode(row.text);
    this.rows.add(line, Number(record.fileTime - this.startTicks) * 100, line.text);
  }

  /** The first readable event: it says when the log began, and on which machine. */
  private firstEvent(): DecodedEvent | null {
    let first: DecodedEvent | null = null;
    for (const at of this.order.slice(0, CHUNKS_LOOKED_AT)) {
      const bytes = readSync(this.fd, this.chunk, 0, CHUNK_BYTES, at);
      decodeChunk(
        this.chunk.subarray(0, bytes),
        (event) => {
          first ??= event;
        },
        () => {},
      );
      if (first !== null) break;
    }
    return first;
  }
}

const encoder = new TextEncoder();
