/** The texts of GUIDs, by their bytes: an event has one of few, and to write it out anew costs a quarter of its row. */
import { plainGuid } from '../evtx/values.ts';

interface CachedGuid {
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
  readonly text: string;
}

/** GUIDs that are kept; a hostile trace must not fill the memory. */
const MOST_GUIDS = 4096;

export class GuidCache {
  private readonly known = new Map<number, CachedGuid>();

  /** Of the 16 bytes at `at`: lower case, without braces. */
  textOf(view: DataView, at: number): string {
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    const third = view.getInt32(at + 8, true);
    const fourth = view.getInt32(at + 12, true);
    const found = this.known.get(first);
    if (found !== undefined && found.second === second && found.third === third && found.fourth === fourth)
      return found.text;
    const text = plainGuid(view, at);
    // Those that begin alike take each other's place.
    if (found !== undefined || this.known.size < MOST_GUIDS) this.known.set(first, { second, third, fourth, text });
    return text;
  }
}
