/**
 * Where things are, how much to do, and what a method reports.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

/** driver/assure */
export const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
/** driver */
export const DRIVER = dirname(HERE);
/** The repository. */
export const ROOT = dirname(DRIVER);
export const BUILD = join(ROOT, 'build', 'assure');

/**
 * @typedef {object} Context
 * @property {boolean} quick
 * @property {number} width processes at once
 * @property {() => number} effort how much of its usual work a method that can do more or less shall do, 1 for all of it
 */

/**
 * One line of the table.
 * @typedef {object} Row
 * @property {string} method
 * @property {string} explored what was gone through, with its size
 * @property {string} found what came of it
 * @property {boolean} ok
 * @property {string[]} [details] printed below the table
 */

/** The quick form is to be done by then, also on a machine that has other things to do. */
const QUICK_SECONDS = 200;
/** What the methods that can do more or less take with all of their work, on two cores. */
const USUAL_SECONDS = 60;
const LEAST_EFFORT = 0.2;

/**
 * @param {boolean} quick
 * @returns {Context}
 */
export function makeContext(quick) {
  const began = performance.now();
  return {
    quick,
    width: Math.max(1, Math.min(4, availableParallelism())),
    effort: () => {
      if (!quick) return 1;
      const left = QUICK_SECONDS - (performance.now() - began) / 1000;
      return Math.min(1, Math.max(LEAST_EFFORT, left / USUAL_SECONDS));
    },
  };
}

/**
 * Whether a mutant is tried: in the quick form one half of them on one day and the other on the next, because all of them
 * are a third of its time. @param {Context} context @param {number} n place of the mutant in its table
 */
export function isTried(context, n, day = Math.floor(Date.now() / 86_400_000)) {
  return !context.quick || (n + day) % 2 === 0;
}

/** A folder below build/assure, made if it is not there. @param {...string} parts */
export function buildDir(...parts) {
  const dir = join(BUILD, ...parts);
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** 12345678 as 12.3 M, so that a column of sizes can be read. @param {number} n */
export function amount(n) {
  if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  if (n >= 1e4) return `${(n / 1e3).toFixed(0)} k`;
  return String(n);
}
