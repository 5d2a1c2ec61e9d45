/**
 * Time stamps of a logging session as nanoseconds since the first one of the file began. In doubles: this runs for
 * every event, and a whole number of 64 bits costs an allocation. Exact while a logging session is shorter than 2^53
 * ticks: 28 years at the usual 10 MHz.
 */
import { difference } from '../../core/u64.ts';
import type { TraceHeader } from './trace-header.ts';

/** What a logging session says of its clock. */
export type ClockFacts = Pick<TraceHeader, 'startTicks' | 'startTime' | 'frequency'>;

export class TraceClock<Facts extends ClockFacts = ClockFacts> {
  readonly header: Facts;
  private readonly startHi: number;
  private readonly startLo: number;
  private readonly frequency: number;
  /** Nanoseconds a tick if that is a whole number; else 0. */
  private readonly nsPerTick: number;
  private readonly offsetNs: number;

  /** `first`: header of the first logging session, whose begin is time 0. */
  constructor(header: Facts, first: ClockFacts) {
    this.header = header;
    this.startHi = Number(header.startTicks >> 32n);
    this.startLo = Number(header.startTicks & 0xffffffffn);
    this.frequency = Number(header.frequency);
    const nsPerTick = 1e9 / this.frequency;
    this.nsPerTick = Number.isInteger(nsPerTick) ? nsPerTick : 0;
    this.offsetNs = Number(header.startTime - first.startTime) * 100;
  }

  /** The time of the stamp at `at` of `view`. */
  nsAt(view: DataView, at: number): number {
    return this.nsOf(view.getInt32(at + 4, true), view.getUint32(at, true));
  }

  /** The time of a stamp in its two words; `low` from 0 on. */
  nsOf(high: number, low: number): number {
    const ticks = difference(high, low, this.startHi, this.startLo);
    if (this.nsPerTick > 0) return ticks * this.nsPerTick + this.offsetNs;
    // Seconds are converted apart from the rest: the product of all ticks would be too large for a double to be exact.
    const seconds = Math.trunc(ticks / this.frequency);
    return seconds * 1e9 + Math.trunc(((ticks - seconds * this.frequency) * 1e9) / this.frequency) + this.offsetNs;
  }

  get startNs(): number {
    return this.offsetNs;
  }
}
