/**
 * What the clock of a live source shows now. A source cannot be asked, but every record says what it showed at least when
 * the record was written, and from then on it goes on like the clock of this process. Pure.
 */
export class LiveClock {
  /** The source's clock minus that of the process, nanoseconds, as far as it is known. */
  private aheadNs = Number.NEGATIVE_INFINITY;

  /** The source has shown `timeNs` by `nowMs`; both count from moments of their own. */
  note(timeNs: number, nowMs: number): void {
    // A record that was long on its way says less than one that came at once.
    this.aheadNs = Math.max(this.aheadNs, timeNs - nowMs * 1e6);
  }

  /** What it shows at `nowMs` at least, nanoseconds; null before anything was noted. */
  at(nowMs: number): number | null {
    return this.aheadNs === Number.NEGATIVE_INFINITY ? null : this.aheadNs + nowMs * 1e6;
  }
}
