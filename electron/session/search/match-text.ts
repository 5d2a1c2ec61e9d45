/**
 * Searches messages for a text or a regular expression, on their text in full length (see `text.ts`): what is cut in the
 * table is found all the same. A gap row has no message and never matches. What a query means is told in
 * contract/text-pattern.ts, for the marks in the page too; here is how that is found fast among many rows.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { ok, type Result } from '../../../native/core/result.ts';
import type { TextQuery } from '../../contract/rows.ts';
import { holdsStandIn, textExpression } from '../../contract/text-pattern.ts';
import type { Segment } from '../store/segment.ts';
import { LOWER_ASCII } from '../text/ascii.ts';
import { requiredText, withoutLeadingRepeat } from '../text/required-text.ts';
import { payloadText, TYPE_TEXT } from '../text/text.ts';
import { literalFilter, type RowTest, textFilter } from './match-region.ts';

export interface TextMatcher {
  /** True if the row at an offset of a segment matches. */
  matches(segment: Segment, offset: number): boolean;
  /** Keeps, of the first `count` offsets, those of rows that match, in order, and returns how many. */
  filter(segment: Segment, offsets: Uint32Array, count: number): number;
  /** The same on a text: the plain twin, and the path for everything that is not text in the store. */
  test(text: string): boolean;
}

/** A matcher, or `bad-pattern` with the engine's words. */
export function compileTextQuery(query: TextQuery): Result<TextMatcher> {
  const { pattern, caseSensitive } = query;
  const compiled = textExpression(query);
  if (!compiled.ok) return compiled;
  const expression = compiled.value;
  if (query.regex) return ok(regexMatcher(expression));
  if (isAscii(pattern)) return ok(asciiMatcher(pattern, caseSensitive));
  const test = (text: string) => expression.test(text);
  const matches = byText(test);
  // Each character is one sequence of bytes and stands for nothing else.
  const bytesTell = caseSensitive && !holdsStandIn(pattern);
  return ok({
    test,
    matches,
    filter: bytesTell ? literalFilter([pattern], false, false, matches) : textFilter(test, matches),
  });
}

function regexMatcher(expression: RegExp): TextMatcher {
  const { source: pattern, flags, ignoreCase: fold } = expression;
  const test = (text: string) => expression.test(text);
  const quick = new RegExp(withoutLeadingRepeat(pattern), flags);
  const quickTest = (text: string) => quick.test(text);
  const confirm = textFilter(quickTest, byText(quickTest));
  const needles = requiredText(pattern, fold);
  if (needles === null) return { test, matches: byText(test), filter: confirm };
  const mayMatch = literalFilter(needles, fold, fold && needles.some(hasTwin), () => true);
  return {
    test,
    matches: byText(test),
    filter: (segment, offsets, count) => confirm(segment, offsets, mayMatch(segment, offsets, count)),
  };
}

/** Whether a letter of a text is also matched by one outside ASCII where case is ignored. */
const hasTwin = (text: string): boolean => /[ks]/.test(text);

function byText(test: (text: string) => boolean): RowTest {
  return (segment, offset) =>
    segment.kind.get(offset) === RowKind.Entry && test(payloadText(segment.type.get(offset), segment.payload(offset)));
}

/** Whether a text has no character outside ASCII. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/**
 * Looks for ASCII in the bytes themselves: an ASCII byte of UTF-8, broken or not, is that character and nothing else. The
 * search is Horspool's: a mismatch moves on by as much as the byte under the pattern's end allows.
 */
function asciiMatcher(pattern: string, caseSensitive: boolean): TextMatcher {
  const fold = Uint8Array.from({ length: 256 }, (_, byte) => (caseSensitive ? byte : (LOWER_ASCII[byte] as number)));
  const needle = Uint8Array.from(pattern, (character) => fold[character.charCodeAt(0)] as number);
  const last = needle.length - 1;
  const shift = new Uint32Array(256).fill(needle.length);
  for (let i = 0; i < last; i++) shift[needle[i] as number] = last - i;
  for (let byte = 0; byte < 256; byte++) shift[byte] = shift[fold[byte] as number] as number;

  const folded = String.fromCharCode(...needle);
  const foldText = (text: string) => (caseSensitive ? text : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  const test = (text: string) => foldText(text).includes(folded);

  const matches = (segment: Segment, offset: number): boolean => {
    if (segment.kind.get(offset) !== RowKind.Entry) return false;
    if (segment.type.get(offset) !== TYPE_TEXT)
      return test(payloadText(segment.type.get(offset), segment.payload(offset)));
    const length = segment.dataLength[offset] as number;
    if (length <= last) return false;
    const start = segment.dataStart[offset] as number;
    const bytes = segment.chunkBytes(start);
    let at = segment.offsetInChunk(start) + last;
    const end = at - last + length;
    while (at < end) {
      const byte = bytes[at] as number;
      if (fold[byte] === needle[last]) {
        let i = last - 1;
        while (i >= 0 && fold[bytes[at - last + i] as number] === needle[i]) i--;
        if (i < 0) return true;
      }
      at += shift[byte] as number;
    }
    return false;
  };
  return { test, matches, filter: literalFilter([folded], !caseSensitive, false, matches) };
}
