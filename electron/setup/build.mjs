/**
 * Builds what is not current.
 *
 *   node electron/setup/build.mjs [--force] [main] [preload] [cli] [renderer]
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findTarget, noteBuilt, staleTargets, targets } from './build-targets.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { done, failed, misused, runScript, say } from './output.mjs';
import { root } from './paths.mjs';
import { ensureDeps } from './provide/ensure-deps.mjs';

/** Builds the named targets (all by default) that are stale. @returns {Promise<import('./output.mjs').Outcome>} */
export async function ensureBuild(
  /** @type {readonly string[]} */ names = targets.map((target) => target.name),
  force = false,
) {
  const wanted = names.flatMap((name) => findTarget(name) ?? []);
  if (!force && staleTargets(wanted).length === 0) return done;
  return oneAtATime(() => buildStale(wanted, force));
}

/** @returns {Promise<import('./output.mjs').Outcome>} */
async function buildStale(
  /** @type {readonly import('./build-targets.mjs').Target[]} */ wanted,
  /** @type {boolean} */ force,
) {
  if (force) for (const target of wanted) noteBuilt(target.name, '');
  // The process that had the turn before may have built it already.
  const stale = staleTargets(wanted);
  // Loading vite takes longer than finding out that there is nothing to do.
  const { build } = await import('vite');
  for (const { target, stamp } of stale) {
    const started = performance.now();
    noteBuilt(target.name, '');
    try {
      await build({ configFile: join(root, 'vite.config.ts'), mode: target.name, logLevel: 'warn' });
    } catch (error) {
      return failed(`building ${target.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    noteBuilt(target.name, stamp);
    say(`built ${target.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  return done;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const names = args.filter((arg) => arg !== '--force');
  await runScript(import.meta.url, async () => {
    const unknown = names.filter((name) => !findTarget(name));
    if (unknown.length > 0) {
      return misused(
        `unknown target ${unknown.join(', ')}; there are ${targets.map((target) => target.name).join(', ')}`,
      );
    }
    const ready = await ensureDeps();
    return ready.ok ? ensureBuild(names.length > 0 ? names : undefined, args.includes('--force')) : ready;
  });
}
