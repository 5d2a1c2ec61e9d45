/**
 * Whether two paths lead to the same file: through links, other hard links, or capital letters on systems that
 * ignore case.
 */
import type { BigIntStats } from 'node:fs';
import { fstat } from 'node:fs';
import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { behindLinks, type Place } from '../files/behind-links.ts';

const STDOUT = 1;
const descriptorStat = promisify(fstat) as (fd: number, options: { bigint: true }) => Promise<BigIntStats>;

/**
 * True if `out` (a path, or `-` for standard output) and `other` are the same file. Devices and pipes never are,
 * because they have no contents that could be overwritten. A path that cannot be examined counts as different;
 * opening it will say why.
 */
export async function sameFile(out: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([
    out === '-' ? descriptorStat(STDOUT, { bigint: true }).catch(() => null) : statOf(out),
    statOf(other),
  ]);
  if (one !== null && two !== null) return one.isFile() && one.dev === two.dev && one.ino === two.ino;
  // One exists and the other does not, or there is no path to compare.
  if (one !== null || two !== null || out === '-') return false;
  return (await placeOf(out)) === (await placeOf(other));
}

const statOf = (path: string): Promise<BigIntStats | null> => stat(path, { bigint: true }).catch(() => null);

/** The full path at which a file that does not exist yet would be created. */
const placeOf = async (path: string): Promise<string> =>
  caseless(await behindLinks(path, look).catch(() => resolve(path)));

/** What cannot be examined is taken as it stands: a folder by its name, a file for no link. */
async function look(path: string): Promise<Place> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return { folder, link: await readlink(join(folder, basename(path))).catch(() => null) };
}

const caseless = (path: string): string =>
  process.platform === 'win32' || process.platform === 'darwin' ? path.toLowerCase() : path;
