/** By how much a person moved the times of a source, as it is written: `+2.104 s`, `-200 ms`, `+1:02:07.5`. */
import { lengthText } from './filter/values.ts';

const SECOND_NS = 1e9;
const MINUTE_NS = 60 * SECOND_NS;

/** From a minute on as by a clock, so that whole hours of a time zone are seen at once. */
export function movedText(ns: number): string {
  const sign = ns < 0 ? '-' : '+';
  const length = Math.abs(ns);
  if (length < MINUTE_NS) return `${sign}${lengthText(length).replace(/[a-z]+$/, ' $&')}`;
  const minutes = Math.floor(length / MINUTE_NS);
  const [whole = '', fraction] = lengthText(SECOND_NS * 100 + (length % MINUTE_NS))
    .slice(0, -1)
    .split('.');
  const seconds = `${whole.slice(1)}${fraction === undefined ? '' : `.${fraction}`}`;
  if (minutes < 60) return `${sign}${minutes}:${seconds}`;
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}

/** The name of a source as a log says it: with what it was moved by, if it was. */
export const movedName = (name: string, statedNs = 0): string =>
  statedNs === 0 ? name : `${name} (moved by ${movedText(statedNs)})`;
