/** Several open sources as one stream of rows in one clock order, for a command that takes them away itself. */
import type { EntryBatch } from '../../native/core/entry.ts';
import { nextPollDelay, SLOW_POLL_MS } from '../../native/core/pacing.ts';
import type { LogSource, SourceInfo, SourceState } from '../../native/sources/source.ts';
import type { SourceName } from '../contract/status.ts';
import type { NameOfProcess } from '../session/ingest/process-names.ts';
import { type SessionPlace, SessionTime } from '../session/ingest/session-time.ts';
import { type Lane, SourceMerger } from '../session/ingest/source-merger.ts';
import { ALL_FIELDS, type SourceFields } from '../session/output/output-facts.ts';
import { fieldsOfSource } from './source-fields.ts';

/** The identities of the ring sessions among sources; null without any. */
export function sessionIdsOf(infos: readonly SourceInfo[]): string | null {
  const ids = infos.flatMap(({ ring }) => ring?.sessionId ?? []);
  return ids.length === 0 ? null : ids.join(', ');
}

/** One source on its way into the merge. */
class MergedSource {
  readonly place: SessionPlace;
  /** How it ended by itself, once it did. */
  ending: SourceState | null = null;
  private readonly source: LogSource;
  private readonly merger: SourceMerger;
  private readonly lane: Lane;
  private delayMs = 0;
  private nowMs = 0;

  constructor(source: LogSource, place: SessionPlace, merger: SourceMerger, lane: Lane) {
    this.source = source;
    this.place = place;
    this.merger = merger;
    this.lane = lane;
  }

  /** Moves what there is to the merge. Returns the milliseconds until the next poll is worth it. */
  poll(nowMs: number): number {
    if (this.ending !== null) return Number.POSITIVE_INFINITY;
    this.nowMs = nowMs;
    const outcome = this.source.poll(this.sink);
    const { state, more, safeTimeNs } = outcome;
    const ended = state !== 'capturing' && !more;
    if (ended) this.ending = state;
    const promise = ended || safeTimeNs === undefined ? Number.POSITIVE_INFINITY : safeTimeNs + this.place.offsetNs;
    this.merger.promise(this.lane, promise);
    this.delayMs = nextPollDelay(this.delayMs, outcome);
    return this.delayMs;
  }

  close(): void {
    this.source.close(this.sink);
  }

  private readonly sink = (batch: EntryBatch): void => {
    this.merger.push(this.lane, batch, this.place.offsetNs, this.nowMs);
  };
}

export class MergedSources {
  /** By the number their rows carry. */
  readonly names: readonly SourceName[];
  /** Names the process of a row; null where no source knows any. Decided before the first row: a column cannot come later. */
  readonly processOf: NameOfProcess | null;
  private readonly time = new SessionTime();
  private readonly sources: readonly LogSource[];
  private readonly merged: MergedSource[] = [];
  private readonly merger: SourceMerger;

  /** `take` gets the rows; a batch is valid during the call. */
  constructor(sources: readonly LogSource[], take: (batch: EntryBatch) => void) {
    this.sources = sources;
    this.names = sources.map(({ info }, id) => ({ id, name: info.name }));
    const named = sources.some(({ processNames }) => processNames !== undefined);
    this.processOf = named ? (source, pid) => sources[source]?.processNames?.get(pid) : null;
    this.merger = new SourceMerger(take);
    for (const [id, source] of sources.entries()) {
      const places = this.merged.map(({ place }) => place);
      const place = this.time.begin(source.info, places);
      this.merged.push(new MergedSource(source, place, this.merger, this.merger.add(id)));
    }
  }

  /** What is known of the rows of a source. */
  readonly fieldsOf = (id: number): SourceFields => {
    const source = this.sources[id];
    return source === undefined ? ALL_FIELDS : fieldsOfSource(source);
  };

  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  get startUnixMs(): number {
    return this.time.startUnixMs;
  }

  /** Those of the ring sessions among the sources; null without any. */
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

  /** How each source ended by itself; null if it goes on. */
  get endings(): readonly (SourceState | null)[] {
    return this.merged.map(({ ending }) => ending);
  }

  /** Moves what there is. Returns the milliseconds until the next call is worth it. */
  poll(nowMs: number): number {
    let delay = this.merger.holding ? SLOW_POLL_MS : Number.POSITIVE_INFINITY;
    for (const source of this.merged) delay = Math.min(delay, source.poll(nowMs));
    this.merger.release(nowMs);
    return delay;
  }

  /** Hands on what was held back and lets the sources go. */
  finish(): void {
    for (const source of this.merged) source.close();
    this.merger.flush();
  }
}
