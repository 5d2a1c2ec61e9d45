/**
 * A session's capture filter: removes the rows that it hides from a batch before the batch is stored. Removed rows are
 * gone for good, so only rows that a person has hidden on purpose are removed. Loss markers are always kept. A regular
 * expression only hides rows and never removes any, because capture must not wait for it to be evaluated. Terms whose
 * meaning is not settled when a row arrives, such as names that become known later and the time between two rows, do not
 * remove any either. Every removed row is counted.
 */
import { type EntryBatch, RowKind } from '../../../native/core/entry.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import { compileFilter, type Filter } from '../search/filter.ts';
import { compileTerms } from '../search/term-filter.ts';
import { Segment } from '../store/segment.ts';
import { PickedBatch } from './picked-batch.ts';

/** The part of a filter by which rows are dropped. */
function droppingPart({ terms, ...others }: FilterSpec): FilterSpec {
  const spec = others.text?.regex ? { ...others, text: null } : others;
  const compiled = terms && compileTerms(terms, []);
  if (terms === undefined || !compiled?.ok) return spec;
  const { runsExpressions, readsNames, readsBefore } = compiled.value;
  return runsExpressions || readsNames || readsBefore ? spec : { ...spec, terms };
}

export class CaptureFilter {
  /** Rows dropped since the last clear. */
  dropped = 0;
  private droppedByCpu = new Float64Array(64);
  /** One above the highest CPU of which a row was dropped. */
  private cpus = 0;
  /** How often the filter was changed. */
  changes = 0;
  private inForce: FilterSpec | null = null;
  private filter: Filter | null = null;
  private readonly picked = new PickedBatch();
  private found = new Uint32Array(0);
  /** Places of the rows that are kept. */
  private places = new Uint32Array(0);

  /** The filter in force; null while every row is kept. */
  get spec(): FilterSpec | null {
    return this.inForce;
  }

  /** Changes the filter for batches taken from now on. Throws for one that does not compile, which the caller has checked. */
  set(spec: FilterSpec | null): void {
    const compiled = spec && compileFilter(droppingPart(spec));
    if (compiled?.ok === false) throw new Error(compiled.failure.message);
    this.inForce = spec;
    this.filter = compiled?.value ?? null;
    this.changes++;
  }

  /**
   * The batch without the rows that the filter hides. This is the batch itself if it hides none; otherwise it is valid
   * until the next call.
   */
  take(batch: EntryBatch): EntryBatch {
    const { filter } = this;
    if (filter === null || filter.showsAll || batch.count === 0) return batch;
    if (this.found.length < batch.count) {
      this.found = new Uint32Array(batch.capacity);
      this.places = new Uint32Array(batch.capacity);
    }
    const found = filter.scan(Segment.of({ ...batch, rows: batch.count }), 0, batch.count, this.found);
    return found === batch.count ? batch : this.gather(batch, found);
  }

  /** `totals` by CPU plus the rows dropped since the last clear: everything that arrived. */
  addedTo(totals: Float64Array): Float64Array {
    if (this.dropped === 0) return totals;
    const sums = new Float64Array(Math.max(totals.length, this.cpus));
    sums.set(totals);
    for (let cpu = 0; cpu < this.cpus; cpu++) sums[cpu] = (sums[cpu] as number) + (this.droppedByCpu[cpu] as number);
    return sums;
  }

  clear(): void {
    this.dropped = 0;
    this.droppedByCpu.fill(0);
    this.cpus = 0;
  }

  /** Collects the rows that were found and all loss markers. */
  private gather(batch: EntryBatch, found: number): EntryBatch {
    const { picked, places } = this;
    let next = 0;
    let to = 0;
    for (let at = 0; at < batch.count; at++) {
      const shown = next < found && this.found[next] === at;
      if (shown) next++;
      if (shown || batch.kind[at] !== RowKind.Entry) places[to++] = at;
      else this.noteDropped(batch.cpu[at] as number);
    }
    return picked.of(batch, places, to);
  }

  private noteDropped(cpu: number): void {
    this.dropped++;
    this.cpus = Math.max(this.cpus, cpu + 1);
    if (cpu >= this.droppedByCpu.length) {
      const grown = new Float64Array(Math.max(cpu + 1, this.droppedByCpu.length * 2));
      grown.set(this.droppedByCpu);
      this.droppedByCpu = grown;
    }
    this.droppedByCpu[cpu] = (this.droppedByCpu[cpu] as number) + 1;
  }
}
