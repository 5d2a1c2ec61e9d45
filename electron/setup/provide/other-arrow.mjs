/**
 * Owns the fetching of a reader of Arrow files that shares no code with the library this project writes them with: tests
 * hold the files of the history against it. Pinned, and no dependency of the product.
 */
import { join } from 'node:path';
import { cache } from '../paths.mjs';
import { fetchPinned } from './pinned-package.mjs';

const flechette = {
  name: '@uwdata/flechette',
  version: '2.7.0',
  integrity: 'sha512-+d4JwDnBJsxjH7zMz5QSDOVQQYqFdAQYSaR6lfBazFz28C5eIBiL5s4jqLEWJKcc43fSU1m6yHMcWeRUCTNH+g==',
  contents: 'sha512-UL0um/kU6L20Qs5d90GaqjXBX4HK/QWYSJW1QK3tS2Li7co7qglEdiXOXFrsAijMCIaAGOwVkdtfBLRJ8FBpKA==',
  size: 'about 300 kB',
};

/** @returns {Promise<{ ok: true, path: string } | { ok: false, message: string }>} path of the module to import */
export async function ensureOtherArrow() {
  const folder = join(cache, `flechette-${flechette.version}`);
  const fetched = await fetchPinned(flechette, folder, 'dist');
  return fetched.ok ? { ok: true, path: join(folder, 'flechette.mjs') } : fetched;
}
