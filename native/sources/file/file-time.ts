/**
 * Puts the times of a file on one line: nanoseconds since the begin of its session. A file may state seconds since the
 * capture began, times of day without a date, or full dates, and may change from one to the other in the middle; then the
 * first record of the new kind is taken to be of the moment of the last one before.
 */
import { type ParsedLine, TimeKind } from './line-format.ts';

const DAY_SECONDS = 86_400;
const LATE_SECONDS = 23 * 3600;

/** What is known of the machine and day that a file is of. */
export interface FileDay {
  /** When the file was last written, milliseconds since 1970 UTC. */
  readonly modifiedMs: number;
  /** Minutes to add to UTC for the local time at a moment; the machine's own rule. */
  readonly offsetMinutes: (unixMs: number) => number;
}

export class FileTime {
  private readonly day: FileDay;
  private kind: TimeKind = TimeKind.None;
  /** Seconds to take off the times of this kind. */
  private baseSeconds = 0;
  private baseNs = 0;
  private lastNs = 0;
  private lastSeconds = 0;
  private days = 0;
  private startMs: number | null = null;

  constructor(day: FileDay) {
    this.day = day;
  }

  /** Wall clock of time 0, milliseconds since 1970 UTC; before the first time, and for files without a date, an estimate. */
  get startUnixMs(): number {
    return this.startMs ?? this.day.modifiedMs;
  }

  /** Nanoseconds of the newest record. */
  get latestNs(): number {
    return this.lastNs;
  }

  /** Nanoseconds since the begin of the session; those of the record before if the line states no time. */
  place(line: ParsedLine): number {
    if (line.timeKind === TimeKind.None) return this.lastNs;
    let seconds = line.seconds;
    if (line.timeKind === TimeKind.TimeOfDay) {
      if (this.kind === TimeKind.TimeOfDay) {
        const before = this.lastSeconds - this.days * DAY_SECONDS;
        // Past midnight the clock falls by a day; a clock that was set moves it by less. A record that rises by nearly a
        // day was written late, and belongs before midnight.
        if (seconds < before - DAY_SECONDS / 2) this.days++;
        else if (seconds > before + LATE_SECONDS && this.days > 0) this.days--;
      }
      seconds += this.days * DAY_SECONDS;
    }
    if (line.timeKind !== this.kind) this.change(line, seconds);
    this.lastSeconds = seconds;
    this.lastNs = (seconds - this.baseSeconds) * 1e9 + line.nanoseconds + this.baseNs;
    return this.lastNs;
  }

  /** The first time of a kind: the begin of the session, or the moment of the last time of another kind. */
  private change(line: ParsedLine, seconds: number): void {
    const first = this.kind === TimeKind.None;
    const elapsed = line.timeKind === TimeKind.Elapsed;
    if (first) {
      // Elapsed time already counts from the begin.
      this.baseSeconds = elapsed ? 0 : seconds;
      const since = Number.isNaN(line.sinceBeginNs) ? 0 : line.sinceBeginNs;
      this.baseNs = elapsed ? 0 : since - line.nanoseconds;
      this.startMs = this.wallMs(line, seconds, line.nanoseconds - since);
    } else {
      this.baseSeconds = seconds;
      this.baseNs = this.lastNs - line.nanoseconds;
    }
    this.kind = line.timeKind;
  }

  private wallMs(line: ParsedLine, seconds: number, nanoseconds: number): number {
    const { modifiedMs, offsetMinutes } = this.day;
    const ms = seconds * 1000 + nanoseconds / 1e6;
    switch (line.timeKind) {
      case TimeKind.Utc:
        return ms;
      case TimeKind.Local:
        return ms - offsetMinutes(ms - offsetMinutes(ms) * 60_000) * 60_000;
      case TimeKind.TimeOfDay: {
        // Of the day on which the file was last written, or the one before if that would be in its future.
        const offset = offsetMinutes(modifiedMs) * 60_000;
        const midnight = Math.floor((modifiedMs + offset) / 86_400_000) * 86_400_000 - offset;
        return midnight + ms <= modifiedMs ? midnight + ms : midnight + ms - 86_400_000;
      }
      default:
        return modifiedMs;
    }
  }
}
