/**
 * One source of a session, either open or waited for. If a source disappears, it is looked for again: as soon as a new
 * ring session exists under its name, capture continues without anybody's help.
 */
import { type EntryBatch, RowKind } from '../../../native/core/entry.ts';
import type { EventNameTable } from '../../../native/core/event-names.ts';
import type { Failure, Result } from '../../../native/core/result.ts';
import type { LogSource, SourceInfo, SourceStats } from '../../../native/sources/source.ts';
import type { SourceStatus } from '../../contract/status.ts';
import { EventNumbers } from './event-numbers.ts';
import { LiveClock } from './live-clock.ts';
import type { ProcessNames } from './process-names.ts';
import type { SessionTime, SourcePlace } from './session-time.ts';
import { SourceLane } from './source-lane.ts';
import type { SourceMerger } from './source-merger.ts';
import { type Losses, LossTally, RateMeter, ringFill } from './statistics.ts';

/** Wait between two attempts to find a source again, milliseconds. */
export const REATTACH_MS = 500;

/** What all sources of a session share. */
export interface SharedBySources {
  readonly open: (spec: string) => Result<LogSource>;
  readonly time: SessionTime;
  readonly merger: SourceMerger;
  readonly processes: ProcessNames;
  readonly eventNames: EventNameTable;
  /** The places on the time line of the other open sources. */
  readonly placesBeside: (source: CapturedSource) => readonly SourcePlace[];
}

export class CapturedSource {
  readonly id: number;
  readonly spec: string;
  info: SourceInfo;
  rows = 0;
  /** Rows, not counting loss markers. */
  records = 0;
  peakFill = 0;

  private readonly shared: SharedBySources;
  private readonly lane: SourceLane;
  private readonly rates = new RateMeter();
  private readonly losses = new LossTally();
  /** The open source; null while waiting for it to come back, and once closed. */
  private source: LogSource | null;
  private events: EventNumbers;
  /** The last figures of a source that was closed. */
  private closedStats: SourceStats | null = null;
  /** Why the last attempt to find the source again failed; null if it simply is not there. */
  private waitFailure: Failure | null = null;
  private nextAttemptMs = 0;
  /**
   * The source's own peak when the figures were last cleared. The peak since then is known only once the source reports
   * a higher one.
   */
  private oldPeak = 0;
  private stopped = false;
  private clock = new LiveClock();
  /** The last poll left something to read, so that what is known of its clock is of a while ago. */
  private behind = false;

  /** `statedNs`: what a person says its times are to be moved by. */
  constructor(id: number, spec: string, source: LogSource, shared: SharedBySources, statedNs = 0) {
    this.id = id;
    this.spec = spec;
    this.shared = shared;
    this.source = source;
    this.events = new EventNumbers(source.eventNames, shared.eventNames);
    this.info = source.info;
    const place = shared.time.begin(source.info, shared.placesBeside(this), statedNs);
    this.lane = new SourceLane(id, place, shared.merger, (batch) => this.note(batch));
  }

  get place(): SourcePlace {
    return this.lane.place;
  }

  /** Wait until the next poll is worth it, milliseconds. */
  get delayMs(): number {
    return this.lane.delayMs;
  }

  get isOpen(): boolean {
    return this.source !== null;
  }

  /** The largest time that it gave, on the common base; -Infinity before its first row. */
  get reachNs(): number {
    return this.lane.reachNs;
  }

  /** The last poll gave nothing, though there may be more later. */
  get waits(): boolean {
    return this.lane.delayMs > 0;
  }

  /**
   * What its clock shows now, on the common base. Null where that is not known: of a file, of a source that is waited for,
   * and while there is more to read than was read.
   */
  clockNs(nowMs: number): number | null {
    if (this.source === null || this.info.file !== undefined || this.behind) return null;
    const own = this.clock.at(nowMs);
    return own === null ? null : own + this.place.offsetNs;
  }

  /** Until it was polled, no row of others is handed on. */
  begin(): void {
    this.lane.begin();
  }

  /** Moves what the source has to the merge. True if the source asks to clear all rows so far. `inOrder`: see SourceLane.poll. */
  poll(nowMs: number, inOrder = false): boolean {
    if (this.source === null) {
      this.lookAgain(nowMs);
      return false;
    }
    const { state, more, clear = false, safeTimeNs } = this.lane.poll(this.source, nowMs, inOrder);
    this.behind = more;
    this.clock.note(Math.max(this.reachNs - this.place.offsetNs, safeTimeNs ?? Number.NEGATIVE_INFINITY), nowMs);
    if (state === 'capturing' || more) return clear;
    this.closeSource();
    // A file that was read to its end, or that cannot be read, is finished; looking for it again would read it a second
    // time.
    this.nextAttemptMs = this.info.file === undefined ? nowMs + REATTACH_MS : Number.POSITIVE_INFINITY;
    this.lane.delayMs = REATTACH_MS;
    return clear;
  }

