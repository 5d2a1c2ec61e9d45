/**
 * Searches many rows with one look, where payloads lie together: for a literal, their bytes are searched as they are; for
 * anything else they are decoded together, which costs a few nanoseconds a row instead of a call to the decoder, and each
 * row is tried on its part of the text, so that a pattern never sees more than one row. What `TextMatcher.matches` says
 * of each row is the plain twin.
 */

import type { Segment } from '../store/segment.ts';
import { holdsLetterTwins, isAscii } from '../text/ascii.ts';
import { decodeAscii, decodeUtf8, encodeUtf8 } from '../text/text.ts';
import { ByteSearch } from './byte-search.ts';
import { DecodedSearch } from './decoded-search.ts';
import { RowRun } from './row-run.ts';

/** Whether a row matches. */
export type RowTest = (segment: Segment, offset: number) => boolean;

/** Keeps, of the first `count` offsets, those of rows that pass, in order, and returns how many. */
export type RowFilter = (segment: Segment, offsets: Uint32Array, count: number) => number;

/** With fewer rows than this, searching each by itself is faster. */
const FEWEST_ROWS = 4;

/** Needles from this length on are found faster among the bytes. */
const LONG_NEEDLE = 5;

/**
 * A hole costs as much as a payload of its length. A row that is searched by itself costs as much as one of some 200 bytes
 * in a run.
 */
const BYTE_RUN = { rows: 2048, bytes: 2 ** 30, hole: 128 };
/** The engine allocates much longer texts elsewhere, which takes it ten times as long. */
const TEXT_RUN = { rows: 256, bytes: 32_768, hole: 512 };

/**
 * Keeps rows that contain one of the needles, and those that `alone` keeps among rows that are not looked at together.
 * Needles are not empty; with `fold` they are ASCII in lower case, and ASCII letters stand for both cases. With
 * `keepTwins`, rows are also kept near characters outside ASCII that a regular expression takes for letters.
 */
export function literalFilter(
  needles: readonly string[],
  fold: boolean,
  keepTwins: boolean,
  alone: RowTest,
): RowFilter {
  const bytes = needles.map(encodeUtf8);
  const short = needles.some((needle, at) => needle.length < LONG_NEEDLE && needle.length === bytes[at]?.length);
  const limits = short ? TEXT_RUN : BYTE_RUN;
  const run = new RowRun(limits, !short);
  const search = short ? new DecodedSearch(needles, fold, limits.rows) : new ByteSearch(bytes, fold, limits.rows);
  return (segment, offsets, count) =>
    eachRun(run, segment, offsets, count, alone, (from, rows, keptBefore) => {
      let kept = keptBefore;
      if (keepTwins && holdsLetterTwins(run.bytes, run.begin, run.end)) {
        offsets.copyWithin(kept, from, from + rows);
        return kept + rows;
      }
      const found = search.search(run);
      for (let i = 0; i < found; i++) offsets[kept++] = offsets[from + (search.hits[i] as number)] as number;
      return kept;
    });
}

/** Keeps rows whose text passes a test, and those that `alone` keeps: it says the same of a row, whatever lies in it. */
export function textFilter(test: (text: string) => boolean, alone: RowTest): RowFilter {
  const run = new RowRun(TEXT_RUN);
  return (segment, offsets, count) =>
    eachRun(run, segment, offsets, count, alone, (from, rows, keptBefore) => {
      const { bytes, begin, end, starts, ends } = run;
      let kept = keptBefore;
      const region = bytes.subarray(begin, end);
      let text = decodeUtf8(region);
      // As many units as bytes: then places in the text are places in the bytes, and no character spans rows.
      const plain = text.length === region.length;
      if (!plain) text = decodeAscii(region);
      for (let row = 0; row < rows; row++) {
        const offset = offsets[from + row] as number;
        const start = starts[row] as number;
        const rowEnd = ends[row] as number;
        const passes =
          plain || isAscii(bytes, start, rowEnd)
            ? test(text.slice(start - begin, rowEnd - begin))
            : alone(segment, offset);
        if (passes) offsets[kept++] = offset;
      }
      return kept;
    });
}

/**
 * Walks through the offsets in runs; `keep` moves those that pass, of `rows` from `from` on, to `kept`, and returns how
 * many are kept so far.
 */
function eachRun(
  run: RowRun,
  segment: Segment,
  offsets: Uint32Array,
  count: number,
  alone: RowTest,
  keep: (from: number, rows: number, kept: number) => number,
): number {
  let kept = 0;
  let from = 0;
  while (from < count) {
    const rows = run.gather(segment, offsets, from, count);
    if (rows >= FEWEST_ROWS) {
      kept = keep(from, rows, kept);
      from += rows;
      continue;
    }
    // A row that belongs to no run is looked at all the same.
    for (const to = from + Math.max(rows, 1); from < to; from++) {
      const offset = offsets[from] as number;
      if (alone(segment, offset)) offsets[kept++] = offset;
    }
  }
  return kept;
}
