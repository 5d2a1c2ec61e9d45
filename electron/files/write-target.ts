/**
 * Finds the file that is really replaced by writing to a path, and claims it for one writer. One file has many paths:
 * through links, other hard links, capital letters on some systems. Of two writers of one file, the later rename would
 * silently discard the other's work; so a file has one writer at a time, whatever path each of them uses.
 */
import type { Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { behindLinks, nullIfMissing } from './behind-links.ts';
import { failureOfSystemError } from './system-failure.ts';

/** What is known of the file that is to be replaced. */
export interface WriteTarget {
  /** The file itself, with every link resolved; it need not exist. */
  readonly file: string;
  /** Folder of `file`. */
  readonly folder: string;
  /** Facts of the existing file; null if there is none. */
  readonly there: Stats | null;
  /** Ends the claim. Safe to call twice. */
  release(): void;
}

/** Keys of the files being written. A file has several keys, because two paths can denote one file in several ways. */
const claimed = new Set<string>();

/**
 * Finds the file behind `path` and claims it for one writer. Failures: source-busy if this program is writing it
 * already, bad-argument if it is not a file, permission-denied if it is write-protected, otherwise the system's error.
 */
export async function claimTarget(path: string): Promise<Result<WriteTarget>> {
  try {
    const file = await behindLinks(path);
    const folder = dirname(file);
    const there = await statIfThere(file);
    if (there !== null) {
      if (there.isDirectory()) return fail('bad-argument', `${path} is a folder`, 'Name a file in it');
      // Renaming would replace a device or a pipe by an ordinary file, so those are refused.
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

function statIfThere(file: string): Promise<Stats | null> {
  return stat(file).catch(nullIfMissing);
}

/** Keys by folder and name, for a file that does not exist yet; and by file number, for a file with several names. */
async function namesOf(file: string, folder: string, exists: boolean): Promise<string[]> {
  // File numbers on Windows are too large for a double.
  const place = await stat(folder, { bigint: true });
  const caseless = process.platform === 'win32' || process.platform === 'darwin';
  const name = caseless ? basename(file).toLowerCase() : basename(file);
  const names = [`${place.dev}:${place.ino}/${name}`];
  if (!exists) return names;
  const self = await stat(file, { bigint: true });
  return [...names, `${self.dev}:${self.ino}`];
}
