/** The figures of a session for its status, from those of its sources and of its rows. */
import type { SessionStatus, SourceName } from '../../contract/status.ts';
import type { SessionStore } from '../store/store.ts';
import type { CaptureFilter } from './capture-filter.ts';
import type { CapturedSource } from './captured-source.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { SessionTime } from './session-time.ts';
import { addLosses, type Losses, type RateMeter, ringFill } from './statistics.ts';

export interface StatusParts {
  readonly sources: readonly CapturedSource[];
  readonly sourceNames: readonly SourceName[];
  readonly capturing: boolean;
  readonly time: SessionTime;
  readonly rates: RateMeter;
  readonly store: SessionStore;
  readonly filter: CaptureFilter;
  readonly keeper: SessionKeeper | undefined;
  /** Of sources that are no longer in use. */
  readonly earlier: Losses;
  readonly earlierPeak: number;
  /** Rows that the merge flagged late. */
  readonly late: number;
}

/** Each call is a sample of the rates of its sources. */
export function statusOf(parts: StatusParts, nowMs: number): SessionStatus {
  const { store, filter, keeper, time } = parts;
  let losses = parts.earlier;
  let fill = 0;
  let peakFill = parts.earlierPeak;
  const sources = parts.sources.map((source) => {
    const stats = source.readFigures();
    losses = addLosses(losses, source.lossesOf(stats));
    if (source.isOpen) fill = Math.max(fill, ringFill(stats.cpus).now);
    peakFill = Math.max(peakFill, source.peakFill);
    return source.sampleStatus(nowMs, stats);
  });
  const rates = parts.rates.rates(nowMs);
  const opening = keeper?.opening ?? null;
  return {
    atMs: nowMs,
    startUnixMs: time.startUnixMs,
    origin: time.origin,
    source: sources[0] ?? null,
    sources,
    sourceNames: parts.sourceNames,
    ...(opening === null ? {} : { opening }),
    capturing: parts.capturing,
    perSecond: rates.perSecond,
    rates: rates.cpus,
    ...losses,
    late: losses.late + parts.late,
    ringFill: fill,
    peakRingFill: peakFill,
    memoryBytes: store.usedBytes,
    evictedRows: store.figures.evictedRows,
    evictedRecords: store.figures.evictedEntries,
    retention: {
      ...store.retention,
      captureFilter: filter.spec,
      hiddenRows: filter.dropped,
      recording: keeper?.status ?? null,
    },
    cpuCount: store.figures.cpuCount,
    levels: store.figures.levelCounts,
  };
}
