/**
 * Merges several open sources into one stream of rows in one clock order, for commands that process the rows without a
 * store.
 */
import type { EntryBatch } from '../../native/core/entry.ts';
import { SLOW_POLL_MS } from '../../native/core/pacing.ts';
import type { LogSource, SourceInfo, SourceState } from '../../native/sources/source.ts';
import { SessionTime } from '../session/ingest/session-time.ts';
import { SourceLane } from '../session/ingest/source-lane.ts';
import { SourceMerger } from '../session/ingest/source-merger.ts';
import { factsOf, type SourceFacts } from './source-facts.ts';

/** The identities of the ring sessions among the sources; null if there are none. */
export function sessionIdsOf(infos: readonly SourceInfo[]): string | null {
  const ids = infos.flatMap(({ ring }) => ring?.sessionId ?? []);
  return ids.length === 0 ? null : ids.join(', ');
}

/** One source on its way into the merge. */
interface MergedSource {
  readonly source: LogSource;
  readonly lane: SourceLane;
  /** In which state the source ended by itself; null while it has not. */
  ending: SourceState | null;
}

export class MergedSources {
  readonly facts: SourceFacts;
  private readonly time = new SessionTime();
  private readonly sources: readonly LogSource[];
  private readonly merged: MergedSource[] = [];
  private readonly merger: SourceMerger;

  /**
   * `take` receives the rows; a batch is valid during the call. `arriving` is called with each batch of a source, by its
   * place, before it is merged.
   */
  constructor(
    sources: readonly LogSource[],
    take: (batch: EntryBatch) => void,
    arriving: (id: number, batch: EntryBatch) => void = () => {},
  ) {
    this.sources = sources;
    this.facts = factsOf(sources);
    this.merger = new SourceMerger(take);
    for (const [id, source] of sources.entries()) {
      const places = this.merged.map(({ lane }) => lane.place);
      const place = this.time.begin(source.info, places);
      const lane = new SourceLane(id, place, this.merger, (batch) => arriving(id, batch));
      this.merged.push({ source, lane, ending: null });
    }
  }

  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  get startUnixMs(): number {
    return this.time.startUnixMs;
  }

  /** The identities of the ring sessions among the sources; null if there are none. */
  get sessionIds(): string | null {
    return sessionIdsOf(this.sources.map(({ info }) => info));
  }

  /** Rows that are late because of another source. */
  get late(): number {
    return this.merger.late;
  }

  /** True once every source has ended by itself. */
  get ended(): boolean {
    return this.merged.every(({ ending }) => ending !== null);
  }

  /** In which state each source ended by itself; null for those that have not. */
  get endings(): readonly (SourceState | null)[] {
    return this.merged.map(({ ending }) => ending);
  }

  /** Moves everything that is ready. Returns the milliseconds until the next call is worth it. */
  poll(nowMs: number): number {
    let delay = this.merger.holding ? SLOW_POLL_MS : Number.POSITIVE_INFINITY;
    for (const merged of this.merged) {
      if (merged.ending !== null) continue;
      const { state, more } = merged.lane.poll(merged.source, nowMs);
      delay = Math.min(delay, merged.lane.delayMs);
      if (state === 'capturing' || more) continue;
      merged.ending = state;
      merged.lane.end();
    }
    this.merger.release(nowMs);
    return delay;
  }

  /** Hands on what was held back and closes the sources. */
  finish(): void {
    for (const { source, lane } of this.merged) lane.close(source);
    this.merger.flush();
  }
}
