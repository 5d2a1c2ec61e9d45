/**
 * Pairs starts with ends by what was captured of each, in the order of rows and in bounded memory: how long each pair took,
 * how these lengths are spread, the longest ones, and what has no partner. Pure.
 */
import {
  type Interval,
  type IntervalBin,
  MOST_LISTED_INTERVALS,
  MOST_OPEN_INTERVALS,
} from '../../contract/intervals.ts';

/** A record that is a start or an end. */
export interface PairEvent {
  readonly isStart: boolean;
  readonly key: string;
  readonly row: number;
  readonly timeNs: number;
}

/** Parts of an octave that are counted apart: a figure is right to one per cent. */
const PARTS = 128;
/** Bars of an octave. */
const BARS = 4;
/** Starts without an end that are listed. */
const MOST_OLDEST = 20;

interface Bin {
  count: number;
  mostNs: number;
  startRow: number;
}

export class IntervalPairs {
  pairs = 0;
  leastNs = Number.POSITIVE_INFINITY;
  mostNs = 0;
  restarted = 0;
  endsAlone = 0;
  givenUp = 0;
  private readonly mostOpen: number;
  /** Starts by their keys, the oldest first. */
  private readonly waiting = new Map<string, PairEvent>();
  private readonly counts = new Map<number, number>();
  private readonly bars = new Map<number, Bin>();
  private longest: Interval[] = [];

  constructor(mostOpen = MOST_OPEN_INTERVALS) {
    this.mostOpen = mostOpen;
  }

  /** A record that is both an end and a start is told as two events, the end first. */
  add(event: PairEvent): void {
    const { key } = event;
    const start = this.waiting.get(key);
    if (event.isStart) {
      if (start !== undefined) {
        this.restarted++;
        // Put at the end again, so that the map is in the order of starts.
        this.waiting.delete(key);
      }
      this.waiting.set(key, event);
      if (this.waiting.size > this.mostOpen) this.giveUpOldest();
    } else if (start === undefined) this.endsAlone++;
    else {
      this.waiting.delete(key);
      // A record that was delivered late may lie behind its end.
      this.pair(start, event, Math.max(0, event.timeNs - start.timeNs));
    }
  }

  /** Starts without an end so far. */
  get open(): number {
    return this.waiting.size;
  }

  get oldest(): readonly Pick<Interval, 'startRow' | 'startNs' | 'key'>[] {
    const oldest: Pick<Interval, 'startRow' | 'startNs' | 'key'>[] = [];
    for (const { row, timeNs, key } of this.waiting.values()) {
      if (oldest.length >= MOST_OLDEST) break;
      oldest.push({ startRow: row, startNs: timeNs, key });
    }
    return oldest;
  }

  /** The longest first. */
  get slowest(): readonly Interval[] {
    return this.longest;
  }

  /** The length that a share of the pairs does not exceed; null where there are none. */
  quantile(share: number): number | null {
    if (this.pairs === 0) return null;
    const wanted = Math.max(1, Math.ceil(share * this.pairs));
    let seen = 0;
    for (const [place, count] of [...this.counts].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= wanted) return Math.round(Math.min(this.mostNs, Math.max(this.leastNs, middleOf(place))));
    }
    return this.mostNs;
  }

  /** From the shortest to the longest, with empty ones between. */
  get bins(): readonly IntervalBin[] {
    const places = [...this.bars.keys()];
    if (places.length === 0) return [];
    const [first, last] = [Math.min(...places), Math.max(...places)];
    return Array.from({ length: last - first + 1 }, (_, at) => {
      const bin = this.bars.get(first + at);
      const [fromNs, toNs] = [edgeOf(first + at, BARS), edgeOf(first + at + 1, BARS)];
      return { fromNs, toNs, count: bin?.count ?? 0, startRow: bin?.startRow ?? 0 };
    });
  }

  private giveUpOldest(): void {
    const [oldest] = this.waiting.keys();
    if (oldest === undefined) return;
    this.waiting.delete(oldest);
    this.givenUp++;
  }

  private pair(start: PairEvent, end: PairEvent, ns: number): void {
    this.pairs++;
    this.leastNs = Math.min(this.leastNs, ns);
    this.mostNs = Math.max(this.mostNs, ns);
    const place = placeOf(ns, PARTS);
    this.counts.set(place, (this.counts.get(place) ?? 0) + 1);
    const at = placeOf(ns, BARS);
    const bar = this.bars.get(at);
    if (bar === undefined) this.bars.set(at, { count: 1, mostNs: ns, startRow: start.row });
    else {
      bar.count++;
      if (ns > bar.mostNs) Object.assign(bar, { mostNs: ns, startRow: start.row });
    }
    const shortest = this.longest.at(-1);
    if (this.longest.length >= MOST_LISTED_INTERVALS && shortest !== undefined && ns <= shortest.ns) return;
    const found = { ns, startRow: start.row, startNs: start.timeNs, endRow: end.row, key: start.key };
    const below = this.longest.findIndex((each) => each.ns < ns);
    this.longest.splice(below < 0 ? this.longest.length : below, 0, found);
    if (this.longest.length > MOST_LISTED_INTERVALS) this.longest.pop();
  }
}

/** The place of a length among parts of octaves; nanoseconds below one are one. */
const placeOf = (ns: number, parts: number): number => {
  const octave = Math.floor(Math.log2(Math.max(1, ns)));
  return octave * parts + Math.min(parts - 1, Math.floor((Math.max(1, ns) / 2 ** octave - 1) * parts));
};

/** Where a place begins. */
const edgeOf = (place: number, parts: number): number =>
  2 ** Math.floor(place / parts) * (1 + (((place % parts) + parts) % parts) / parts);

const middleOf = (place: number): number => (edgeOf(place, PARTS) + edgeOf(place + 1, PARTS)) / 2;
