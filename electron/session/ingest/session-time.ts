/**
 * One time line for all ring sessions and files whose rows are in a store, whether one followed another or they ran at
 * once. Time 0 is the begin of the first. A source that is stamped by the same clock is placed exactly. Any other is
 * placed by the distance of the wall clocks. If the wall clocks disagree (one was set back) and no other source is
 * running, it is moved so that its first row does not lie before the last stored row.
 */
import type { SourceInfo } from '../../../native/sources/source.ts';

/** Where one source, a ring session or a file, lies on the common time line. */
export class SourcePlace {
  readonly info: SourceInfo;
  /** Nanoseconds to add to the source's own times. */
  offsetNs: number;
  /** True once the offset is final. */
  settled: boolean;

  constructor(info: SourceInfo, offsetNs: number, settled: boolean) {
    this.info = info;
    this.offsetNs = offsetNs;
    this.settled = settled;
  }
}

/** Nanoseconds from the begin of `base` to that of `info`, and whether both were read from one clock. */
export function distanceNs(base: SourceInfo, info: SourceInfo): { readonly ns: number; readonly exact: boolean } {
  const [from, to] = [base.clock, info.clock];
  if (from !== undefined && to !== undefined && from.frequency === to.frequency) {
    const ticks = BigInt(to.startTicks) - BigInt(from.startTicks);
    return { ns: Number((ticks * 1_000_000_000n) / BigInt(to.frequency)), exact: true };
  }
  return { ns: Math.round((info.startUnixMs - base.startUnixMs) * 1e6), exact: false };
}

export class SessionTime {
  private base: SourceInfo | null = null;
  /** Of rows that were recorded and have no source here. */
  private recordedUnixMs = 0;
  private lastNs = 0;
  private hasRows = false;

  /** Wall clock of time 0, milliseconds since 1970 UTC; 0 before the first source. */
  get startUnixMs(): number {
    return this.base?.startUnixMs ?? this.recordedUnixMs;
  }

  /** Rows are there already whose time 0 was at `unixMs`. */
  restore(unixMs: number): void {
    this.recordedUnixMs = unixMs;
  }

  /** Called before the first row of a source. `others` are the places of the sources that continue beside it. */
  begin(info: SourceInfo, others: readonly SourcePlace[]): SourcePlace {
    // As long as there is no row, time 0 can still become the begin of an earlier source.
    if (this.base === null || (!this.hasRows && (others.length === 0 || distanceNs(this.base, info).ns < 0))) {
      this.base = info;
      for (const place of others) place.offsetNs = distanceNs(info, place.info).ns;
    }
    const { ns, exact } = distanceNs(this.base, info);
    return new SourcePlace(info, ns, exact || others.length > 0);
  }

  /** Called when all rows were cleared; `places` are the sources that continue. */
  clear(places: readonly SourcePlace[]): void {
    this.base = null;
    this.lastNs = 0;
    this.hasRows = false;
    const gone: SourcePlace[] = [];
    for (const place of places) {
      place.offsetNs = this.begin(place.info, gone).offsetNs;
      gone.push(place);
    }
  }

  /**
   * Called before rows of a source are added. `firstNs` and `lastNs` are the source's own times of the first and last
   * of them.
   */
  note(place: SourcePlace, firstNs: number, lastNs: number): void {
    if (!place.settled) {
      place.settled = true;
      if (this.hasRows && firstNs + place.offsetNs < this.lastNs) place.offsetNs = this.lastNs - firstNs;
    }
    this.hasRows = true;
    this.lastNs = Math.max(this.lastNs, lastNs + place.offsetNs);
  }
}
