/**
 * One time line for all ring sessions and files whose rows are in a store, whether one followed another or they ran at
 * once. Time 0 is the begin of the first. A source that is stamped by the same clock is placed exactly, also a trace and a
 * recording of one boot of another machine. Any other is
 * placed by the distance of the wall clocks. If the wall clocks disagree (one was set back) and no other source is
 * running, it is moved so that its first row does not lie before the last stored row.
 *
 * Where clocks disagree, a person may state by how much the times of a source are to be moved. Time 0 is then the begin
 * of whichever is the first after that.
 */
import type { SourceClock, SourceInfo } from '../../../native/sources/source.ts';
import type { TimeOrigin } from '../../contract/shown-time.ts';

/** Where one source, a ring session or a file, lies on the common time line. */
export class SourcePlace {
  readonly info: SourceInfo;
  /** Nanoseconds to add to the source's own times. */
  offsetNs: number;
  /** True once the offset is final. */
  settled: boolean;
  /** What a person says the source is to be moved by; part of the offset. */
  readonly statedNs: number;
  /** What it was moved by so that its rows follow those that were there, because wall clocks disagree; part of the offset. */
  followNs = 0;

  constructor(info: SourceInfo, offsetNs: number, settled: boolean, statedNs = 0) {
    this.info = info;
    this.offsetNs = offsetNs;
    this.settled = settled;
    this.statedNs = statedNs;
  }
}

/** Nanoseconds that the machine of a source had been running when it began; null if it does not say. */
function uptimeNs({ clock, uptime = clock }: SourceInfo): number | null {
  if (uptime === undefined || !(uptime.frequency > 0)) return null;
  return Number((BigInt(uptime.startTicks) * 1_000_000_000n) / BigInt(uptime.frequency));
}

/**
 * Two clocks that count from a boot are of one boot if they say of it what the wall clocks say, but for what a wall clock is
 * corrected by meanwhile. Two machines are started within so short a time by a rare accident, and are then no further apart
 * than this: nanoseconds, and parts of the distance.
 */
const SAME_BOOT_NS = 50e6;
const WALL_DRIFT = 1e-4;

/** Nanoseconds from what one clock showed to what another of the same frequency did; null if they are not of that. */
function clockDistance(from: SourceClock | undefined, to: SourceClock | undefined): number | null {
  if (from === undefined || to === undefined || from.frequency !== to.frequency || !(to.frequency > 0)) return null;
  return Number(((BigInt(to.startTicks) - BigInt(from.startTicks)) * 1_000_000_000n) / BigInt(to.frequency));
}

/** Nanoseconds from the begin of `base` to that of `info`, and whether both were read from one clock. */
export function distanceNs(base: SourceInfo, info: SourceInfo): { readonly ns: number; readonly exact: boolean } {
  const known = clockDistance(base.clock, info.clock);
  if (known !== null) return { ns: known, exact: true };
  const wall = Math.round((info.startUnixMs - base.startUnixMs) * 1e6);
  const byBoot = clockDistance(base.uptime ?? base.clock, info.uptime ?? info.clock);
  const machinesDiffer = base.machine !== undefined && info.machine !== undefined && base.machine !== info.machine;
  const stated = base.startEstimated !== true && info.startEstimated !== true;
  if (byBoot === null || machinesDiffer || !stated) return { ns: wall, exact: false };
  const isSameBoot = Math.abs(byBoot - wall) <= SAME_BOOT_NS + WALL_DRIFT * Math.abs(byBoot);
  return isSameBoot ? { ns: byBoot, exact: true } : { ns: wall, exact: false };
}

/** A source, and what it is moved by. */
type Placed = Pick<SourcePlace, 'info' | 'statedNs'>;

