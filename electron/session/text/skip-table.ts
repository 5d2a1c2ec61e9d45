/**
 * A skip table for searching several texts at once (Horspool's rule, with pairs of bytes): how far the search window
 * may move is told by the two bytes at its end. It moves to the next place at which one of the texts has that pair, or
 * past the pair if none has it.
 */

/**
 * The table is small enough for the first-level cache, so several pairs share an entry; an entry holds the shortest of
 * their moves.
 */
const PAIR_MASK = 4095;
const LONGEST_MOVE = 255;

/** The most window lengths that are tried, beginning with the longest. */
const MOST_WINDOWS = 32;
/** The length of the shortest useful window, less one. */
const SHORTEST_END = 3;
/** The cost of comparing at a place, measured in moves: mostly that of a mispredicted branch. */
const LOOK_MOVES = 13;

/** A sample consists of so many parts, spread over the data. */
const SAMPLE_PARTS = 32;
const SAMPLE_PART_BYTES = 512;

/** Place in the table for two bytes that follow each other, read as a little-endian number. */
export const pairPlace = (both: number): number => ((both << 5) ^ (both >>> 8)) & PAIR_MASK;

export interface SkipTable {
  /** The length of the window less one, so the offset of its last byte. */
  readonly end: number;
  /** How far to move, by `pairPlace`; 0 where a text may begin at the window's start. No move is longer than `end`. */
  readonly moves: Uint8Array;
}

/**
 * `casesOf` gives the bytes that each byte of a text may stand for. The window is `end` + 1 bytes long, at most as long
 * as the shortest text.
 */
export function skipTable(
  texts: readonly Uint8Array[],
  casesOf: (byte: number) => readonly number[],
  end: number,
): SkipTable {
  const moves = new Uint8Array(PAIR_MASK + 1).fill(Math.min(LONGEST_MOVE, end));
  for (const text of texts) {
    for (let at = 1; at <= end; at++) {
      for (const before of casesOf(text[at - 1] as number)) {
        for (const byte of casesOf(text[at] as number)) {
          const place = pairPlace(before | (byte << 8));
          moves[place] = Math.min(moves[place] as number, end - at);
        }
      }
    }
  }
  return { end, moves };
}

/**
 * A sample that is typical of many bytes. It is taken from all over them, because neighbouring rows are often alike:
 * from the first few dozen rows, each thread would get a different picture.
 */
export function sampleOf(bytes: Uint8Array, begin: number, end: number): Uint8Array {
  if (end - begin <= SAMPLE_PARTS * SAMPLE_PART_BYTES) return bytes.subarray(begin, end);
  const sample = new Uint8Array(SAMPLE_PARTS * SAMPLE_PART_BYTES);
  for (let part = 0; part < SAMPLE_PARTS; part++) {
    const from = begin + Math.floor(((end - begin - SAMPLE_PART_BYTES) * part) / (SAMPLE_PARTS - 1));
    sample.set(bytes.subarray(from, from + SAMPLE_PART_BYTES), part * SAMPLE_PART_BYTES);
  }
  return sample;
}

/**
 * Chooses the window length whose table gets through such bytes fastest. That is not always the longest one: `0xc00000`
 * ends with a pair that is frequent in logs, `0xc` does not.
 */
export function bestSkipTable(
  texts: readonly Uint8Array[],
  casesOf: (byte: number) => readonly number[],
  like: Uint8Array,
): SkipTable {
  const longest = Math.min(...texts.map((text) => text.length)) - 1;
  const shortest = Math.max(Math.min(longest, SHORTEST_END), longest - MOST_WINDOWS + 1);
  let best = skipTable(texts, casesOf, longest);
  let bestSpeed = speedOf(best, like);
  for (let end = longest - 1; end >= shortest; end--) {
    const table = skipTable(texts, casesOf, end);
    const speed = speedOf(table, like);
    if (speed <= bestSpeed) continue;
    best = table;
    bestSpeed = speed;
  }
  return best;
}

/**
 * Bytes advanced for each unit of cost on bytes like these, found by simulating the search. Counting pairs would not
 * do: where a window stands depends on the moves before, and it stops at places that resemble the text far more often
 * than at others.
 */
function speedOf({ moves, end }: SkipTable, like: Uint8Array): number {
  let cost = 0;
  let at = end;
  while (at < like.length) {
    const move = moves[pairPlace((like[at - 1] as number) | ((like[at] as number) << 8))] as number;
    at += move === 0 ? 1 : move;
    cost += move === 0 ? 1 + LOOK_MOVES : 1;
  }
  return cost === 0 ? 0 : (at - end) / cost;
}

/**
 * Offset of the byte in a text that is rarest in the sample, after mapping both by `fold`. Where this byte does not
 * occur, the text cannot occur either.
 */
export function rarestByte(text: Uint8Array, fold: Uint8Array, like: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of like) counts[fold[byte] as number] = (counts[fold[byte] as number] as number) + 1;
  let rarest = 0;
  for (let at = 1; at < text.length; at++) {
    if ((counts[text[at] as number] as number) < (counts[text[rarest] as number] as number)) rarest = at;
  }
  return rarest;
}
