/**
 * How far the window of a search for texts may move on, told by the two bytes under its end (Horspool's rule, with pairs):
 * as far as the next place at which a text has this pair, or past it if none has.
 */

/** Pairs share the places of a table that stays in the nearest cache: the shortest move of a place holds. */
const PAIR_MASK = 4095;
const LONGEST_MOVE = 255;

/** Windows tried, from the longest on. */
const MOST_WINDOWS = 32;
/** The shortest window worth having, less one. */
const SHORTEST_END = 3;
/** What a look at a place costs, in moves: mostly that nobody could foretell it. */
const LOOK_MOVES = 13;

/** A sample is of so many parts, of so many bytes each. */
const SAMPLE_PARTS = 32;
const SAMPLE_PART_BYTES = 512;

/** Place in the table for two bytes that follow each other, read as a little-endian number. */
export const pairPlace = (both: number): number => ((both << 5) ^ (both >>> 8)) & PAIR_MASK;

export interface SkipTable {
  /** Length of the window less one: where its end lies, seen from its start. */
  readonly end: number;
  /** Moves by `pairPlace`; 0 where a text may begin at the window's start. None is longer than `end`. */
  readonly moves: Uint8Array;
}

/** For texts of which every byte may stand for those of `casesOf`; the window is `end` + 1 long, at most the shortest text. */
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
 * Some of many bytes that shows what all of them are like. It is taken all over them, as rows that follow each other are
 * often of a kind: of the few dozen at the begin, each thread would learn something else.
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
 * The table that gets through bytes like these fastest. The longest window is not always that: `0xc00000` ends with a
 * pair of which logs are full, `0xc` does not.
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
 * Bytes a move gets on in bytes like these, found by going through them: where a window comes to stand depends on how it
 * got there, and it comes to stand under what looks like a text far more often than anywhere.
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

/** Place of the byte of a text that is seldom among others, as `fold` has both: where it is not, the text is not. */
export function rarestByte(text: Uint8Array, fold: Uint8Array, like: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of like) counts[fold[byte] as number] = (counts[fold[byte] as number] as number) + 1;
  let rarest = 0;
  for (let at = 1; at < text.length; at++) {
    if ((counts[text[at] as number] as number) < (counts[text[rarest] as number] as number)) rarest = at;
  }
  return rarest;
}
