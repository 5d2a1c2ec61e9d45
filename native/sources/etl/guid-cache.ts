/** Texts of GUIDs by their bytes. A trace has few; formatting one for each event would take a quarter of a row's time. */
import { guidAt } from '../../core/guid.ts';

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

  /** The text of the 16 bytes at `at`, in lower case and without braces. */
  textOf(view: DataView, at: number): string {
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    const third = view.getInt32(at + 8, true);
    const fourth = view.getInt32(at + 12, true);
    const found = this.known.get(first);
    if (found !== undefined && found.second === second && found.third === third && found.fourth === fourth)
      return found.text;
    const text = guidAt(view, at);
    // GUIDs with the same first four bytes replace each other.
    if (found !== undefined || this.known.size < MOST_GUIDS) this.known.set(first, { second, third, fourth, text });
    return text;
  }
}
