/**
 * A text that finds messages like one and captures the value that pairs them, for one end of intervals. What varies between
 * messages of a kind matches anything; one such part is captured.
 */
import { escaped } from '../../electron/contract/text-pattern.ts';

/** Numbers and identifiers: what varies between messages of one kind. */
const VARYING =
  /\{?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b\}?|\b(?:0x)?[0-9a-f]{1,8}`[0-9a-f]{8}\b|\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{6,}\b|\d+(?:[.,:]\d+)*/gi;
/** Only so much of a message is used; the begin is enough to tell its kind. */
const MOST_TEXT = 160;

interface Part {
  readonly text: string;
  readonly from: number;
  readonly varies: boolean;
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(VARYING)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), from: at, varies: false });
    parts.push({ text: match[0], from: match.index, varies: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), from: at, varies: false });
  return parts;
}

const digitsOf = (text: string): string => text.toLowerCase().replace(/^0x|`/g, '');

/** A value that two messages share by chance is short: a status of 0, a CPU. */
const LEAST_SHARED = 4;

/**
 * The texts of both ends, each as `intervalText` has it, of two messages that belong together: captured is the longest value
 * that is in both of them. Where there is none, they are of the same kinds as such two.
 */
export function intervalTexts(start: string, end: string): readonly [start: string, end: string] {
  const [first, last] = [start, end].map((message) =>
    partsOf(message.slice(0, MOST_TEXT)).filter(({ text, varies }) => varies && digitsOf(text).length >= LEAST_SHARED),
  ) as [Part[], Part[]];
  const pairs = first.flatMap((from) => {
    const to = last.find(({ text }) => digitsOf(text) === digitsOf(from.text));
    return to === undefined ? [] : [{ from, to }];
  });
  const shared = pairs.reduce(
    (best, pair) => (digitsOf(pair.from.text).length > digitsOf(best?.from.text ?? '').length ? pair : best),
    pairs[0],
  );
  return [intervalText(start, shared?.from.from ?? null), intervalText(end, shared?.to.from ?? null)];
}

/**
 * `/storport: IRP (\S+) start/` of `storport: IRP ffffc01a2b3c4d50 start`. Captured is what lies at `character`, else the longest
 * identifier, which is the first of equal ones. Of a message in which nothing varies the text itself, in quotes.
 */
export function intervalText(message: string, character: number | null): string {
  const parts = partsOf(message.slice(0, MOST_TEXT).trimEnd());
  const varying = parts.filter(({ varies }) => varies);
  const pointed = varying.find(
    ({ text, from }) => character !== null && from <= character && character <= from + text.length,
  );
  const longest = varying.reduce(
    (best, part) => (part.text.length > (best?.text.length ?? 0) ? part : best),
    varying[0],
  );
  const captured = pointed ?? longest;
  if (captured === undefined) return `"${message.replaceAll('"', '""')}"`;
  const source = parts
    .map((part) => (part === captured ? '(\\S+?)' : part.varies ? '\\S+?' : escaped(part.text)))
    .join('');
  // A value at the end would be captured by its first character.
  return `/${source}${parts.at(-1)?.varies ? '(?!\\S)' : ''}/`;
}