/** The distance on the common time line, with what both are moved by. It is of one clock only where neither is moved. */
function placedDistance(base: Placed, placed: Placed): { readonly ns: number; readonly exact: boolean } {
  const { ns, exact } = distanceNs(base.info, placed.info);
  const unmoved = base.statedNs === 0 && placed.statedNs === 0;
  return { ns: ns + placed.statedNs - base.statedNs, exact: exact && unmoved };
}

export class SessionTime {
  private base: Placed | null = null;
  /** Of rows that were recorded and have no source here. */
  private recordedUnixMs = 0;
  private lastNs = 0;
  private hasRows = false;
  /** True if there are such rows. */
  private recorded = false;
  private recordedBootNs: number | null = null;
  /** False once a source was placed by its wall clock: how long its machine had been running is not known of its rows. */
  private oneClock = true;
  /** True once a source stated a wall clock. */
  private stated = false;

  /** Wall clock of time 0, milliseconds since 1970 UTC; 0 before the first source. */
  get startUnixMs(): number {
    const { base } = this;
    return base === null ? this.recordedUnixMs : base.info.startUnixMs + base.statedNs / 1e6;
  }

  /** What is known of when time 0 was, as the times of all rows may be shown by it. */
  get origin(): TimeOrigin {
    const { base, startUnixMs } = this;
    const bootNs = base === null ? this.recordedBootNs : this.oneClock ? uptimeNs(base.info) : null;
    return { startUnixMs: this.stated && startUnixMs > 0 ? startUnixMs : null, bootNs };
  }

  /** Rows are there already whose time 0 was at `unixMs`, of these sources. */
  restore(unixMs: number, sources: readonly SourceInfo[] = []): void {
    this.recordedUnixMs = unixMs;
    this.recorded = true;
    this.stated = sources.length === 0 || sources.some(({ startEstimated }) => startEstimated !== true);
    // Time 0 is the begin of one of them. All of them have to be of its clock.
    const first = sources.find(({ startUnixMs }) => startUnixMs === unixMs);
    const placed = first !== undefined && sources.every((info) => info === first || distanceNs(first, info).exact);
    this.recordedBootNs = placed ? uptimeNs(first) : null;
  }

  /**
   * Called before the first row of a source. `others` are the places of the sources that continue beside it. `statedNs`:
   * what a person says its times are to be moved by.
   */
  begin(info: SourceInfo, others: readonly SourcePlace[], statedNs = 0): SourcePlace {
    const placed: Placed = { info, statedNs };
    // As long as there is no row, time 0 can still become the begin of an earlier source.
    if (this.base === null || (!this.hasRows && (others.length === 0 || placedDistance(this.base, placed).ns < 0))) {
      this.base = placed;
      this.oneClock = !this.recorded && statedNs === 0;
      for (const place of others) {
        const { ns, exact } = placedDistance(placed, place);
        place.offsetNs = ns;
        if (!exact) this.oneClock = false;
      }
    }
    const { ns, exact } = placedDistance(this.base, placed);
    if (this.base !== placed && !exact) this.oneClock = false;
    if (info.startEstimated !== true) this.stated = true;
    // One that a person has placed is not moved any further.
    return new SourcePlace(info, ns, exact || others.length > 0 || statedNs !== 0, statedNs);
  }

  /** Called when all rows were cleared; `places` are the sources that continue. */
  clear(places: readonly SourcePlace[]): void {
    this.base = null;
    this.recorded = false;
    this.recordedBootNs = null;
    this.stated = false;
    this.lastNs = 0;
    this.hasRows = false;
    const gone: SourcePlace[] = [];
    for (const place of places) {
      place.offsetNs = this.begin(place.info, gone, place.statedNs).offsetNs;
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
      const ahead = this.lastNs - (firstNs + place.offsetNs);
      if (this.hasRows && ahead > 0) {
        place.offsetNs = this.lastNs - firstNs;
        place.followNs = Math.round(ahead);
      }
    }
    this.hasRows = true;
    this.lastNs = Math.max(this.lastNs, lastNs + place.offsetNs);
  }
}
