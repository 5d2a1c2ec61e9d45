/**
 * A logging session of Windows, read while it runs, as a LogSource. A worker thread takes the events (etw-worker.ts) and hands
 * them over through a ring; here they become rows by the code that decodes trace files. What was lost, and by whom,
 * is known from the session's own counts, from events that say so, and from the numbers of the ring.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import type { EventNameTable } from '../../core/event-names.ts';
import { type Message, MessageRingReader } from '../../core/message-ring.ts';
import { type Failure, fail } from '../../core/result.ts';
import { GuidCache } from '../etl/guid-cache.ts';
import type { Symbols } from '../etl/symbols.ts';
import { type ClockFacts, TraceClock } from '../etl/trace-clock.ts';
import { createTraceEvent } from '../etl/trace-event.ts';
import type { Loser } from '../etl/trace-losses.ts';
import { TraceRows } from '../etl/trace-rows.ts';
import type { LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { awaitChange, LinkState, linkState, troubleOf } from '../thread-link.ts';
import type { EtwLink } from './etw-link.ts';
import { cpuOf, MOST_PACKED_BYTES, parsePacked } from './live-record.ts';

/** Events decoded in one poll: some tens of milliseconds of work at most. */
const EVENTS_A_POLL = 16_384;
/** Times between two looks at what the session has lost, and between two requests to hand over what it has; milliseconds. */
const COUNT_MS = 1000;
const FLUSH_MS = 100;
/** How long a session may take to hand over what it has once it is stopped; milliseconds. */
const STOP_MS = 5000;
const STOP_STEP_MS = 20;
/** A clock that goes back by less was read on another CPU; nanoseconds. */
const LATE_NS = 100_000_000;

/** What a logging session has counted as lost since it began. */
export interface SessionCounts {
  /** Events that found no room in its buffers. */
  readonly eventsLost: number;
  /** Buffers that were not read in time. */
  readonly readBuffersLost: number;
}

/** What a source does to its logging session. */
export interface SessionControl {
  /** It was started by this source, which stops it, too. */
  readonly own: boolean;
  /** Null if the system does not say. */
  counts(): SessionCounts | null;
  /** Has what is in its buffers handed over. */
  flush(): void;
  /** Ends the session, or only the reading of one that is not its own; the value is what it had lost by then. */
  stop(): SessionCounts | null;
}

export interface LiveTrace {
  readonly info: SourceInfo;
  /** Its name. */
  readonly loggingSession: string;
  readonly link: EtwLink;
  readonly control: SessionControl;
  readonly clock: ClockFacts;
  readonly pointerBytes: 4 | 8;
  readonly symbols: Symbols;
  /** The code page of this machine, a name of TextDecoder. */
  readonly encoding: string;
  /** Milliseconds of any clock that does not go back. */
  readonly nowMs: () => number;
}

/** The reading half. Starting the worker that fills the link is up to the caller. */
export class EtwSource implements LogSource {
  readonly info: SourceInfo;
  private readonly link: EtwLink;
  private readonly ring: MessageRingReader;
  private readonly control: SessionControl;
  private readonly clock: TraceClock;
  private readonly rows: TraceRows;
  private readonly nowMs: () => number;
  private readonly event = createTraceEvent();
  private readonly guids = new GuidCache();
  /** A copy of the event that is read: texts cannot be decoded in shared memory. */
  private readonly bytes = new Uint8Array(MOST_PACKED_BYTES);
  private readonly view = new DataView(this.bytes.buffer);
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;
  /** Number of the last event that was accounted for. */
  private accounted = 0;
  private newestNs = Number.NEGATIVE_INFINITY;
  private cpu = 0;
  private readBytes = 0;
  /** Events that could not be read. */
  private damaged = 0;
  /** Losses that rows stand for, of those that the session counts. */
  private told = 0;
  private counts: SessionCounts | null;
  /** What the session had lost when it was last asked: accounted for one look later, when events that say so have come. */
  private seen: SessionCounts | null;
  private countAtMs: number;
  private flushAtMs: number;

  constructor({ info, loggingSession, link, control, clock, pointerBytes, symbols, encoding, nowMs }: LiveTrace) {
    this.info = info;
    this.link = link;
    this.control = control;
    this.nowMs = nowMs;
    this.ring = new MessageRingReader(link.ring);
    this.clock = new TraceClock(clock, clock);
    this.rows = new TraceRows(symbols, encoding);
    this.rows.use(pointerBytes, clock.frequency, loggingSession);
    this.counts = control.counts();
    this.seen = this.counts;
    this.countAtMs = nowMs() + COUNT_MS;
    this.flushAtMs = nowMs();
  }

  get processNames(): ReadonlyMap<number, string> {
    return this.rows.processNames;
  }

  get eventNames(): EventNameTable {
    return this.rows.eventNames;
  }

