/**
 * Converts the times of a file into nanoseconds since the begin of its session. A file may state seconds since the
 * capture began, times of day without a date, or full dates, and may change between them in the middle. After a change,
 * the first record of the new kind is assumed to be of the same moment as the last one before.
 */
import { type ParsedLine, TimeKind } from './line-format.ts';

const DAY_SECONDS = 86_400;
const LATE_SECONDS = 23 * 3600;

/** What is known of the day on which a file was written, and of the time zone. */
export interface FileDay {
  /** When the file was last written, milliseconds since 1970 UTC. */
  readonly modifiedMs: number;
  /** Minutes to add to UTC for the local time at a moment, by the rules of this machine's time zone. */
  readonly offsetMinutes: (unixMs: number) => number;
}

export class FileTime {
  private readonly day: FileDay;
  private kind: TimeKind = TimeKind.None;
  /** Seconds that are subtracted from times of the current kind. */
  private baseSeconds = 0;
  private baseNs = 0;
  private lastNs = 0;
  private lastSeconds = 0;
  private days = 0;
  private startMs: number | null = null;

  constructor(day: FileDay) {
    this.day = day;
  }

  /**
   * Wall clock of time 0, milliseconds since 1970 UTC. Before the first time was read, and for files without a date, it
   * is an estimate.
   */
  get startUnixMs(): number {
    return this.startMs ?? this.day.modifiedMs;
  }

  /** Nanoseconds of the newest record. */
  get latestNs(): number {
    return this.lastNs;
  }

  /** Whether the newest time was of this kind: `placeNext` then takes further ones. */
  goesOn(kind: TimeKind): boolean {
    return kind === this.kind;
  }

  /** Nanoseconds from the begin of the session to the line; those of the record before if the line states no time. */
  place(line: ParsedLine): number {
    const { timeKind, seconds, nanoseconds } = line;
    if (timeKind === TimeKind.None) return this.lastNs;
    if (timeKind === this.kind) return this.placeNext(seconds, nanoseconds);
    const since = timeKind === TimeKind.TimeOfDay ? seconds + this.days * DAY_SECONDS : seconds;
    this.change(line, since);
    return this.settle(since, nanoseconds);
  }

  /** `place` for a time of the same kind as the one before. */
  placeNext(seconds: number, nanoseconds: number): number {
    if (this.kind !== TimeKind.TimeOfDay) return this.settle(seconds, nanoseconds);
    const before = this.lastSeconds - this.days * DAY_SECONDS;
    // At midnight the time of day falls by nearly a whole day; when somebody sets the clock, it moves by less. A
    // time that rises by nearly a day belongs to a record written late, from before midnight.
    if (seconds < before - DAY_SECONDS / 2) this.days++;
    else if (seconds > before + LATE_SECONDS && this.days > 0) this.days--;
    return this.settle(seconds + this.days * DAY_SECONDS, nanoseconds);
  }

  private settle(seconds: number, nanoseconds: number): number {
    this.lastSeconds = seconds;
    this.lastNs = (seconds - this.baseSeconds) * 1e9 + nanoseconds + this.baseNs;
    return this.lastNs;
  }

  /**
   * Called for each time whose kind differs from that of the time before. The first of all is the begin of the session;
   * any other is taken to be of the moment of the last time of the earlier kind.
   */
  private change(line: ParsedLine, seconds: number): void {
    const first = this.kind === TimeKind.None;
    const elapsed = line.timeKind === TimeKind.Elapsed;
    if (first) {
      // Elapsed time already counts from the begin of the session.
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
        // The time belongs to the day on which the file was last written, or to the day before if it would otherwise be
        // later than that.
        const offset = offsetMinutes(modifiedMs) * 60_000;
        const midnight = Math.floor((modifiedMs + offset) / 86_400_000) * 86_400_000 - offset;
        return midnight + ms <= modifiedMs ? midnight + ms : midnight + ms - 86_400_000;
      }
      default:
        return modifiedMs;
    }
  }
}
