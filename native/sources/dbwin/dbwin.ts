/**
 * Debug output of Windows programs as a LogSource. A worker thread takes the messages (dbwin-worker.ts) and hands them
 * over through a ring of its own. Here they become rows, and messages that found no room in the ring become gaps.
 */
import { Worker } from 'node:worker_threads';
import { lossRecord } from '../../core/accounting.ts';
import type { BatchSink } from '../../core/batch-writer.ts';
import { clearRow, createEntryBatch, Level, LOSS_CAUSES, RowKind } from '../../core/entry.ts';
import { RV } from '../../core/layout.ts';
import { type Message, MessageKind, MessageRingReader } from '../../core/message-ring.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { difference, setBigInt } from '../../core/u64.ts';
import { getPlatform } from '../../platform.ts';
import { DEBUG_BUFFER_BYTES, type DebugScope, wake } from '../../win32/debug-buffer.ts';
import type { LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { awaitChange, createLink, type DbwinLink, LinkState, linkState, stopHandle, troubleOf } from './dbwin-link.ts';

/** Holds one second of output at the highest rate at which Windows lets programs write. */
const RING_BYTES = 16777216;
const START_MS = 10_000;
const STOP_MS = 2000;
/** Bytes taken in one poll, after which other sources have their turn. */
const POLL_BYTES = 4194304;
const BATCH_ROWS = 4096;
const BATCH_BYTES = 1048576;
const FULL = 1 << LOSS_CAUSES.indexOf('full');
const decoder = new TextDecoder();

/** The worker's file, beside this module both in the sources and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './dbwin-worker.ts' : './dbwin-worker.js';

/**
 * Captures the debug output of this logon session (`rest` ''), or of session 0, where services run (`global`).
 * Failures: bad-argument, source-unsupported off Windows, source-busy (naming the viewer that has it),
 * permission-denied, io-error.
 */
export function openDbwinSource(rest: string): Result<LogSource> {
  if (rest !== '' && rest !== 'global') {
    const action = 'Use dbwin: for this logon session, or dbwin:global for services';
    return fail('bad-argument', `'${rest}' is no scope of debug output`, action);
  }
  if (process.platform !== 'win32') {
    const action = 'Capture it on Windows; sim: sources and files work here';
    return fail('source-unsupported', 'Debug output of programs exists on Windows only', action);
  }
  const platform = getPlatform();
  if (!platform.ok) return platform;
  const { clock } = platform.value;
  const scope: DebugScope = rest === 'global' ? 'global' : 'session';
  const link = createLink(scope, RING_BYTES);
  const startTicks = clock.ticks();
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: link });
  worker.unref();
  if (!awaitChange(link, LinkState.Starting, START_MS)) {
    void worker.terminate();
    return fail('internal', 'The thread that captures debug output did not start', 'Start the capture again');
  }
  if (linkState(link) === LinkState.Failed) return { ok: false, failure: troubleOf(link) };
  const title = `dbwin:${rest}`;
  const source = new DbwinSource(title, link, new MessageRingReader(link.ring), startTicks, clock.frequency);
  worker.on('error', (error) => source.broke(error.message));
  worker.on('exit', () => source.broke('it ended'));
  return ok(source);
}

/** The reading half. Starting and ending the worker that fills `link` is up to the caller. */
export class DbwinSource implements LogSource {
  readonly info: SourceInfo;
  private readonly link: DbwinLink;
  private readonly ring: MessageRingReader;
  private readonly batch = createEntryBatch(BATCH_ROWS, BATCH_BYTES);
  private readonly start = new Uint32Array(2);
  private readonly nsPerTick: number;
  private readonly names = new Map<number, string>();
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;
  /** Number of the last attempt that was accounted for. */
  private accounted = 0;
  private attempts = 0;
  private read = 0;
  private lost = 0;
  private peak = 0;
  private first = 0;
  private last = 0;
  private lastTimeNs = 0;

  constructor(title: string, link: DbwinLink, ring: MessageRingReader, startTicks: bigint, frequency: number) {
    this.link = link;
    this.ring = ring;
    this.nsPerTick = 1e9 / frequency;
    setBigInt(this.start, startTicks);
    this.info = {
      name: title,
      producer: 'Windows debug output',
      cpuCount: 1,
      identity: (startTicks & 0xffffffffffffffffn).toString(16).padStart(16, '0'),
      startUnixMs: Date.now(),
      ring: { bytes: ring.capacity, mode: 'drop', order: 'index', sessionId: null },
    };
  }

  get processNames(): ReadonlyMap<number, string> {
    return this.names;
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    const dead = linkState(this.link) !== LinkState.Open;
    const outcome = this.drain(sink, POLL_BYTES);
    if (dead && !outcome.more && !outcome.clear) {
      this.state = 'failed';
      this.failure ??= troubleOf(this.link);
    }
    return { ...outcome, state: this.state };
  }