  /** Releases the source for good; what it held back is handed on. */
  close(): void {
    this.closeSource();
    this.lane.remove();
    this.stopped = true;
  }

  /** Restarts all counts at zero. */
  clear(): void {
    const cpus = this.source?.stats().cpus ?? [];
    this.rates.reset();
    this.losses.clear(cpus);
    this.rows = 0;
    this.records = 0;
    this.peakFill = 0;
    this.oldPeak = ringFill(cpus).peak;
  }

  /** Losses since the last clear; `stats` are the current figures. */
  lossesOf(stats: SourceStats | null): Losses {
    return this.losses.total(this.source === null ? [] : (stats?.cpus ?? []));
  }

  /** The current figures, or the last ones of a source that is not open. */
  get figures(): SourceStats {
    const stats = this.source?.stats() ?? this.closedStats;
    if (stats === null) throw new Error('a source is open or was');
    return stats;
  }

  /** The figures, after their fill was taken into account as a peak. */
  readFigures(): SourceStats {
    const stats = this.figures;
    this.noteFill(stats);
    return stats;
  }

  /** The status by figures just read. Each call is a sample of the rates, and notes the names of processes. */
  sampleStatus(nowMs: number, stats: SourceStats): SourceStatus {
    this.noteProcesses();
    const totals = new Float64Array(Math.max(0, ...stats.cpus.map(({ cpu }) => cpu + 1)));
    for (const { cpu, read } of stats.cpus) totals[cpu] = read;
    this.rates.sample(nowMs, totals);
    const rates = this.rates.rates(nowMs);
    return {
      id: this.id,
      name: this.info.name,
      info: this.info,
      state: this.stopped ? 'stopped' : stats.state,
      failure: this.stopped ? null : (stats.failure ?? this.waitFailure),
      cpus: stats.cpus,
      ...(stats.file === undefined ? {} : { file: stats.file }),
      ...(stats.notes === undefined ? {} : { notes: stats.notes }),
      perSecond: rates.perSecond,
      rates: rates.cpus,
      lost: this.lossesOf(stats).lost,
      rows: this.rows,
      records: this.records,
      ...(this.place.statedNs === 0 ? {} : { statedNs: this.place.statedNs }),
      ...(this.place.followNs === 0 ? {} : { followNs: this.place.followNs }),
    };
  }

  private note(batch: EntryBatch): void {
    this.events.translate(batch);
    this.rows += batch.count;
    this.records += batch.count - gapsIn(batch);
    this.shared.time.note(this.place, batch.timeNs[0] as number, batch.timeNs[batch.count - 1] as number);
  }

  /**
   * A producer that starts again creates a new ring session under the old name; the old session will never have more.
   * So the name is opened anew.
   */
  private lookAgain(nowMs: number): void {
    if (nowMs >= this.nextAttemptMs) {
      this.nextAttemptMs = nowMs + REATTACH_MS;
      const opened = this.shared.open(this.spec);
      if (!opened.ok) {
        const { code } = opened.failure;
        this.waitFailure = code === 'source-not-found' || code === 'source-gone' ? null : opened.failure;
      } else if (opened.value.info.identity !== this.info.identity) {
        this.adopt(opened.value);
        return;
      } else {
        this.waitFailure = null;
        opened.value.close(this.lane.sink);
      }
    }
    this.lane.delayMs = Math.min(REATTACH_MS, this.nextAttemptMs - nowMs);
  }

  private adopt(source: LogSource): void {
    this.source = source;
    this.events = new EventNumbers(source.eventNames, this.shared.eventNames);
    this.info = source.info;
    this.closedStats = null;
    this.waitFailure = null;
    this.lane.delayMs = 0;
    this.clock = new LiveClock();
    this.oldPeak = 0;
    this.rates.reset();
    this.lane.place = this.shared.time.begin(source.info, this.shared.placesBeside(this));
  }

  private closeSource(): void {
    const { source } = this;
    if (source === null) return;
    this.lane.close(source);
    this.noteProcesses();
    const stats = source.stats();
    this.noteFill(stats);
    this.losses.finish(stats.cpus);
    this.closedStats = stats;
    this.source = null;
  }

  /** Called as often as the status is read, not for each row. */
  private noteProcesses(): void {
    const names = this.source?.processNames;
    if (names !== undefined) this.shared.processes.note(this.id, names);
  }

  private noteFill(stats: SourceStats): void {
    const { now, peak } = ringFill(stats.cpus);
    this.peakFill = Math.max(this.peakFill, now, peak > this.oldPeak ? peak : 0);
  }
}

/** Loss markers are rare, so searching for the next one is quicker than examining each row. */
function gapsIn({ kind, count }: EntryBatch): number {
  const kinds = kind.subarray(0, count);
  let gaps = 0;
  for (let at = kinds.indexOf(RowKind.Gap); at >= 0; at = kinds.indexOf(RowKind.Gap, at + 1)) gaps++;
  return gaps;
}
