/** Owns what is said of a run of mutants: the score, the line in SCORES.md, the list of those that survived. Pure. */

/** @typedef {Pick<import('@stryker-mutator/api/core').MutantResult, 'status' | 'fileName' | 'location' | 'mutatorName' | 'replacement'>} Mutant */
/** @typedef {{ mutants: number, killed: number, percent: number }} Score */

/** Outcomes of mutants that were noticed: a test failed, or never ended. */
const NOTICED = new Set(['Killed', 'Timeout']);
const UNNOTICED = new Set(['Survived', 'NoCoverage']);

/** Of the mutants that ran; one that was ignored or could not run says nothing. @returns {Score} */
export function scoreOf(/** @type {readonly Mutant[]} */ results) {
  const killed = results.filter(({ status }) => NOTICED.has(status)).length;
  const mutants = killed + results.filter(({ status }) => UNNOTICED.has(status)).length;
  // Rounded down, so that a goal that is nearly met does not count as met.
  return { mutants, killed, percent: mutants === 0 ? 0 : Math.floor((killed / mutants) * 1000) / 10 };
}

/**
 * The surviving mutants, one line each: place (line and column counted from 1), kind, replacement; sorted by file and
 * line.
 */
export function survivorText(/** @type {readonly Mutant[]} */ results, /** @type {string} */ root) {
  return results
    .filter(({ status }) => UNNOTICED.has(status))
    .map(({ fileName, location, mutatorName, replacement, status }) => ({
      file: (fileName.startsWith(root) ? fileName.slice(root.length + 1) : fileName).replaceAll('\\', '/'),
      line: location.start.line,
      text: `${location.start.column} ${status === 'NoCoverage' ? 'never run: ' : ''}${mutatorName}: ${(replacement ?? '').replace(/\s+/g, ' ').slice(0, 120)}`,
    }))
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
    .map(({ file, line, text }) => `${file}:${line}:${text}\n`)
    .join('');
}

/** The page with a part's line replaced, or added below the others. */
export function withScore(
  /** @type {string} */ page,
  /** @type {string} */ part,
  /** @type {Score} */ { mutants, killed, percent },
  /** @type {number} how many pieces of the code one was taken of, 1 for all of it */ every,
  /** @type {Date} */ day,
) {
  const share = every === 1 ? 'all' : `1 in ${every}`;
  const line = `| ${part} | ${day.toISOString().slice(0, 10)} | ${share} | ${mutants} | ${killed} | ${percent.toFixed(1)} % |`;
  const lines = page.split('\n');
  const own = lines.findIndex((each) => each.startsWith(`| ${part} |`));
  if (own >= 0) lines[own] = line;
  else lines.splice(lines.findLastIndex((each) => each.startsWith('| ')) + 1, 0, line);
  return lines.join('\n');
}
