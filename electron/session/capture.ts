/**
 * The capture engine: owns the store, its view and the source in use, and moves entries from the one to the other each
 * time it is ticked. A source that disappears is waited for: as soon as a new session exists under its name, capture goes
 * on by itself, in the same store.
 */
import type { EntryBatch } from '../../native/core/entry.ts';
import { IDLE_POLL_MS, nextPollDelay } from '../../native/core/pacing.ts';
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import type { LogSource, SourceInfo, SourceStats } from '../../native/sources/source.ts';
import type { SourceStatus, Status } from '../contract/status.ts';
import { SessionTime } from './session-time.ts';
import { sliceOf } from './slice.ts';
import { LossTally, RateMeter, ringFill } from './statistics.ts';
import { SessionStore, type StoreOptions } from './store.ts';
import { LogView } from './view.ts';

export interface CaptureOptions {
  /** Opens a source by the name a person gave it. */
  readonly open: (spec: string) => Result<LogSource>;
  /** Monotonic milliseconds, for the share of time the filter may take of a tick. */
  readonly now: () => number;
  readonly store: StoreOptions;
}

/** Wait between two attempts to find a source again, milliseconds. */
export const REATTACH_MS = 500;
/** Longest a tick spends on applying the filter, milliseconds. */
const SCAN_MS = 8;

export class CaptureEngine {
  readonly store: SessionStore;
  readonly view: LogView;
  private readonly options: CaptureOptions;
  private readonly time = new SessionTime();
  private readonly rates = new RateMeter();
  private readonly losses = new LossTally();

  private spec = '';
  private capturing = false;
  /** Open; null while waiting for it to come back, and while stopped. */
  private source: LogSource | null = null;
  /** Of the source in use or last used. */
  private info: SourceInfo | null = null;
  /** Last figures of a source that was closed. */
  private closedStats: SourceStats | null = null;
  /** Why the last attempt to find the source again failed, where that is more than its absence. */
  private waitFailure: Failure | null = null;
  private nextAttemptMs = 0;
  private delayMs = 0;
  private peakFill = 0;
  /** The source's own peak when the figures were last cleared: only what exceeds it is news. */
  private oldPeak = 0;

  constructor(options: CaptureOptions) {
    this.options = options;
    this.store = new SessionStore(options.store);
    this.view = new LogView(this.store);
  }

  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  get startUnixMs(): number {
    return this.time.startUnixMs;
  }

  /** The source in use or last used. */
  get sourceInfo(): SourceInfo | null {
    return this.info;
  }

  get isCapturing(): boolean {
    return this.capturing;
  }

  /**
   * Opens a source and captures from it, in place of the one in use; rows stay. If it cannot be opened, the failure is
   * the answer and nothing changes.
   */
  start(spec: string): Result<SourceInfo> {
    if (this.source !== null && this.spec === spec) return ok(this.source.info);
    const opened = this.options.open(spec);
    if (!opened.ok) return opened;
    this.closeSource();
    this.spec = spec;
    this.capturing = true;
    this.adopt(opened.value);
    return ok(opened.value.info);
  }

  /** Ends capture and releases the source; what it held back is kept. Harmless if nothing is captured. */
  stop(): void {
    this.closeSource();
    this.capturing = false;
    this.waitFailure = null;
  }

  /** Forgets all rows and counts from zero; capture goes on. */
  clear(): void {
    const cpus = this.source?.stats().cpus ?? [];
    this.store.clear();
    this.rates.reset();
    this.losses.clear(cpus);
    this.time.clear(this.source?.info ?? null);
    this.peakFill = 0;
    this.oldPeak = ringFill(cpus).peak;
  }

  /** Moves what there is. Returns the milliseconds after which to call again; 0 means at once. */
  tick(nowMs: number): number {
    if (this.source !== null) this.drain(this.source, nowMs);
    else if (this.capturing) this.lookAgain(nowMs);
    else this.delayMs = IDLE_POLL_MS;
    this.rates.sample(nowMs, this.store.totalEntriesByCpu);
    const unfiltered = this.view.advance(sliceOf(this.options.now, SCAN_MS));
    return unfiltered ? 0 : this.delayMs;
  }

  status(nowMs: number): Status {
    const stats = this.source?.stats() ?? null;
    if (stats !== null) this.noteFill(stats);
    const losses = this.losses.total(stats?.cpus ?? []);
    const rates = this.rates.rates(nowMs);
    return {
      atMs: nowMs,
      source: this.sourceStatus(stats ?? this.closedStats),
      capturing: this.capturing,
      perSecond: rates.perSecond,
      rates: rates.cpus,
      ...losses,
      ringFill: stats === null ? 0 : ringFill(stats.cpus).now,
      peakRingFill: this.peakFill,
      memoryBytes: this.store.memoryBytes + this.view.memoryBytes,
      memoryCapBytes: this.store.memoryCapBytes,
      evictedRows: this.store.evictedRows,
      levels: this.store.levelCounts,
    };
  }

  private sourceStatus(stats: SourceStats | null): SourceStatus | null {
    if (this.info === null || stats === null) return null;
    return {
      info: this.info,
      state: this.capturing ? stats.state : 'stopped',
      failure: this.capturing ? (stats.failure ?? this.waitFailure) : null,
      cpus: stats.cpus,
    };
  }

  private readonly sink = (batch: EntryBatch): void => {
    if (batch.count === 0) return;
    const first = batch.timeNs[0] as number;
    const last = batch.timeNs[batch.count - 1] as number;
    this.store.append(batch, this.time.place(first, last));
  };

  private drain(source: LogSource, nowMs: number): void {
    const outcome = source.poll(this.sink);
    this.delayMs = nextPollDelay(this.delayMs, outcome);
    if (outcome.clear === true) this.clear();
    if (outcome.state === 'capturing' || outcome.more) return;
    this.closeSource();
    this.nextAttemptMs = nowMs + REATTACH_MS;
    this.delayMs = REATTACH_MS;
  }

  /** A producer that starts again makes a new session under the old name; the old session itself has nothing more. */
  private lookAgain(nowMs: number): void {
    if (nowMs >= this.nextAttemptMs) {
      this.nextAttemptMs = nowMs + REATTACH_MS;
      const opened = this.options.open(this.spec);
      if (!opened.ok) {
        const { code } = opened.failure;
        this.waitFailure = code === 'source-not-found' || code === 'source-gone' ? null : opened.failure;
      } else if (opened.value.info.sessionId !== this.info?.sessionId) {
        this.adopt(opened.value);
        this.delayMs = 0;
        return;
      } else {
        this.waitFailure = null;
        opened.value.close(this.sink);
      }
    }
    this.delayMs = this.nextAttemptMs - nowMs;
  }

  private adopt(source: LogSource): void {
    this.source = source;
    this.info = source.info;
    this.closedStats = null;
    this.waitFailure = null;
    this.delayMs = 0;
    this.oldPeak = 0;
    this.time.begin(source.info);
  }

  private closeSource(): void {
    const { source } = this;
    if (source === null) return;
    source.close(this.sink);
    const stats = source.stats();
    this.noteFill(stats);
    this.losses.finish(stats.cpus);
    this.closedStats = stats;
    this.source = null;
  }

  private noteFill(stats: SourceStats): void {
    const { now, peak } = ringFill(stats.cpus);
    this.peakFill = Math.max(this.peakFill, now, peak > this.oldPeak ? peak : 0);
  }
}
