/** Locks of whole files on systems with flock: held by the open file, so that they end with the process, however it does. */
import { closeSync, constants, fstatSync, openSync, statSync, unlinkSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import koffi from 'koffi';
import type { FileLock } from '../core/platform.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;
/** A file can be removed between its opening and its locking; each try settles one such meeting. */
const TRIES = 8;

type Flock = (fd: number, operation: number) => number;
let bound: Flock | undefined;

function flock(): Flock {
  const library = process.platform === 'darwin' ? '/usr/lib/libSystem.B.dylib' : 'libc.so.6';
  bound ??= koffi.load(library).func('int flock(int fd, int operation)') as Flock;
  return bound;
}

/** Null if another holds it. Throws the system's error, or that there is no flock. */
export function lockPosixFile(path: string): FileLock | null {
  const lock = flock();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    // Whatever lies under the name is opened without waiting for it; programs that are started do not inherit it.
    const fd = openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      0o600,
    );
    // Closed in one place, so never twice; a lock that is held keeps it.
    let kept = false;
    try {
      if (!fstatSync(fd).isFile()) throw new Error(`${path} is no file`);
      if (lock(fd, LOCK_EX | LOCK_NB) !== 0) {
        const errno = koffi.errno();
        if (errno !== koffi.os.errno.EWOULDBLOCK && errno !== koffi.os.errno.EAGAIN) throw systemError(errno);
        return null;
      }
      kept = stillNamed(path, fd);
      if (kept) return heldLock(path, fd);
    } finally {
      if (!kept) closeSync(fd);
    }
  }
  return null;
}

/** With the name of the system's code and its text, as errors of node:fs have them. */
function systemError(errno: number): Error {
  const [code, text] = getSystemErrorMap().get(-errno) ?? [String(errno), 'a code that has no text'];
  return Object.assign(new Error(text), { code });
}

function stillNamed(path: string, fd: number): boolean {
  try {
    const [named, held] = [statSync(path), fstatSync(fd)];
    return named.ino === held.ino && named.dev === held.dev;
  } catch {
    return false;
  }
}

function heldLock(path: string, fd: number): FileLock {
  let held = true;
  return {
    release(remove = false) {
      if (!held) return;
      held = false;
      try {
        // While it is held: whoever opens the file afterwards makes a new one.
        if (remove) unlinkSync(path);
      } catch {
        // It is locked by nobody then, which is what counts.
      }
      closeSync(fd);
    },
  };
}
