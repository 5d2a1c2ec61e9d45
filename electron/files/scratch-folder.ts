/**
 * A folder for what a command needs only while it runs, as large as a log may be. All of a user's lie in one folder of the
 * system's temporary one, each held by a lock, so that the next command removes what one that was killed has left.
 */
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../../native/core/result.ts';
import { openRunFolder, type Report, type RunFolder } from './run-folder.ts';
import { failureOfSystemError } from './system-failure.ts';

/**
 * Makes a new, empty folder that only this user can look into, and removes those of commands that have ended. `report`
 * receives a line for each that could not be removed. Failures: those of the disk.
 */
export function openScratchFolder(report: Report, temporary = tmpdir()): Result<RunFolder> {
  const uid = process.geteuid?.();
  const parent = join(temporary, uid === undefined ? 'ringview-scratch' : `ringview-scratch-${uid}`);
  try {
    makeFolder(parent, 0o700);
    if (!isPrivate(parent, uid)) {
      report(`${parent} is not yours alone: remove it, or what a killed command leaves is not removed by the next`);
      return ok(unguarded(temporary));
    }
    return ok(guarded(parent, report));
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `No folder could be made in ${temporary}`) };
  }
}

/** Throws the system's error, as on a full disk. */
function guarded(parent: string, report: Report): RunFolder {
  const folder = openRunFolder(parent, report);
  try {
    makeFolder(folder.path, 0o700);
    return folder;
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Everybody can make a name in the temporary folder, and whoever owns a folder decides what lies in it. */
function isPrivate(path: string, uid: number | undefined): boolean {
  const stats = lstatSync(path);
  return stats.isDirectory() && (uid === undefined || (stats.uid === uid && (stats.mode & 0o077) === 0));
}

/** A folder that nobody finds by its name, and nobody removes but the command itself. */
function unguarded(temporary: string): RunFolder {
  const path = mkdtempSync(join(temporary, 'ringview-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
