/**
 * Counts the records that name a value, one after the other in the order of rows, in bounded memory however many there are:
 * how many on which CPU, the longest gaps between them, and bars over time whose span doubles when there are too many. Pure.
 */
import { type LifeGap, MOST_LIFE_BARS, MOST_LIFE_CPUS, MOST_LIFE_GAPS } from '../../contract/life.ts';

interface Bar {
  count: number;
  readonly row: number;
}

/** The shortest span of a bar, nanoseconds. */
const FIRST_BAR_NS = 1000;

export class LifeTally {
  count = 0;
  firstRow = 0;
  firstNs = 0;
  lastRow = 0;
  lastNs = 0;
  private readonly byCpu = new Map<number, number>();
  private longest: LifeGap[] = [];
  /** By their places: a multiple of `barNs` each. */
  private bars = new Map<number, Bar>();
  private width = FIRST_BAR_NS;

  /** Rows come in order; their times may go back a little, where a record came late. */
  add(row: number, timeNs: number, cpu: number): void {
    if (this.count === 0) {
      this.firstRow = row;
      this.firstNs = timeNs;
    } else this.noteGap({ ns: timeNs - this.lastNs, fromRow: this.lastRow, toRow: row, fromNs: this.lastNs });
    this.count++;
    this.lastRow = row;
    this.lastNs = timeNs;
    const known = this.byCpu.get(cpu);
    if (known !== undefined || this.byCpu.size < MOST_LIFE_CPUS) this.byCpu.set(cpu, (known ?? 0) + 1);
    this.noteBar(row, timeNs, 1);
  }

  /** The CPUs with the most records first. */
  get cpus(): readonly { readonly cpu: number; readonly count: number }[] {
    return [...this.byCpu].map(([cpu, count]) => ({ cpu, count })).sort((a, b) => b.count - a.count || a.cpu - b.cpu);
  }

  get gaps(): readonly LifeGap[] {
    return this.longest;
  }

  get barNs(): number {
    return this.width;
  }

  /** Where the first bar begins. */
  get barsFromNs(): number {
    return this.bars.size === 0 ? 0 : Math.min(...this.bars.keys()) * this.width;
  }

  /** All bars from the first to the last, those with no record among them. */
  get allBars(): readonly { readonly count: number; readonly row: number }[] {
    if (this.bars.size === 0) return [];
    const places = [...this.bars.keys()];
    const [first, last] = [Math.min(...places), Math.max(...places)];
    let row = this.firstRow;
    return Array.from({ length: last - first + 1 }, (_, at) => {
      const bar = this.bars.get(first + at);
      row = bar?.row ?? row;
      return { count: bar?.count ?? 0, row };
    });
  }

  private noteGap(gap: LifeGap): void {
    const shortest = this.longest.at(-1);
    if (gap.ns <= 0 || (this.longest.length >= MOST_LIFE_GAPS && shortest !== undefined && gap.ns <= shortest.ns))
      return;
    this.longest = [...this.longest, gap].sort((a, b) => b.ns - a.ns || a.fromRow - b.fromRow).slice(0, MOST_LIFE_GAPS);
  }

  private noteBar(row: number, timeNs: number, count: number): void {
    const place = Math.floor(timeNs / this.width);
    const bar = this.bars.get(place);
    if (bar !== undefined) {
      bar.count += count;
      return;
    }
    this.bars.set(place, { count, row });
    while (this.span() > MOST_LIFE_BARS) this.widen();
  }

  private span(): number {
    const places = [...this.bars.keys()];
    return Math.max(...places) - Math.min(...places) + 1;
  }

  private widen(): void {
    const before = this.bars;
    this.bars = new Map();
    this.width *= 2;
    for (const [place, { count, row }] of before) {
      const wide = this.bars.get(Math.floor(place / 2));
      if (wide === undefined) this.bars.set(Math.floor(place / 2), { count, row });
      else wide.count += count;
    }
  }
}
