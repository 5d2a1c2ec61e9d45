/**
 * Owns that `node_modules` is what the lock-file says. It compares the lock-file with npm's own record of what it
 * installed, so that an install by hand is accepted too and only a real difference costs an `npm ci`.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../child.mjs';
import { oneAtATime } from '../one-at-a-time.mjs';
import { done, failed, say } from '../output.mjs';
import { nodeModules, root } from '../paths.mjs';

/** A slow network takes minutes; without a network it would take for ever. */
const installMs = 1_500_000;

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {Record<string, LockedPackage>} LockedPackages */

/** Makes `node_modules` match the lock-file. @returns {Promise<import('../output.mjs').Outcome>} */
export async function ensureDeps() {
  return lackingPackage() === null ? done : oneAtATime(installPackages);
}

function lackingPackage() {
  return missingDependency(
    readPackages(join(root, 'package-lock.json')),
    readPackages(join(nodeModules, '.package-lock.json')),
  );
}

/** @returns {Promise<import('../output.mjs').Outcome>} */
async function installPackages() {
  // Whoever had the turn before may have done it.
  const reason = lackingPackage();
  if (reason === null) return done;

  say(`installing packages (${reason})`);
  // No install scripts are needed: koffi's binaries are separate packages, and ensure-electron fetches Electron's.
  const result = await npm(['ci', '--ignore-scripts'], { output: 'keep', timeoutMs: installMs });
  if (result.code === 0) return done;

  // Without npm's record, the next run starts over rather than trusting half an installation.
  rmSync(join(nodeModules, '.package-lock.json'), { force: true });
  return failed(
    `npm ci failed (${result.timedOut ? `not done after ${installMs / 60_000} minutes` : `exit code ${result.code}`}):\n` +
      `${(result.stderr || result.stdout).trim()}\n` +
      'The packages come from the registry that npm is configured for: check the network and `npm config get registry`, then run this again.',
  );
}

/**
 * Says what stands between the record of an install and the lock-file, or null if nothing does. Optional packages
 * belong to other platforms as often as not, so their absence is no difference; a wrong version is.
 * @returns {string | null}
 */
export function missingDependency(
  /** @type {LockedPackages | null} */ locked,
  /** @type {LockedPackages | null} */ installed,
) {
  if (!locked) return 'package-lock.json cannot be read';
  if (!installed) return 'none installed yet';
  for (const [path, wanted] of Object.entries(locked)) {
    if (path === '') continue;
    const found = installed[path];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (!found) {
      if (wanted.optional || wanted.devOptional) continue;
      return `${name} is not installed`;
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity) {
      return `${name} ${found.version} is installed, ${wanted.version} is wanted`;
    }
  }
  return null;
}

/** @returns {LockedPackages | null} */
function readPackages(/** @type {string} */ file) {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    // A record that an interrupted install left incomplete is treated like a missing one.
    return null;
  }
}
