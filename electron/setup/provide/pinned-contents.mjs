/**
 * Owns the check whether an unpacked folder still has the pinned contents. The digest of the contents is written in the source
 * beside that of the archive, so that it cannot be changed together with the folder. Reading hundreds of megabytes at
 * each start would take seconds. So after they were read once, the sizes, times and inode numbers of all files stand
 * for them until one of these changes. Somebody who can write to this folder can also forge that record: this protects
 * against accidents and changes by hand, not against an attacker who controls the machine.
 */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** `sha512-` and base64 of one file. */
export async function fileDigest(/** @type {string} */ file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * `sha512-` and base64, over the path and the digest of every file below a folder. Entries that are not files have a
 * special digest.
 */
export async function contentsDigest(/** @type {string} */ folder) {
  const hash = createHash('sha512');
  for (const path of below(folder)) {
    const file = join(folder, path);
    hash.update(`${path}\0${lstatSync(file).isFile() ? await fileDigest(file) : 'no file'}\n`);
  }
  return `sha512-${hash.digest('base64')}`;
}

/** Changes whenever a file is added, removed, renamed, written or given another mode. */
export function quickStamp(/** @type {string} */ folder) {
  const hash = createHash('sha256');
  for (const path of below(folder)) {
    // The time of the last change of anything: no program can set it back.
    const { mode, ino, size, mtimeNs, ctimeNs } = lstatSync(join(folder, path), { bigint: true });
    hash.update(`${path}\0${mode}\0${ino}\0${size}\0${mtimeNs}\0${ctimeNs}\n`);
  }
  return hash.digest('hex');
}

/** Whether a folder was found to have the digest `contents`, and nothing has changed since. */
export function isKnownWhole(/** @type {string} */ folder, /** @type {string} */ contents) {
  try {
    const known = JSON.parse(readFileSync(recordOf(folder), 'utf8'));
    return known.contents === contents && known.stamp === quickStamp(folder);
  } catch {
    // The record is missing or incomplete, so the contents are read.
    return false;
  }
}

/**
 * Notes that a folder was found to have the digest `contents`. `stamp` was taken before it was read, so that no later
 * change is missed.
 */
export function noteWhole(/** @type {string} */ folder, /** @type {string} */ contents, /** @type {string} */ stamp) {
  const record = recordOf(folder);
  const fresh = `${record}-${process.pid}`;
  writeFileSync(fresh, JSON.stringify({ contents, stamp }));
  renameSync(fresh, record);
}

/** Forgets what was noted of a folder. */
export function forgetWhole(/** @type {string} */ folder) {
  rmSync(recordOf(folder), { force: true });
}

const recordOf = (/** @type {string} */ folder) => `${folder}.checked.json`;

/** Paths of everything below a folder that is no folder, with forward slashes, in one order everywhere. @returns {string[]} */
function below(/** @type {string} */ folder, inside = '') {
  return readdirSync(join(folder, inside), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      return entry.isDirectory() ? below(folder, path) : [path];
    });
}
