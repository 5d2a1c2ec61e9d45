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
/** What a look at a place costs, in moves. */
const LOOK_MOVES = 8;

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

/** Bytes a move gets on, if windows end anywhere with equal chance. */
function speedOf({ moves }: SkipTable, like: Uint8Array): number {
  let bytes = 0;
  let cost = 0;
  for (let at = 0; at + 1 < like.length; at++) {
    const move = moves[pairPlace((like[at] as number) | ((like[at + 1] as number) << 8))] as number;
    bytes += move === 0 ? 1 : move;
    cost += move === 0 ? LOOK_MOVES : 1;
  }
  return cost === 0 ? 0 : bytes / cost;
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
