/**
 * A filter on rows that pass by: the same language and the same tests as in the app, on batches instead of a store. What
 * names stand for is what is known when a row passes. An expression runs here, in the program's only thread: one that
 * never ends is ended with the program.
 */
import type { EntryBatch } from '../../native/core/entry.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { type FilterSpec, SHOW_ALL } from '../contract/rows.ts';
import type { SourceName } from '../contract/status.ts';
import { PickedBatch } from '../session/ingest/picked-batch.ts';
import { ProcessNames } from '../session/ingest/process-names.ts';
import { compileFilter, type Filter } from '../session/search/filter.ts';
import { bindNames } from '../session/search/name-binding.ts';
import { Segment } from '../session/store/segment.ts';

export class BatchFilter {
  /** Rows taken out so far. */
  hidden = 0;
  private readonly spec: FilterSpec;
  private readonly names: readonly SourceName[];
  private readonly sources: readonly Pick<LogSource, 'processNames' | 'eventNames'>[];
  private readonly processes = new ProcessNames();
  private readonly startUnixMs: number | null;
  private filter: Filter;
  /** Of the names that the filter was bound to. */
  private boundTo = '';
  private readonly picked = new PickedBatch();
  private found = new Uint32Array(0);
  /** Time of the last row that passed by. */
  private beforeNs = Number.NaN;

  /** `text` is a filter that can be read; a source's number is its place. `startUnixMs`: wall clock of time 0; 0 for none. */
  constructor(
    text: string,
    names: readonly SourceName[],
    sources: readonly Pick<LogSource, 'processNames' | 'eventNames'>[],
    startUnixMs: number,
  ) {
    this.spec = { ...SHOW_ALL, terms: { text, caseSensitive: false } };
    this.names = names;
    this.sources = sources;
    this.startUnixMs = startUnixMs === 0 ? null : startUnixMs;
    this.filter = this.compiled();
  }

  /** The rows of a batch that are shown: the batch itself if all are, else valid until the next call. */
  take(batch: EntryBatch): EntryBatch {
    if (batch.count === 0) return batch;
    if (this.filter.readsNames) this.bindAgain();
    if (this.found.length < batch.count) this.found = new Uint32Array(batch.capacity);
    const segment = Segment.of({ ...batch, rows: batch.count });
    const found = this.filter.scan(segment, 0, batch.count, this.found, this.beforeNs);
    this.beforeNs = batch.timeNs[batch.count - 1] as number;
    this.hidden += batch.count - found;
    return found === batch.count ? batch : this.picked.of(batch, this.found, found);
  }

  private bindAgain(): void {
    this.sources.forEach(({ processNames }, source) => {
      if (processNames !== undefined) this.processes.note(source, processNames);
    });
    if (this.version === this.boundTo) return;
    this.boundTo = this.version;
    this.filter = this.compiled();
  }

  private get version(): string {
    return `${this.processes.version} ${this.sources.map(({ eventNames }) => eventNames?.size ?? 0)}`;
  }

  private compiled(): Filter {
    const { version, names: sources, startUnixMs } = this;
    const events = this.sources.flatMap(({ eventNames: table }, source) =>
      table === undefined ? [] : [{ source, table }],
    );
    const processes = this.processes.all;
    const bindings = bindNames(this.spec, { version, sources, processes, events, startUnixMs });
    const filter = compileFilter(this.spec, bindings);
    if (!filter.ok) throw new Error(filter.failure.message);
    return filter.value;
  }
}
