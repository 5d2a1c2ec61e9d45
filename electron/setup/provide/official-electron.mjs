/**
 * Owns the binary of the `electron` package: whether it is there, and its download. If the download cannot work,
 * finding that out takes seconds, so the failure is remembered and only one start in some hours has to wait for it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../child.mjs';
import { failed, say } from '../output.mjs';
import { cache, nodeModules } from '../paths.mjs';

const packageFolder = join(nodeModules, 'electron');
const memory = join(cache, 'electron-download-failure.json');
const downloads = join(cache, 'electron-download');

/** A download that brings no new byte for this long is given up. */
const stalledMs = 25_000;
const longestMs = 900_000;
const rememberedMs = 6 * 3600_000;

/** @typedef {{ version: string, at: number, reason: string }} DownloadFailure `at`: milliseconds since 1970 */

/** Path of the program inside a distribution folder. */
export function executableName(/** @type {NodeJS.Platform} */ platform) {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Version of the `electron` package that is installed. */
export function wantedVersion() {
  return /** @type {string} */ (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version);
}

/** The official binary if it has been downloaded in the wanted version. @returns {string | null} */
export function installedElectron() {
  const path = join(packageFolder, 'dist', executableName(process.platform));
  try {
    const version = readFileSync(join(packageFolder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    return version === wantedVersion() && existsSync(path) && existsSync(join(packageFolder, 'path.txt')) ? path : null;
  } catch {
    // No `dist/version`: nothing was downloaded.
    return null;
  }
}

/** Runs the package's own installer. @returns {Promise<{ ok: true, path: string } | { ok: false, message: string }>} */
export async function downloadElectron() {
  const version = wantedVersion();
  const known = recall(readMemory(), version, Date.now());
  if (known !== null) return failed(known);

  say(`downloading Electron ${version}`);
  mkdirSync(downloads, { recursive: true });
  const stop = new AbortController();
  const stalled = watchProgress(() => folderSize(downloads) + folderSize(join(packageFolder, 'dist')), stop);
  const result = await run(process.execPath, [join(packageFolder, 'install.js')], {
    // The installer writes to the temporary folder. A private one lets the download's progress be measured.
    env: { ...process.env, TMPDIR: downloads, TEMP: downloads, TMP: downloads },
    output: 'keep',
    timeoutMs: longestMs,
    signal: stop.signal,
  });
  clearInterval(stalled);
  rmSync(downloads, { recursive: true, force: true });

  const path = installedElectron();
  if (result.code === 0 && path !== null) {
    rmSync(memory, { force: true });
    return { ok: true, path };
  }
  const reason = stop.signal.aborted
    ? `no data for ${stalledMs / 1000} s`
    : downloadReason(result.stderr || result.stdout, process.versions.node);
  mkdirSync(cache, { recursive: true });
  writeFileSync(memory, JSON.stringify({ version, at: Date.now(), reason }));
  return failed(reason);
}

/** The remembered reason while it is fresh and about the same version. @returns {string | null} */
export function recall(
  /** @type {DownloadFailure | null} */ failure,
  /** @type {string} */ version,
  /** @type {number} milliseconds since 1970 */ now,
) {
  if (!failure || failure.version !== version) return null;
  const age = now - failure.at;
  return age >= 0 && age < rememberedMs ? failure.reason : null;
}

/** One line out of the installer's stack trace. It mentions an old Node, which may be the cause. */
export function downloadReason(/** @type {string} */ output, /** @type {string} */ nodeVersion) {
  const lines = output.split('\n').map((line) => line.trim());
  const message = lines.find((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.find((line) => line !== '');
  const reason = message?.replace(/^\w*Error: /, '') ?? 'the installer said nothing';
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const old = major < 22 || (major === 22 && minor < 12);
  return old ? `${reason}; its installer also asks for Node 22.12 or later, this is ${nodeVersion}` : reason;
}

/** @returns {DownloadFailure | null} */
function readMemory() {
  try {
    return JSON.parse(readFileSync(memory, 'utf8'));
  } catch {
    // There is no record of a failure, or it cannot be read: try again.
    return null;
  }
}

function watchProgress(/** @type {() => number} */ measure, /** @type {AbortController} */ stop) {
  let size = measure();
  let since = Date.now();
  return setInterval(() => {
    const now = measure();
    if (now !== size) {
      size = now;
      since = Date.now();
    } else if (Date.now() - since >= stalledMs) {
      stop.abort();
    }
  }, 1000);
}

/** Bytes below a folder; what vanishes while it is measured counts as nothing. @returns {number} */
function folderSize(/** @type {string} */ folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? folderSize(path) : statSync(path).size;
    }
  } catch {
    // Removed between the listing and the measurement; the next measurement is right again.
  }
  return bytes;
}
