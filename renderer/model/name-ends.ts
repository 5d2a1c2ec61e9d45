/**
 * A name in two parts, of which the first is cut where there is little room: names of logs differ at their ends as often as
 * at their beginnings (`nic-2026-03-01.log`, `nic-2026-03-02.log`), and the ending says what a file is. Pure.
 */

/** So much of the end is always shown, UTF-16 units, and of a name that is not longer than twice that all of it is one part. */
const END = 12;

export interface NameEnds {
  /** Shown as far as there is room. */
  readonly start: string;
  /** Shown whole; empty for a short name. */
  readonly end: string;
}

export function nameEnds(name: string): NameEnds {
  if (name.length <= END * 2) return { start: name, end: '' };
  // Letters that belong together stay together.
  let at = 0;
  for (const { index } of new Intl.Segmenter().segment(name)) {
    if (index > name.length - END) break;
    at = index;
  }
  return { start: name.slice(0, at), end: name.slice(at) };
}
