/** Owns reading what test programs report. Pure: text in, counts out. */
import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Readonly<Counts>} */
export const none = { passed: 0, failed: 0, skipped: 0 };

/** @returns {Counts} */
export function add(/** @type {Readonly<Counts>} */ a, /** @type {Readonly<Counts>} */ b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Total of tests, of whatever outcome. */
export function total(/** @type {Readonly<Counts>} */ counts) {
  return counts.passed + counts.failed + counts.skipped;
}

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name?: string, status: string, message?: string, assertionResults: { status: string, fullName?: string, failureMessages?: string[] }[] }[]} testResults
 */

/** Counts of vitest's JSON reporter. A file that could not even be loaded has no tests and counts as one failure. */
export function vitestCounts(/** @type {VitestReport} */ report) {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The tests that failed, each with the first line of why: `FILE: NAME: WHY`. @returns {string[]} */
export function vitestFailures(/** @type {VitestReport} */ report, /** @type {string} */ root) {
  return report.testResults.flatMap(({ name = '', status, message = '', assertionResults }) => {
    const file = name.startsWith(root) ? name.slice(root.length + 1) : name;
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && tests.length === 0) return [`${file}: ${firstLine(message)}`];
    return tests.map(
      ({ fullName = '', failureMessages = [] }) => `${file}: ${fullName}: ${firstLine(failureMessages[0])}`,
    );
  });
}

/**
 * @typedef {object} PlaywrightSuite
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ title: string, file: string, line: number, ok: boolean, tests: { results: { errors?: { message?: string }[] }[] }[] }[]} [specs]
 */

/**
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {{ message?: string }[]} errors
 * @property {PlaywrightSuite[]} [suites]
 */

/** The tests that failed, each with the first line of why: `FILE:LINE: NAME: WHY`. @returns {string[]} */
export function playwrightFailures(/** @type {PlaywrightReport} */ { errors, suites = [] }) {
  const ofSuite = (/** @type {PlaywrightSuite} */ suite) => {
    /** @type {string[]} */
    const failures = (suite.specs ?? [])
      .filter((spec) => !spec.ok)
      .map(({ title, file, line, tests }) => {
        const messages = tests.flatMap((test) => test.results.flatMap((result) => result.errors ?? []));
        return `${file}:${line}: ${title}: ${firstLine(messages[0]?.message)}`;
      });
    for (const inner of suite.suites ?? []) failures.push(...ofSuite(inner));
    return failures;
  };
  return [...suites.flatMap(ofSuite), ...errors.map((error) => firstLine(error.message))];
}

/** What a report says first, without the colours of a terminal. */
function firstLine(/** @type {string} */ text = '') {
  return stripVTControlCharacters(text).trim().split('\n', 1)[0] ?? '';
}

/** Counts of Playwright's JSON reporter. A test that failed once is a failure, and so is an error outside of tests. */
export function playwrightCounts(/** @type {PlaywrightReport} */ { stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/** Sum of the `N passed, N failed[, N skipped]` lines that the C test programs print. @returns {Counts} */
export function printedCounts(/** @type {string} */ output) {
  let sum = { ...none };
  for (const match of output.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)) {
    sum = add(sum, { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) });
  }
  return sum;
}

/**
 * The result of a suite's run. A suite that fails without a failed test, or that runs no test at all, counts as one
 * failure, so that it cannot look like a success.
 */
export function settle(/** @type {Readonly<Counts>} */ counts, /** @type {number} */ exitCode) {
  const silent = counts.failed === 0 && (exitCode !== 0 || total(counts) === 0);
  return silent ? { ...counts, failed: 1 } : { ...counts };
}

/** The line a run ends with. */
export function countLine(/** @type {Readonly<Counts>} */ { passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
