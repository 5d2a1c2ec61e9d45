/** Reads by how much a person wants the times of a source to be moved. How it is shown is in contract/moved-time.ts. */
import { lengthNs, spanNs } from './go-to.ts';

export const MOVE_EXAMPLES = '+2.104 s, -200 ms or -1:00:00';

/** Nanoseconds; null for what is no length of time: seconds without a unit, or hours, minutes and seconds with colons. */
export function parseMove(text: string): number | null {
  const compact = text.replace(/\s/g, '').replace(/^\u2212/, '-');
  // Without a sign, three numbers with colons would be a time of the clock elsewhere; here it is always a length.
  const ns = lengthNs(compact) ?? spanNs(/^[+-]/.test(compact) ? compact : `+${compact}`);
  return ns !== null && Number.isSafeInteger(ns) ? ns : null;
}
