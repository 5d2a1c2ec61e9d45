/**
 * Replaces a small file synchronously and as a whole, so that a crash leaves either the old text or the new one. The
 * temporary name is random and opened exclusively, so that no other file is ever overwritten, not even one of another
 * instance. As by `replacing-file.ts`, the new file takes over the owner and the mode of the old one.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { behindLinksSync } from './behind-links.ts';
import { takeOverRights } from './kept-rights.ts';

/** The mode of a new file: what a program remembers about a person is readable for that person alone. */
const NEW_MODE = 0o600;

/**
 * What becomes of a symbolic link under the name. `followed`: it stays, and the file it leads to is replaced, or made if
 * there is none; for files that a person may have put elsewhere. `replaced`: the new file takes its place, and what it
 * leads to is left alone; for folders that came from somebody else.
 */
export type Links = 'followed' | 'replaced';

/** Replaces the file. Throws the system's error, or one that says what else lies there; the old text then stays. */
export function replaceFileSync(path: string, text: string, links: Links): void {
  const place = links === 'followed' ? behindLinksSync(path) : path;
  const old = lstatSync(place, { throwIfNoEntry: false });
  const link = old?.isSymbolicLink() ?? false;
  if (old !== undefined && !link && !old.isFile()) throw new Error(`${path} is not a regular file`);
  const temporary = `${place}.${randomBytes(8).toString('hex')}.tmp`;
  const fd = openSync(temporary, 'wx', NEW_MODE);
  try {
    try {
      if (old !== undefined && !link) takeOver(fd, old);
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

/** Gives the new file the owner and the mode of the old one. */
function takeOver(fd: number, old: Stats): void {
  const steps = takeOverRights(old, fstatSync(fd));
  let step = steps.next();
  while (!step.done) step = steps.next(owns(fd, step.value.uid, step.value.gid));
  if (step.value !== null) fchmodSync(fd, step.value);
}

function owns(fd: number, uid: number, gid: number): boolean {
  try {
    fchownSync(fd, uid, gid);
    return true;
  } catch {
    return false;
  }
}

/**
 * Removes temporary files that a crash left beside the file behind `path`. Call it only while no other instance can be
 * writing the file. Never throws.
 */
export function removeTemporaries(path: string): void {
  try {
    const place = behindLinksSync(path);
    const start = `${basename(place)}.`;
    for (const name of readdirSync(dirname(place))) {
      const middle = name.startsWith(start) && name.endsWith('.tmp') ? name.slice(start.length, -4) : '';
      if (/^[0-9a-f]{16}$/.test(middle)) rmSync(join(dirname(place), name), { force: true });
    }
  } catch {
    // They are small, and the next start tries again.
  }
}
