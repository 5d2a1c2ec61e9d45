/**
 * Counts records and losses of each CPU over time, row after row, in bounded memory. Over a whole log that still grows the
 * spans of time double when there are too many; of a part of it they are what they are, and rows elsewhere only tell when a
 * CPU wrote last. Pure.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { LANE_BUCKETS, type Lane, type LaneLoss, type LaneRange, MOST_LANES } from '../../contract/lanes.ts';
import type { Segment } from '../store/segment.ts';

/** The shortest span of a whole log, nanoseconds. */
const FIRST_BUCKET_NS = 1000;
/** A CPU is silent if it has written nothing for so long, and for so many times its usual distance. */
const SILENT_NS = 1e9;
const SILENT_TIMES = 20;

class Counts {
  readonly cpu: number;
  records = 0;
  lost = 0;
  firstNs = Number.POSITIVE_INFINITY;
  lastNs = Number.NEGATIVE_INFINITY;
  readonly counts = new Float64Array(LANE_BUCKETS);
  /** By their spans; few CPUs lose in many. */
  losses = new Map<number, LaneLoss>();
  readonly rows = new Float64Array(LANE_BUCKETS).fill(-1);

  constructor(cpu: number) {
    this.cpu = cpu;
  }

  /** Makes one span of two each. */
  widen(): void {
    const { counts, rows } = this;
    for (let at = 0; at < LANE_BUCKETS; at++) {
      const [a, b] = [at * 2, at * 2 + 1];
      const has = a < LANE_BUCKETS;
      counts[at] = has ? (counts[a] as number) + (counts[b] as number) : 0;
      rows[at] = has ? ((rows[a] as number) >= 0 ? (rows[a] as number) : (rows[b] as number)) : -1;
    }
    const losses = [...this.losses.values()];
    this.losses = new Map();
    for (const loss of losses) this.addLoss({ ...loss, span: loss.span >> 1 });
  }

  addLoss(loss: LaneLoss): void {
    const before = this.losses.get(loss.span);
    this.losses.set(loss.span, before === undefined ? loss : together(before, loss));
  }
}

/** Two losses of one span: where the record before is the same, nothing lies between them. */
function together(a: LaneLoss, b: LaneLoss): LaneLoss {
  const longer = b.toNs - b.fromNs > a.toNs - a.fromNs ? b : a;
  const isOne = a.fromNs === b.fromNs && a.toNs === b.toNs;
  return { ...longer, places: a.places + b.places - Number(isOne), lost: a.lost + b.lost };
}

export class LaneTally {
  others = 0;
  logFromNs = Number.POSITIVE_INFINITY;
  logToNs = Number.NEGATIVE_INFINITY;
  private readonly range: LaneRange | null;
  private readonly byCpu: (Counts | undefined)[] = [];
  private known = 0;
  private base: number;
  private width: number;

  /** `range` null: the whole log. */
  constructor(range: LaneRange | null) {
    this.range = range;
    this.base = range?.fromNs ?? Number.NaN;
    this.width = range === null ? FIRST_BUCKET_NS : Math.max(1, (range.toNs - range.fromNs) / LANE_BUCKETS);
  }

  get fromNs(): number {
    return Number.isNaN(this.base) ? 0 : this.base;
  }

  get bucketNs(): number {
    return this.width;
  }

  /** Looks at offsets `from..to-1`, which follow those before. */
  add(segment: Segment, from: number, to: number): void {
    const { cpu, timeNs, kind, remarks, firstRow } = segment;
    for (let offset = from; offset < to; offset++) {
      const isLoss = kind.get(offset) !== RowKind.Entry;
      const lost = isLoss ? remarks.get(offset) : 0;
      this.addRow(cpu[offset] as number, timeNs[offset] as number, lost, isLoss, firstRow + offset);
    }
  }

  /** By number of CPU; one is silent from its last record to `untilNs`, or to the end of the log if that is later. */
  lanesUntil(untilNs: number): readonly Lane[] {
    const endNs = Math.max(untilNs, this.logToNs);
    return this.byCpu.flatMap((each) => {
      if (each === undefined) return [];
      const { cpu, records, lost, lastNs, firstNs, counts, losses, rows } = each;
      const usual = records > 1 ? (lastNs - firstNs) / (records - 1) : 0;
      const silent = endNs - lastNs;
      return [
        {
          ...{ cpu, records, lost, lastNs: records === 0 ? 0 : lastNs },
          silentNs: records > 0 && silent > Math.max(SILENT_NS, SILENT_TIMES * usual) ? silent : null,
          ...{ counts: [...counts], rows: [...rows] },
          losses: [...losses.values()].sort((a, b) => a.span - b.span),
        },
      ];
    });
  }

  private addRow(cpu: number, timeNs: number, lost: number, isLoss: boolean, row: number): void {
    if (timeNs < this.logFromNs) this.logFromNs = timeNs;
    if (timeNs > this.logToNs) this.logToNs = timeNs;
    let own = this.byCpu[cpu];
    if (own === undefined) {
      if (this.known >= MOST_LANES) {
        this.others++;
        return;
      }
      this.known++;
      own = new Counts(cpu);
      this.byCpu[cpu] = own;
    }
    // The record that follows a loss has its time, and the one before is the last of its CPU.
    const fromNs = Math.min(timeNs, own.lastNs === Number.NEGATIVE_INFINITY ? timeNs : own.lastNs);
    if (isLoss) own.lost += lost;
    else {
      own.records++;
      if (timeNs < own.firstNs) own.firstNs = timeNs;
      if (timeNs > own.lastNs) own.lastNs = timeNs;
    }
    const place = this.placeOf(timeNs, isLoss ? fromNs : timeNs);
    if (place < 0) return;
    if (isLoss) own.addLoss({ span: place, places: 1, fromNs, toNs: timeNs, lost, row });
    else own.counts[place] = (own.counts[place] as number) + 1;
    if ((own.rows[place] as number) < 0) own.rows[place] = row;
  }

  /** The span of a time, or the last one for a loss that begins before its end; -1 for what is not looked at. */
  private placeOf(timeNs: number, fromNs: number): number {
    if (this.range !== null) {
      if (timeNs >= this.range.toNs && fromNs < this.range.toNs) return LANE_BUCKETS - 1;
      const place = Math.floor((timeNs - this.base) / this.width);
      return timeNs >= this.range.toNs || place >= LANE_BUCKETS ? -1 : Math.max(-1, place);
    }
    if (Number.isNaN(this.base)) this.base = timeNs;
    // A record that was delivered late may be from before the first one.
    const place = Math.max(0, Math.floor((timeNs - this.base) / this.width));
    if (place < LANE_BUCKETS) return place;
    while (Math.floor((timeNs - this.base) / this.width) >= LANE_BUCKETS) {
      this.width *= 2;
      for (const each of this.byCpu) each?.widen();
    }
    return Math.floor((timeNs - this.base) / this.width);
  }
}