  stats(): SourceStats {
    const lost = LOSS_CAUSES.map((cause) => (cause === 'full' ? this.lost : 0));
    const pending = this.ring.pending;
    const cpu = {
      cpu: 0,
      read: this.read,
      lost: this.lost,
      lostByCause: lossRecord(lost),
      late: 0,
      firstIndex: this.read > 0 ? this.first : null,
      lastIndex: this.read > 0 ? this.last : null,
      ring: {
        attempted: this.attempts,
        written: this.attempts - this.lost,
        overwritten: 0,
        wrapped: 0,
        badConsumer: 0,
        indexHoles: 0,
        attemptedBefore: 0,
        pendingBytes: pending,
        ringBytes: this.ring.capacity,
        peakPendingBytes: this.peak,
      },
    };
    return { state: this.state, failure: this.failure, cpus: [cpu] };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    if (linkState(this.link) === LinkState.Open) {
      wake(stopHandle(this.link));
      awaitChange(this.link, LinkState.Open, STOP_MS);
    }
    while (this.drain(sink, Number.POSITIVE_INFINITY).more);
    this.closed = true;
  }

  /** Called when the worker ended without having been asked to. */
  broke(why: string): void {
    if (this.closed || linkState(this.link) !== LinkState.Open) return;
    const failure = fail(
      'internal',
      `The thread that captures debug output is gone: ${why}`,
      'Start the capture again',
    );
    if (!failure.ok) this.failure = failure.failure;
    Atomics.store(this.link.control, 0, LinkState.Failed);
  }

  private drain(sink: BatchSink, limit: number): PollOutcome {
    const attempts = this.ring.attempts();
    const pending = this.ring.pending;
    this.peak = Math.max(this.peak, pending);
    let rows = 0;
    let clear = false;
    let empty = false;
    const hand = (): void => {
      if (this.batch.count > 0) sink(this.batch);
      rows += this.batch.count;
      this.batch.count = 0;
      this.batch.bytesUsed = 0;
    };
    while (!clear && pending - this.ring.pending < limit) {
      const message = this.ring.next();
      if (message === null) {
        empty = true;
        break;
      }
      if (this.batch.count + 3 > BATCH_ROWS || this.batch.bytesUsed + DEBUG_BUFFER_BYTES * 3 + 8 > BATCH_BYTES) hand();
      if (message.kind === MessageKind.Note) this.names.set(message.pid, decoder.decode(message.payload.slice()));
      else if (message.kind === MessageKind.Clear) clear = true;
      else this.add(message);
    }
    // Attempts made before this poll that it did not find were lost, and will not arrive later.
    if (empty && attempts > this.accounted) this.gap(attempts + 1, 0);
    this.attempts = Math.max(this.attempts, attempts, this.accounted);
    hand();
    const outcome = { state: this.state, rows, bytes: Math.max(0, pending - this.ring.pending), more: !empty };
    return clear ? { ...outcome, clear } : outcome;
  }

  private add(message: Message): void {
    const { attempt, pid, payload } = message;
    const ticks = difference(message.ticksHigh, message.ticksLow, this.start[1] as number, this.start[0] as number);
    const timeNs = ticks > 0 ? ticks * this.nsPerTick : 0;
    if (attempt > this.accounted + 1) this.gap(attempt, timeNs);
    const batch = this.batch;
    const row = this.row(RowKind.Entry, attempt, timeNs);
    batch.level[row] = Level.Info;
    batch.type[row] = RV.TYPE_TEXT;
    batch.pid[row] = pid;
    batch.dataStart[row] = batch.bytesUsed;
    batch.dataLength[row] = payload.length;
    batch.bytes.set(payload, batch.bytesUsed);
    batch.bytesUsed += (payload.length + 3) & ~3;
    if (this.read++ === 0) this.first = attempt;
    this.last = attempt;
    this.accounted = attempt;
  }

  /** Adds a row for the loss before attempt `next`. */
  private gap(next: number, timeNs: number): void {
    const lost = next - 1 - this.accounted;
    const row = this.row(RowKind.Gap, next, timeNs > 0 ? timeNs : this.lastTimeNs);
    this.batch.type[row] = FULL;
    this.batch.remarks[row] = Math.min(lost, 0xffffffff);
    this.lost += lost;
    this.accounted = next - 1;
  }

  private row(kind: RowKind, index: number, timeNs: number): number {
    const batch = this.batch;
    const row = batch.count++;
    this.lastTimeNs = timeNs;
    clearRow(batch, row);
    batch.kind[row] = kind;
    batch.index[row] = index;
    batch.timeNs[row] = timeNs;
    return row;
  }
}
