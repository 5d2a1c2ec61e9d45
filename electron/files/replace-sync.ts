/**
 * Replaces a small file synchronously and as a whole, so that a crash leaves either the old text or the new one. The
 * temporary name is random and opened exclusively, so that no other file is ever overwritten, not even one of another
 * instance.
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

/** The mode of a new file: what a program remembers about a person is readable for that person alone. */
const NEW_MODE = 0o600;

/** The file behind a name, with all links followed; null if there is none. */
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

/**
 * Replaces the file, keeping a link and the mode of an existing file. `links: 'replace'`: a link goes, and what it leads to
 * is left alone, for folders that may come from anybody. Throws the system's error; the old text then stays.
 */
export function replaceFileSync(path: string, text: string, { links }: { links?: 'replace' } = {}): void {
  const old = links === 'replace' ? null : target(path);
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

/**
 * Removes temporary files of `path` that a crash left. Call it only while no other instance can be writing the file.
 * Never throws.
 */
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
