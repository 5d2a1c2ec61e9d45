/**
 * Replaces a small file whole, at once and without giving way, so that a crash leaves the old text or the new one. The
 * temporary name is chance's and made exclusively: no other file, and no other instance's, is ever written over.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Of a file that is new: what a program remembers of a person is that person's. */
const NEW_MODE = 0o600;

/** What there is under a name, behind any links; null if nothing is. */
function target(path: string): { readonly path: string; readonly mode: number } | null {
  try {
    const real = realpathSync(path);
    const stats = statSync(real);
    if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
    return { path: real, mode: stats.mode & 0o7777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Keeps the link and the mode of a file that is there. Throws the system's error; the old text stays then. */
export function replaceFileSync(path: string, text: string): void {
  const old = target(path);
  const place = old?.path ?? path;
  const temporary = `${place}.${randomBytes(8).toString('hex')}.tmp`;
  const fd = openSync(temporary, 'wx', NEW_MODE);
  try {
    try {
      if (old !== null) fchmodSync(fd, old.mode);
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes temporary files of `path` that a crash left; call where no other can be writing it. Never throws. */
export function removeTemporaries(path: string): void {
  try {
    const place = target(path)?.path ?? path;
    const start = `${basename(place)}.`;
    for (const name of readdirSync(dirname(place))) {
      const middle = name.startsWith(start) && name.endsWith('.tmp') ? name.slice(start.length, -4) : '';
      if (/^[0-9a-f]{16}$/.test(middle)) rmSync(join(dirname(place), name), { force: true });
    }
  } catch {
    // They are small, and the next start tries again.
  }
}
