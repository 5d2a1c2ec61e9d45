/** Owns the rules that no other tool checks: what a file of this project must not contain. Pure. */
import { isTestFile } from './test-files.mjs';

/** @typedef {{ resolved?: string, version?: string, optionalDependencies?: Record<string, string> }} LockedPackage */

/**
 * What makes a lock-file good for one machine only. Addresses: npm would ask the host of whoever wrote it, not the
 * registry configured here. A missing optional package, which is how binaries for other platforms come: `npm ci` there
 * refuses the whole file.
 * @returns {string[]}
 */
export function lockProblems(/** @type {string} */ text) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<string, LockedPackage>} */
  const packages = JSON.parse(text).packages ?? {};
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved !== undefined) problems.push(`${path} has a \`resolved\` address`);
    if (/^\w+:/.test(entry.version ?? '')) problems.push(`${path} has an address as its version`);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!isLocked(packages, path, name)) problems.push(`${path} may need ${name}, which has no entry`);
    }
  }
  return problems;
}

/** Whether a package resolves from `path`, by Node's rule: the nearest node_modules upwards. */
function isLocked(
  /** @type {Record<string, LockedPackage>} */ packages,
  /** @type {string} */ path,
  /** @type {string} */ name,
) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}${at === '' ? '' : '/'}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** Folders of one person's or one machine's. Examples use invented names. */
const machinePaths = [
  /(?<![\w.])\/(?:home|Users)\/(?!(?:user|me|you|name)\b)[A-Za-z0-9._-]+/,
  /(?<![\w.])\/(?:root|work)\/[\w.-]+/,
  /[A-Za-z]:\\+Users\\+(?!(?:user|me|you|name|Public)\b)[A-Za-z0-9._-]+/,
];

const registryHost = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}/i;

/**
 * Lines that name a folder of some machine, or a package registry: both are the business of whoever builds, not of the
 * sources. `hosts` are registry names known from this machine's settings.
 * @returns {{ line: number, problem: string }[]}
 */
export function textProblems(/** @type {string} */ text, /** @type {readonly string[]} */ hosts) {
  const found = [];
  for (const [index, content] of text.split('\n').entries()) {
    const path = machinePaths.map((pattern) => pattern.exec(content)?.[0]).find((match) => match !== undefined);
    if (path) found.push({ line: index + 1, problem: `names a folder of one machine: ${path}` });
    const host = registryHost.exec(content)?.[0] ?? hosts.find((each) => content.includes(each));
    if (host) found.push({ line: index + 1, problem: `names a package registry: ${host}` });
  }
  return found;
}

/** The most lines of a product file. What is longer has more than one responsibility. */
export const MOST_LINES = 400;

/** Not counted: the specs of the whole app, the proofs of the driver, and what is generated. */
const UNCOUNTED = /^(e2e\/.*\.spec\.ts|driver\/assure\/.*|native\/decode\/[\w-]+-table\.ts)$/;

/**
 * Says that a file of the product is too long, or null. `file`: path from the top level, with forward slashes.
 * @returns {string | null}
 */
export function lengthProblem(/** @type {string} */ file, /** @type {string} */ text) {
  if (!/\.(tsx?|mjs|c|h)$/.test(file) || isTestFile(file) || UNCOUNTED.test(file)) return null;
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines > MOST_LINES ? `has ${lines} lines, more than the ${MOST_LINES} that a product file may have` : null;
}
