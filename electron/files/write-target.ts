/**
 * Where a file that is to be replaced really lies, and who writes there. One path has many spellings: links, other
 * names of the same file, capital letters on some systems. Two writers of one file would each lose to the other at its
 * end without a word, so a file has one writer at a time, whatever each of them calls it.
 */
import type { Stats } from 'node:fs';
import { access, constants, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from './system-failure.ts';

/** What is known of the file that is to be replaced. */
export interface WriteTarget {
  /** The file itself, behind every link; it need not exist. */
  readonly file: string;
  /** Folder of `file`. */
  readonly folder: string;
  /** Of the file that is there now; null if there is none. */
  readonly there: Stats | null;
  /** Lets others write there. Safe to call twice. */
  release(): void;
}

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/** Names of the files that are being written, each in every way that tells it from others. */
const claimed = new Set<string>();

/**
 * Finds the file behind `path` and claims it for one writer. Failures: source-busy if it is being written by this
 * program already, bad-argument for what is no file, permission-denied for one that is write-protected, else what the
 * system said of the path.
 */
export async function claimTarget(path: string): Promise<Result<WriteTarget>> {
  try {
    const file = await behindLinks(resolve(path));
    const folder = dirname(file);
    const there = await statIfThere(file);
    if (there !== null) {
      if (there.isDirectory()) return fail('bad-argument', `${path} is a folder`, 'Name a file in it');
      // A device or a pipe would be replaced by a file: it is written to directly, or not at all.
      if (!there.isFile()) return fail('bad-argument', `${path} is not a file that can be replaced`, 'Name a file');
      await access(file, constants.W_OK);
    }
    const names = await namesOf(file, folder, there !== null);
    if (names.some((name) => claimed.has(name))) {
      const action = 'Wait until that is done, or choose another name';
      return fail('source-busy', `${path} is being written already`, action);
    }
    for (const name of names) claimed.add(name);
    const release = (): void => {
      for (const name of names.splice(0)) claimed.delete(name);
    };
    return ok({ file, folder, there, release });
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${path} could not be written`) };
  }
}

/** The path with every link resolved, also that of a last part which does not exist. */
async function behindLinks(path: string): Promise<string> {
  let next = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const file = join(await realpath(dirname(next)), basename(next));
    const there = await lstat(file).catch(ifMissing);
    if (!there?.isSymbolicLink()) return file;
    next = resolve(dirname(file), await readlink(file));
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
}

function ifMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

function statIfThere(file: string): Promise<Stats | null> {
  return stat(file).catch(ifMissing);
}

/** By folder and name, for a file that is not there yet; by its own number too, for one that has several names. */
async function namesOf(file: string, folder: string, exists: boolean): Promise<string[]> {
  // The numbers of Windows do not fit a double.
  const place = await stat(folder, { bigint: true });
  const caseless = process.platform === 'win32' || process.platform === 'darwin';
  const name = caseless ? basename(file).toLowerCase() : basename(file);
  const names = [`${place.dev}:${place.ino}/${name}`];
  if (!exists) return names;
  const self = await stat(file, { bigint: true });
  return [...names, `${self.dev}:${self.ino}`];
}
