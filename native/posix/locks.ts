/**
 * Who lives: locks that the system lets go of when their holder ends, however it ends. A ring session has one for its
 * producer and one for its reader.
 */
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Libc } from './libc.ts';
import { LOCK_EX, LOCK_SH } from './system.ts';

export type Role = 'producer' | 'reader';

/** The locks of one ring session, as one opening of it holds and sees them. */
export interface SessionLocks {
  /** Takes the lock; false if another has it. */
  claim(role: Role): boolean;
  /** Whether another has the lock. */
  isHeld(role: Role): boolean;
  release(): void;
}

const BYTES: Readonly<Record<Role, number>> = { producer: 0, reader: 1 };

/** Locks on bytes of the object that `fd` has open. They go with the descriptor, so that there is nothing to release. */
export function byteLocks(libc: Libc, fd: number): SessionLocks {
  return {
    claim: (role) => libc.lockByte(fd, BYTES[role]),
    isHeld: (role) => libc.isByteLocked(fd, BYTES[role]),
    release: () => {},
  };
}

/** How often a claim is tried: whoever only asks holds a shared lock for as long as two system calls take. */
const CLAIM_TRIES = 64;

/**
 * Locks on empty files of their own, `NAME.producer` and `NAME.reader` in `folder`, which stay behind: a lock file that is
 * removed can be locked by two. Null if the folder is not one that only user `uid` can write, or cannot be made.
 */
export function fileLocks(libc: Libc, folder: string, name: string, uid: number): SessionLocks | null {
  if (!ownFolder(folder, uid)) return null;
  const held = new Map<Role, number>();
  return {
    claim: (role) => {
      if (held.has(role)) return true;
      const fd = openLockFile(folder, name, role);
      if (fd === null) return false;
      for (let attempt = 0; attempt < CLAIM_TRIES; attempt++) {
        if (!libc.tryFlock(fd, LOCK_EX)) continue;
        held.set(role, fd);
        return true;
      }
      closeSync(fd);
      return false;
    },
    isHeld: (role) => {
      const fd = openLockFile(folder, name, role);
      if (fd === null) return false;
      // A description of its own: one lock of this process then counts as another's.
      const free = libc.tryFlock(fd, LOCK_SH);
      closeSync(fd);
      return !free;
    },
    release: () => {
      for (const fd of held.values()) closeSync(fd);
      held.clear();
    },
  };
}

/** Names that have had a producer, by the lock files in `folder`. */
export function namesOfLockFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.producer'))
      .map((file) => file.slice(0, -'.producer'.length));
  } catch {
    return [];
  }
}

function openLockFile(folder: string, name: string, role: Role): number | null {
  try {
    const fd = openSync(
      join(folder, `${name}.${role}`),
      constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW,
      0o600,
    );
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    return null;
  } catch {
    return null;
  }
}

function ownFolder(folder: string, uid: number): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
