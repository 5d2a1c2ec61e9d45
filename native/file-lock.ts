/**
 * Locks that tell the living from the dead: held by a process for its life and let go by the system at its end, whatever
 * ends it. A number of a process does not tell: it is soon another's.
 */
import type { FileLock } from './core/platform.ts';
import { fail, ok, type Result } from './core/result.ts';
import { lockPosixFile } from './posix/file-lock.ts';
import { lockWindowsFile } from './win32/file-lock.ts';

/**
 * Takes the lock of a file, which is created if there is none, without waiting; null if somebody holds it, in this
 * process or another. Failure: io-error, where files cannot be locked.
 */
export function lockFile(path: string): Result<FileLock | null> {
  try {
    return ok(process.platform === 'win32' ? lockWindowsFile(path) : lockPosixFile(path));
  } catch (error) {
    return fail('io-error', `${path} cannot be locked`, 'Check the folder and its disk', {
      code: (error as NodeJS.ErrnoException).code ?? 'lock',
      text: error instanceof Error ? error.message : String(error),
    });
  }
}
