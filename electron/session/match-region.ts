/**
 * Searches many rows with one look: the payloads of neighbouring rows are decoded together and searched as one text, which
 * costs a few nanoseconds a row instead of a call to the decoder for each. What `TextMatcher.matches` says of each row is
 * the plain twin, and is asked wherever the shortcut does not hold.
 *
 * It holds where every byte becomes one UTF-16 unit, so that places in the text are places in the bytes, and for patterns
 * that match a row in company wherever they match it alone. Hits that span rows, or begin between them, prove nothing.
 */
import { RowKind } from '../../native/core/entry.ts';
import type { Segment } from './segment.ts';
import { decodeUtf8, TYPE_TEXT } from './text.ts';

/** Finds the first hit at or after `from`; false if there is none. */
export interface RegionSearch {
  find(text: string, from: number): boolean;
  /** Bounds of the last hit. */
  start: number;
  end: number;
  /** Whether a row may match although a hit that spans its end was found in it. */
  readonly spanningHides: boolean;
}

/** Rows decoded together: more gain nothing, and a hit that spans rows is looked for no further than this. */
const ROWS_A_REGION = 256;
/** Fewer are looked at one by one. */
const FEWEST_ROWS = 4;
/** Bytes between two payloads that are decoded for nothing rather than begin a new region. */
const MAX_HOLE = 128;
/** A longer payload is looked at alone. */
const MAX_PAYLOAD = 4096;

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/**
 * `needle` is ASCII; with `fold`, its letters stand for both cases. The empty group keeps the engine from treating the
 * expression as a plain string: its compiled search skips ahead and is some four times as fast as `indexOf`.
 */
export function literalSearch(needle: string, fold: boolean): RegionSearch {
  return searchOf(new RegExp(`${needle.replace(SPECIAL, '\\$&')}(?:)`, fold ? 'gi' : 'g'), false);
}

/** Null for a pattern that what stands around a row could keep from matching it, or let run on from row to row. */
export function regexSearch(pattern: string, flags: string): RegionSearch | null {
  if (!standsAlone(pattern)) return null;
  const expression = new RegExp(pattern, `g${flags}`);
  if (expression.test('')) return null;
  return searchOf(expression, true);
}

function searchOf(expression: RegExp, spanningHides: boolean): RegionSearch {
  return {
    start: 0,
    end: 0,
    spanningHides,
    find(text, from) {
      expression.lastIndex = from;
      const hit = expression.exec(text);
      if (hit === null) return false;
      this.start = hit.index;
      this.end = expression.lastIndex;
      return true;
    },
  };
}

/**
 * True if a match in a row is also one in any text around it (no anchors, word bounds or looks around), and no part can
 * run on through many rows (no repeated `.`, no class of all but a few).
 */
function standsAlone(pattern: string): boolean {
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    const next = pattern[i + 1] ?? '';
    if (character === '\\') {
      if (/[bBDWSpPkuxc0-9]/.test(next)) return false;
      i++;
    } else if (inClass) {
      if (character === ']') inClass = false;
    } else if (character === '[') {
      if (next === '^') return false;
      inClass = true;
    } else if (character === '^' || character === '$') {
      return false;
    } else if (character === '.' && /[*+{]/.test(next)) {
      return false;
    } else if (character === ')' && /[*+{]/.test(next)) {
      return false;
    } else if (character === '(' && next === '?' && pattern[i + 2] !== ':') {
      return false;
    }
  }
  return true;
}

/** Keeps, of the first `count` offsets, those of matching rows, in order, and returns how many. */
export function filterByRegion(
  segment: Segment,
  offsets: Uint32Array,
  count: number,
  search: RegionSearch,
  matches: (segment: Segment, offset: number) => boolean,
): number {
  const { dataStart, dataLength, kind, type } = segment;
  let kept = 0;
  let from = 0;
  while (from < count) {
    const first = offsets[from] as number;
    const begin = dataStart[first] as number;
    let end = begin;
    let to = from;
    for (; to < count && to - from < ROWS_A_REGION; to++) {
      const offset = offsets[to] as number;
      const start = dataStart[offset] as number;
      const length = dataLength[offset] as number;
      if (kind.get(offset) !== RowKind.Entry || type.get(offset) !== TYPE_TEXT) break;
      if (length === 0 || length > MAX_PAYLOAD || start < end || start - end > MAX_HOLE) break;
      if (start >>> segment.chunkShift !== begin >>> segment.chunkShift) break;
      end = start + length;
    }
    if (to - from >= FEWEST_ROWS) {
      const at = segment.offsetInChunk(begin);
      const text = decodeUtf8(segment.chunkBytes(begin).subarray(at, at + end - begin));
      if (text.length === end - begin) {
        kept = searchRegion(segment, offsets, from, to, search, text, matches, kept);
        from = to;
        continue;
      }
    }
    // A row that belongs to no region is looked at all the same.
    for (to = Math.max(to, from + 1); from < to; from++) {
      const offset = offsets[from] as number;
      if (matches(segment, offset)) offsets[kept++] = offset;
    }
  }
  return kept;
}

function searchRegion(
  segment: Segment,
  offsets: Uint32Array,
  from: number,
  to: number,
  search: RegionSearch,
  text: string,
  matches: (segment: Segment, offset: number) => boolean,
  keptBefore: number,
): number {
  const { dataStart, dataLength } = segment;
  const base = dataStart[offsets[from] as number] as number;
  let kept = keptBefore;
  let row = from;
  let place = 0;
  while (row < to && search.find(text, place)) {
    let offset = offsets[row] as number;
    let start = (dataStart[offset] as number) - base;
    while (start + (dataLength[offset] as number) <= search.start) {
      row++;
      if (row === to) return kept;
      offset = offsets[row] as number;
      start = (dataStart[offset] as number) - base;
    }
    if (search.start < start) {
      place = start;
      continue;
    }
    const inside = search.end <= start + (dataLength[offset] as number);
    if (inside || (search.spanningHides && matches(segment, offset))) offsets[kept++] = offset;
    row++;
    if (row < to) place = (dataStart[offsets[row] as number] as number) - base;
  }
  return kept;
}
