/**
 * One time line for the sessions that follow one another in a store. Time 0 is the begin of the first; a later one is
 * moved by the distance of their wall clocks. Should those disagree (a clock was set back, or a source is older than the
 * first), the session is moved further, so that its first row does not lie before the last row there is.
 */
import type { SourceInfo } from '../../native/sources/source.ts';

export class SessionTime {
  private baseUnixMs: number | null = null;
  private lastNs = 0;
  private hasRows = false;
  private offset = 0;
  private settled = false;

  /** Wall clock of time 0, milliseconds since 1970 UTC; 0 before the first session. */
  get startUnixMs(): number {
    return this.baseUnixMs ?? 0;
  }

  /** Rows of this session come next. */
  begin(info: SourceInfo): void {
    if (this.baseUnixMs === null || !this.hasRows) this.baseUnixMs = info.startUnixMs;
    this.offset = Math.round((info.startUnixMs - this.baseUnixMs) * 1e6);
    this.settled = false;
  }

  /** All rows are gone: the session in use, if there is one, is the first. */
  clear(info: SourceInfo | null): void {
    this.baseUnixMs = info?.startUnixMs ?? null;
    this.lastNs = 0;
    this.hasRows = false;
    this.offset = 0;
    this.settled = false;
  }

  /** Nanoseconds to add to the times of the session in use, given the first and last of those about to be added. */
  place(firstNs: number, lastNs: number): number {
    if (!this.settled) {
      this.settled = true;
      if (this.hasRows && firstNs + this.offset < this.lastNs) this.offset = this.lastNs - firstNs;
    }
    this.hasRows = true;
    this.lastNs = Math.max(this.lastNs, lastNs + this.offset);
    return this.offset;
  }
}
