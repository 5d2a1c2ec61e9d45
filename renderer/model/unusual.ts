/**
 * Decides what the overview of the log draws of errors and warnings: what is unusual for this log. What is everywhere is
 * not drawn, because a strip that is full of marks from end to end leads nowhere.
 */

/** The most of all parts that may have any of it for each of them to be worth a mark. */
const RARE = 1 / 20;
/** A part stands out with so many times the usual, and so many standard deviations of chance above it. */
const LEAST_RATIO = 1.5;
const DEVIATIONS = 4;
/** Chance alone gives so many more, in one of a thousand parts, where the usual is far below one. */
const CHANCE = 2;

export interface Part {
  /** How many rows of the kind are in it, among how many. */
  readonly count: number;
  readonly rows: number;
}

/** How many times what is usual each part has; 0 where it does not stand out. */
export function unusual(parts: readonly Part[]): number[] {
  const filled = parts.filter(({ rows }) => rows > 0);
  const having = filled.filter(({ count }) => count > 0).length;
  if (having === 0) return parts.map(() => 0);
  const usual = usualShare(filled);
  if (having <= Math.max(1, filled.length * RARE))
    return parts.map(({ count }) => (count > 0 ? Number.POSITIVE_INFINITY : 0));
  return parts.map(({ count, rows }) => {
    const expected = usual * rows;
    const limit = Math.max(expected * LEAST_RATIO, expected + DEVIATIONS * Math.sqrt(expected) + CHANCE);
    return count > limit ? count / expected : 0;
  });
}

/** The share that most parts have: of the part in the middle, which bursts do not move, or of all where that has none. */
function usualShare(parts: readonly Part[]): number {
  const shares = parts.map(({ count, rows }) => count / rows).sort((a, b) => a - b);
  const middle = shares[Math.floor(shares.length / 2)] as number;
  if (middle > 0) return middle;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return parts.reduce((sum, { count }) => sum + count, 0) / rows;
}
