/**
 * Owns which lines are mutated when a part is only sampled: of a part with thousands of mutants all of them take hours, and
 * some hundreds say the same to within a few percent. Pure: mutate.mjs reads the files.
 */

/**
 * Lines that are taken together. A change of something that does not lie within one such piece, such as a long body that is
 * emptied, is not made: tests notice nearly all of those, so a sample's score is rather too low than too high.
 */
const PIECE_LINES = 8;

/**
 * Every nth piece of all files, as Stryker takes lines of a file: `path:first-last`, lines counted from 1. The same for the
 * same files, so that what is remembered holds.
 */
export function sampledLines(
  /** @type {readonly { path: string, lines: number }[]} */ files,
  /** @type {number} one piece of so many, 2 or more */ every,
) {
  const pieces = files.flatMap(({ path, lines }) =>
    Array.from({ length: Math.ceil(lines / PIECE_LINES) }, (_, at) => {
      const first = at * PIECE_LINES + 1;
      return `${path}:${first}-${Math.min(first + PIECE_LINES - 1, lines)}`;
    }),
  );
  return pieces.filter((_, at) => at % every === 0);
}
