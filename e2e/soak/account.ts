/**
 * Checks the rows that one reader delivered: every attempt of the producers it read must be among them, or be counted
 * as lost exactly where it would stand, once and in order. The check relies only on the numbers in the texts, which the
 * producer took from the records it wrote, and on the producer's memory at its end; it does not rely on anything that
 * the reader reports about itself.
 */
import type { SoakRow } from './rows.ts';

/** The part of a producer's life that one reader has to show. */
export interface LifePart {
  /** In the mark of each text. */
  readonly tag: number;
  readonly order: 'index' | 'clock';
  /** Per CPU: attempts that were accounted for before this reader, and the last that it accounts for. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export interface Expectation {
  /** In the order they were read. */
  readonly lives: readonly LifePart[];
  /** False if the reader was ended before it could write all it had taken: its rows may then end anywhere. */
  readonly complete: boolean;
  /** True if the oldest rows may have been dropped, as the reader's status told: the rows may then begin anywhere. */
  readonly dropped: boolean;
}

/** Where the rows of one CPU stand. */
interface Place {
  life: number;
  attempt: number;
  /** False until the first mark, where the oldest rows may be missing. */
  known: boolean;
  lastKey: number;
  lastIsEntry: boolean;
}

const MOST_FINDINGS = 20;

export class RowCheck {
  readonly findings: string[] = [];
  entries = 0;
  gaps = 0;
  lost = 0;
  late = 0;

  private readonly expected: Expectation;
  private readonly places: Place[];
  /** The largest key that came out, by life. */
  private readonly highest: number[];

  constructor(expected: Expectation) {
    this.expected = expected;
    this.highest = expected.lives.map(() => Number.NEGATIVE_INFINITY);
    const cpus = Math.max(0, ...expected.lives.map((life) => life.from.length));
    this.places = Array.from({ length: cpus }, (_, cpu) => ({
      life: 0,
      attempt: expected.lives[0]?.from[cpu] ?? 0,
      known: !expected.dropped,
      lastKey: Number.NEGATIVE_INFINITY,
      lastIsEntry: false,
    }));
  }

  get rows(): number {
    return this.entries + this.gaps;
  }

  take(row: SoakRow): void {
    if (row.lost > 0) {
      this.gaps++;
      this.lost += row.lost;
    } else {
      this.entries++;
      if (row.late) this.late++;
    }
    if (row.torn !== null) this.find(row.torn);
    const place = this.places[row.cpu];
    if (place === undefined) {
      this.find(`a row of CPU ${row.cpu}, which no producer had`);
      return;
    }
    this.place(row, place);
    if (place.known) this.order(row, place);
  }

  /** To be called after the last row. */
  finish(): readonly string[] {
    const { lives, complete } = this.expected;
    const reached = complete ? lives.length - 1 : Math.max(0, ...this.places.map((place) => place.life));
    for (const [cpu, place] of this.places.entries()) {
      if (!place.known) continue;
      this.skipEnded(place, cpu, reached);
      const life = lives[place.life] as LifePart;
      const to = life.to[cpu] ?? 0;
      if (place.life < reached || (complete && place.attempt !== to)) {
        this.find(
          `${nameOf(life.tag)} CPU ${cpu}: the rows end at attempt ${place.attempt} of ${to}: ${to - place.attempt} are neither there nor counted`,
        );
      }
    }
    return this.findings;
  }

  /** Moves the place of the row's CPU over the row. */
  private place(row: SoakRow, place: Place): void {
    const { lives } = this.expected;
    const { cpu, mark } = row;
    const life = mark === null ? place.life : lives.findIndex(({ tag }) => tag === mark.tag);
    if (mark !== null && (life < 0 || (place.known && life < place.life))) {
      this.find(
        `${nameOf(mark.tag)} CPU ${cpu}: attempt ${mark.attempt} of a life that was not read here, or was over`,
      );
      return;
    }
    if (!place.known) {
      if (mark === null) return;
      place.known = true;
      place.life = life;
      place.attempt = mark.attempt - 1;
    }
    this.skipEnded(place, cpu, mark === null ? lives.length - 1 : life);
    const part = lives[place.life] as LifePart;
    if (mark !== null && place.life < life) {
      const to = part.to[cpu] ?? 0;
      this.find(`${nameOf(part.tag)} CPU ${cpu}: ended at attempt ${place.attempt} of ${to} when the next life began`);
      this.enter(place, cpu, life);
    }
    place.attempt += row.lost > 0 ? row.lost : 1;
    if (mark !== null && mark.attempt !== place.attempt >>> 0) {
      const { tag, attempt } = mark;
      this.find(`${nameOf(tag)} CPU ${cpu}: attempt ${attempt} (index ${row.index}) where ${place.attempt} was due`);
      place.attempt = attempt;
    }
    const now = lives[place.life] as LifePart;
    const to = now.to[cpu] ?? 0;
    if (place.attempt > to) {
      this.find(`${nameOf(now.tag)} CPU ${cpu}: attempt ${place.attempt} although only ${to} were made`);
      place.attempt = to;
    }
  }

  /** A life of which this CPU has shown all is over; the rows that follow belong to a later one, at most to `last`. */
  private skipEnded(place: Place, cpu: number, last: number): void {
    const { lives } = this.expected;
    while (place.life < last && place.attempt === (lives[place.life]?.to[cpu] ?? 0))
      this.enter(place, cpu, place.life + 1);
  }

  private enter(place: Place, cpu: number, life: number): void {
    place.life = life;
    place.attempt = this.expected.lives[life]?.from[cpu] ?? 0;
    place.lastKey = Number.NEGATIVE_INFINITY;
  }

  private order(row: SoakRow, place: Place): void {
    const { tag, order } = this.expected.lives[place.life] as LifePart;
    const key = order === 'index' ? row.index : row.timeUs;
    const isEntry = row.lost === 0;
    // A loss stands under the index of the record it was noticed at: only two entries may not share one.
    const again = order === 'index' && key === place.lastKey && isEntry && place.lastIsEntry;
    if (key < place.lastKey || again) {
      this.find(`${nameOf(tag)} CPU ${row.cpu}: ${order} ${key} after ${place.lastKey} of the same CPU`);
    }
    place.lastKey = key;
    place.lastIsEntry = isEntry;
    if (!isEntry) return;
    const highest = this.highest[place.life] as number;
    if (key > highest || (key === highest && order === 'clock')) this.highest[place.life] = key;
    else if (!row.late)
      this.find(`${nameOf(tag)} CPU ${row.cpu}: ${order} ${key} after ${highest}, not marked as late`);
  }

  private find(what: string): void {
    if (this.findings.length < MOST_FINDINGS) this.findings.push(what);
    else if (this.findings.length === MOST_FINDINGS) this.findings.push('and more');
  }
}

const nameOf = (tag: number): string => `life ${tag}`;