  /** Notes what a person should know of the capture. */
  note(problem: string): void {
    this.rows.note({ problem });
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    const { rows } = this;
    rows.sink = sink;
    const before = rows.tally.rows;
    const read = this.readBytes;
    const dead = linkState(this.link) !== LinkState.Open;
    const now = this.nowMs();
    if (!dead && this.control.own && now >= this.flushAtMs) {
      this.flushAtMs = now + FLUSH_MS;
      this.control.flush();
    }
    const more = this.drain(EVENTS_A_POLL);
    if (now >= this.countAtMs) {
      this.countAtMs = now + COUNT_MS;
      this.account(this.seen);
      this.seen = this.control.counts() ?? this.seen;
    }
    if (dead && !more) this.ended();
    rows.flush();
    return { state: this.state, rows: rows.tally.rows - before, bytes: this.readBytes - read, more };
  }

  stats(): SourceStats {
    const { state, failure, rows } = this;
    return { state, failure, cpus: rows.tally.stats(), notes: rows.broken.problems() };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    this.closed = true;
    this.rows.sink = sink;
    if (this.state === 'capturing') {
      const counts = this.control.stop();
      const until = this.nowMs() + STOP_MS;
      while (linkState(this.link) === LinkState.Open && this.nowMs() < until) {
        awaitChange(this.link, LinkState.Open, STOP_STEP_MS);
        this.drain(EVENTS_A_POLL);
      }
      while (this.drain(EVENTS_A_POLL));
      this.account(counts);
      this.finish();
    }
    this.rows.flush();
  }

  /** Called when the worker ended without having been asked to. */
  broke(why: string): void {
    if (this.closed || linkState(this.link) !== LinkState.Open) return;
    const what = `The thread that reads the logging session is gone: ${why}`;
    const failed = fail('internal', what, 'Start the capture again');
    if (!failed.ok) this.failure = failed.failure;
    Atomics.store(this.link.control, 0, LinkState.Failed);
  }

  /** The session no longer delivers: it was stopped, or its reading failed. */
  private ended(): void {
    if (linkState(this.link) === LinkState.Closed) {
      // Somebody else stopped it. One of this source's own is not expected to end.
      this.state = this.control.own ? 'gone' : 'ended';
    } else {
      this.state = 'failed';
      this.failure ??= troubleOf(this.link, 'The reading of the logging session failed');
    }
    this.account(this.control.stop());
    this.finish();
  }

  private finish(): void {
    if (this.damaged > 0) this.note(`${this.damaged} events could not be read: Windows handed them over damaged`);
    this.rows.finish();
  }

  /** Makes rows of at most so many events. True if there are more. */
  private drain(most: number): boolean {
    const attempts = this.ring.attempts();
    for (let events = 0; events < most; events++) {
      const message = this.ring.next();
      if (message === null) {
        // Events numbered before this poll that were not found had no room in the ring, and will not come.
        if (attempts > this.accounted) this.skipTo(attempts + 1);
        return false;
      }
      this.add(message);
    }
    return true;
  }

  private add({ attempt, payload }: Message): void {
    if (attempt > this.accounted + 1) this.skipTo(attempt);
    this.accounted = attempt;
    this.readBytes += payload.length;
    if (payload.length > this.bytes.length) {
      this.damaged++;
      return;
    }
    this.bytes.set(payload);
    const { view, event } = this;
    if (!parsePacked(view, payload.length, event, this.guids)) {
      this.damaged++;
      return;
    }
    const timeNs = this.clock.nsAt(view, event.timeAt);
    const late = timeNs < this.newestNs - LATE_NS;
    this.newestNs = Math.max(this.newestNs, timeNs);
    this.cpu = cpuOf(view);
    this.told += this.rows.add(view, event, { cpu: this.cpu, timeNs, late, lostBefore: 0, missingBefore: 0 });
  }

  /** Adds a row for the events before number `next` that found no room in the ring. */
  private skipTo(next: number): void {
    this.rows.addLoss(this.cpu, next - 1 - this.accounted, 'reader');
    this.accounted = next - 1;
  }

  /** Adds rows for what the session has lost since it was last asked, as far as no event has said so. */
  private account(now: SessionCounts | null): void {
    const before = this.counts;
    if (now === null) return;
    this.counts = now;
    if (before === null) return;
    const full = Math.max(0, now.eventsLost - before.eventsLost);
    const unread = Math.max(0, now.readBuffersLost - before.readBuffersLost);
    let untold = Math.max(0, full + unread - this.told);
    this.told = Math.max(0, this.told - full - unread);
    const lose = (most: number, loser: Loser): void => {
      const lost = Math.min(untold, most);
      if (lost > 0) this.rows.addLoss(this.cpu, lost, loser);
      untold -= lost;
    };
    lose(unread, 'reader');
    lose(full, 'kernel');
  }
}
