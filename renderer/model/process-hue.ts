/**
 * A hue for each process, the same wherever it is named in the window. A name has its own place on the colour circle, so that
 * a program has the same colour tomorrow; where another one has a place too near to be told apart, it takes the one that is
 * farthest from all.
 */

/** Places on the circle. */
export const PROCESS_HUES = 24;
/** So many places lie at least between two processes, as far as there is room for that. */
const APART = 4;

export class ProcessHues {
  private readonly places = new Map<string, number>();
  private readonly taken = new Set<number>();

  /** Degrees, 0 inclusive to 360 exclusive. `process`: its name, or its number where no name is known. */
  of(process: string): number {
    const key = process.toLowerCase();
    const known = this.places.get(key);
    const place = known ?? this.next(key);
    return (place * 360) / PROCESS_HUES;
  }

  private next(key: string): number {
    const own = hash(key) % PROCESS_HUES;
    // Then colours are shared, and no more is remembered.
    if (this.taken.size === PROCESS_HUES) return own;
    const apart = Math.max(1, Math.min(APART, Math.floor(PROCESS_HUES / (2 * (this.taken.size + 1)))));
    const place = this.room(own) >= apart ? own : this.farthest(own);
    this.taken.add(place);
    this.places.set(key, place);
    return place;
  }

  /** How far a place is from the next one that is taken. */
  private room(place: number): number {
    const around = [...this.taken].map((each) => Math.abs(each - place));
    return Math.min(PROCESS_HUES, ...around.map((far) => Math.min(far, PROCESS_HUES - far)));
  }

  /** The place with most room; of several the first behind `from`. */
  private farthest(from: number): number {
    const places = Array.from({ length: PROCESS_HUES }, (_, at) => (from + at) % PROCESS_HUES);
    return places.reduce((best, place) => (this.room(place) > this.room(best) ? place : best), from);
  }
}

/** FNV-1a over the units of a text. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}

/** Of this window. */
export const processHues = new ProcessHues();
