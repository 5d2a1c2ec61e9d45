/**
 * Owns the folders of the project. Everything that the set-up writes is below `dist` or `node_modules`, both ignored by git.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's top level. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const dist = join(root, 'dist');
export const nodeModules = join(root, 'node_modules');
/** Files that can be fetched or computed again: the fallback Electron, reports, the memory of a failed download. */
export const cache = join(nodeModules, '.cache', 'ringview');

/** The program of a package that npm linked for this project. */
export const binary = (/** @type {string} */ name) =>
  join(nodeModules, '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
