/** Owns which sources each target is built from, and whether a build is still up to date. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dist, root } from './paths.mjs';

/**
 * @typedef {object} Target
 * @property {string} name the mode vite.config.ts knows it by
 * @property {readonly string[]} sources folders and files it is made of
 * @property {string} result a file that exists after a build
 */

const pure = ['native/core', 'electron/contract'];

/** @type {readonly Target[]} */
export const targets = [
  { name: 'main', sources: ['native', 'electron'], result: 'main/main.js' },
  { name: 'preload', sources: [...pure, 'electron/preload'], result: 'preload/preload.cjs' },
  { name: 'cli', sources: ['native', 'electron'], result: 'cli/ringview.js' },
  { name: 'renderer', sources: [...pure, 'renderer'], result: 'renderer/index.html' },
];

/** What every target depends on. */
const shared = ['vite.config.ts', 'package.json', 'package-lock.json'];

const stampFile = join(dist, 'stamps.json');

/** @returns {Target | undefined} */
export function findTarget(/** @type {string} */ name) {
  return targets.find((target) => target.name === name);
}

/**
 * The targets whose sources are not the ones they were built from, with the stamp to note after building them.
 * @returns {{ target: Target, stamp: string }[]}
 */
export function staleTargets(/** @type {readonly Target[]} */ wanted) {
  const stamps = readStamps();
  return wanted.flatMap((target) => {
    const stamp = sourceStamp(root, [...shared, ...target.sources]);
    const current = stamps[target.name] === stamp && existsSync(join(dist, target.result));
    return current ? [] : [{ target, stamp }];
  });
}

/** Notes what a target was built from; an empty stamp forgets it. */
export function noteBuilt(/** @type {string} */ name, /** @type {string} */ stamp) {
  mkdirSync(dist, { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamps(), [name]: stamp }, null, 2)}\n`);
}

/** @returns {Record<string, string>} */
function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    // There is no build yet, or the record is damaged: everything is built.
    return {};
  }
}

/**
 * A stamp that changes whenever a source is added, removed, renamed or written. It uses times and sizes in place of
 * contents, so that checking takes only milliseconds; tests and this set-up are left out, because they are not part
 * of any program.
 */
export function sourceStamp(/** @type {string} */ base, /** @type {readonly string[]} */ sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesBelow(join(base, source))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(base, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** @returns {string[]} */
function filesBelow(/** @type {string} */ path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'setup' && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}
