/**
 * Named memory on Linux and macOS: shm_open objects of this user, and locks that die with their holder. What is another
 * user's is refused, whoever this user is: it can be cut, filled or emptied by someone whom nothing binds.
 */
import { fstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullBarrier } from '../barrier.ts';
import type { Platform, ProducerImage, ReaderImage } from '../core/platform.ts';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';
import { openMemory } from './image-memory.ts';
import { type Libc, loadLibc } from './libc.ts';
import { byteLocks, fileLocks, namesOfLockFiles, type SessionLocks } from './locks.ts';
import { O_RDWR, type PosixSystem, PROT_READ, PROT_WRITE } from './system.ts';

/** Where Linux shows memory objects as files. */
export const SHARED_MEMORY = '/dev/shm';
/** Owner only: a log may hold what other users must not see. */
const MODE = 0o600;
/** Two producers starting at once can undo each other's object; each try settles one such meeting. */
const CREATE_TRIES = 8;

/** What all of this file is done with. */
interface Host {
  readonly libc: Libc;
  readonly system: PosixSystem;
  /** The user on whose behalf this process acts. */
  readonly uid: number;
  /** Of lock files, where there are such. */
  readonly lockFolder: string;
}

/** `uid` is for tests. Failure: source-unsupported. */
export function createPosixPlatform(system: PosixSystem, uid = process.geteuid?.() ?? 0): Result<Platform> {
  const loaded = loadLibc(system);
  if (!loaded.ok) return loaded;
  const libc = loaded.value;
  const host: Host = { libc, system, uid, lockFolder: join(tmpdir(), `ringview-${uid}`) };
  return ok({
    // Nanoseconds of CLOCK_MONOTONIC on Linux, of mach_absolute_time on macOS: the same in every process.
    clock: { frequency: 1e9, ticks: () => process.hrtime.bigint() },
    read: (address, target) => libc.copyOut(target, address, target.byteLength),
    copyOut: (address, bytes, at, length) => libc.copyOut(at === 0 ? bytes : bytes.subarray(at), address, length),
    write: (address, source) => libc.copyIn(address, source, source.byteLength),
    copyIn: (address, bytes, at, length) => libc.copyIn(address, at === 0 ? bytes : bytes.subarray(at), length),
    barrier: fullBarrier,
    createImage: (name, bytes) => createImage(host, name, bytes),
    openImage: (name) => openImage(host, name),
    imageNames: () => imageNames(host),
    removeDead: (name) => removeDead(host, name, null) === 'removed',
  });
}

function systemFailure(what: string, error: SystemError): Result<never> {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return fail('permission-denied', what, 'Run as the user who owns the ring session', error);
  }
  if (error.code === 'ENOSPC' || error.code === 'ENOMEM') {
    return fail('disk-full', what, 'Use smaller rings or fewer CPUs, or free shared memory in /dev/shm', error);
  }
  return fail('io-error', what, 'Try again; if it stays, check the limits of this process and of /dev/shm', error);
}

/** The locks of the ring session whose object `fd` has open; null where lock files cannot be had. */
function locksOf(host: Host, name: string, fd: number): SessionLocks | null {
  return host.system.locks === 'bytes' ? byteLocks(host.libc, fd) : namedLocks(host, name);
}

function namedLocks({ libc, lockFolder, uid }: Host, name: string): SessionLocks | null {
  return fileLocks(libc, lockFolder, name, uid);
}

function noLocks({ lockFolder }: Host): Result<never> {
  return fail(
    'permission-denied',
    `There can be no locks in ${lockFolder}`,
    'Remove that folder: it is not yours alone',
  );
}

/** What an opened object is: its size, or why it is not one of ours. */
function examine(host: Host, name: string, fd: number): Result<number> {
  const status = fstatSync(fd);
  if (status.uid !== host.uid) {
    const what = `The memory of ring session '${name}' belongs to another user (${status.uid})`;
    return fail('permission-denied', what, 'Run as that user, or choose another name');
  }
  if (host.system.objectsAreFiles && !status.isFile()) {
    return fail('io-error', `What is there under the name '${name}' is no memory`, 'Choose another name');
  }
  return ok(status.size);
}

/** Whether the object still has its name. Where `fstat` does not say so, lock files have settled it before. */
function hasName({ system }: Host, fd: number): boolean {
  return !system.objectsAreFiles || fstatSync(fd).nlink > 0;
}

function createImage(host: Host, name: string, bytes: number): Result<ProducerImage> {
  const { system } = host;
  const busy = () =>
    fail('source-busy', `A living producer has the ring session '${name}'`, 'Stop it, or choose another name');
  // Lock files belong to the name: taken before there is an object, they keep everybody else from it.
  const named = system.locks === 'files' ? namedLocks(host, name) : null;
  if (named === null && system.locks === 'files') return noLocks(host);
  if (named !== null && !named.claim('producer')) return busy();
  const created = createObject(host, name, bytes, named, busy);
  if (!created.ok) named?.release();
  return created;
}

function createObject(
  host: Host,
  name: string,
  bytes: number,
  named: SessionLocks | null,
  busy: () => Result<never>,
): Result<ProducerImage> {
  const { libc, system } = host;
  const object = system.objectName(name);
  for (let attempt = 0; attempt < CREATE_TRIES; attempt++) {
    const fd = libc.shmOpen(object, O_RDWR | system.O_CREAT | system.O_EXCL, MODE);
    if (fd < 0) {
      const error = libc.lastError();
      if (error.code !== 'EEXIST')
        return systemFailure(`The memory of ring session '${name}' cannot be created`, error);
      const removed = removeDead(host, name, named);
      if (removed === 'alive') return busy();
      if (typeof removed !== 'string') return removed;
      continue;
    }
    const locks = named ?? byteLocks(libc, fd);
    // Another producer may have taken the object for a stale one before its lock was taken.
    if (locks.claim('producer') && hasName(host, fd)) return fillImage(host, name, fd, locks, bytes);
    libc.close(fd);
  }
  return busy();
}

/**
 * Removes the object `name` if its producer is dead: only who gets the producer's lock of an object may take its name
 * away, and only while it is that object's. A reader of it keeps what it has open.
 */
function removeDead(host: Host, name: string, held: SessionLocks | null): 'removed' | 'alive' | Result<never> {
  const { libc, system } = host;
  const object = system.objectName(name);
  const fd = libc.shmOpen(object, O_RDWR, 0);
  if (fd < 0) {
    const reason = libc.lastError();
    if (reason.code === 'ENOENT') return 'removed';
    return systemFailure(`The memory left under '${name}' cannot be replaced`, reason);
  }
  const locks = held ?? locksOf(host, name, fd);
  try {
    const ours = examine(host, name, fd);
    if (!ours.ok) return ours;
    if (locks === null) return noLocks(host);
    if (!locks.claim('producer')) return 'alive';
    if (hasName(host, fd) && libc.shmUnlink(object) !== 0) {
      const reason = libc.lastError();
      if (reason.code !== 'ENOENT') return systemFailure(`The memory left under '${name}' cannot be replaced`, reason);
    }
    return 'removed';
  } finally {
    if (held === null) locks?.release();
    libc.close(fd);
  }
}

function fillImage(host: Host, name: string, fd: number, locks: SessionLocks, bytes: number): Result<ProducerImage> {
  const { libc, system } = host;
  const object = system.objectName(name);
  const abandon = (what: string, error: SystemError) => {
    libc.shmUnlink(object);
    locks.release();
    libc.close(fd);
    return systemFailure(what, error);
  };
  // Pages are taken now where they can be: running out of them later would be a signal that nothing can handle.
  const error = allocate(host, fd, bytes);
  if (error !== null) return abandon(`${bytes} bytes for ring session '${name}' cannot be had`, error);
  const address = libc.mmap(bytes, PROT_READ | PROT_WRITE, fd, 0);
  if (address === null) return abandon(`The memory of ring session '${name}' cannot be mapped`, libc.lastError());
  let open = true;
  return ok({
    address,
    bytes,
    hasReader: () => open && locks.isHeld('reader'),
    close: () => {
      if (!open) return;
      open = false;
      libc.shmUnlink(object);
      libc.munmap(address, bytes);
      locks.release();
      libc.close(fd);
    },
  });
}

function allocate({ libc, system }: Host, fd: number, bytes: number): SystemError | null {
  if (system.allocate === 'ftruncate') return libc.ftruncate(fd, bytes) === 0 ? null : libc.lastError();
  const errno = libc.posixFallocate(fd, 0, bytes);
  return errno === 0 ? null : libc.describe(errno);
}

function openImage(host: Host, name: string): Result<ReaderImage> {
  const { libc, system } = host;
  const fd = libc.shmOpen(system.objectName(name), O_RDWR, 0);
  if (fd < 0) {
    const error = libc.lastError();
    if (error.code === 'ENOENT') {
      return fail('source-not-found', `There is no ring session '${name}'`, 'Start its producer first', error);
    }
    return systemFailure(`Ring session '${name}' cannot be opened`, error);
  }
  const opened = openObject(host, name, fd);
  if (!opened.ok) libc.close(fd);
  return opened;
}

function openObject(host: Host, name: string, fd: number): Result<ReaderImage> {
  const { libc, system } = host;
  const examined = examine(host, name, fd);
  if (!examined.ok) return examined;
  const bytes = examined.value;
  if (bytes === 0)
    return fail('truncated-mapping', `Ring session '${name}' has no memory yet`, 'Try again in a moment');
  const locks = locksOf(host, name, fd);
  if (locks === null) return noLocks(host);
  const memory = openMemory(libc, system, fd, bytes);
  if (!memory.ok) return memory;
  let open = true;
  return ok({
    memory: memory.value,
    bytes,
    lock: () =>
      locks.claim('reader')
        ? ok(undefined)
        : fail(
            'source-busy',
            `Another reader has the ring session '${name}'`,
            'Close it there first; a ring session has one reader',
          ),
    allowWriting: memory.value.allowWriting,
    size: () => ok(fstatSync(fd).size),
    producerAlive: () => open && locks.isHeld('producer'),
    close: () => {
      if (!open) return;
      open = false;
      memory.value.close();
      locks.release();
      libc.close(fd);
    },
  });
}

function imageNames({ system, lockFolder }: Host): string[] {
  // Objects of macOS are in no folder; what has had a producer has a lock file.
  if (!system.objectsAreFiles) return namesOfLockFiles(lockFolder);
  const prefix = system.objectName('').slice(1);
  try {
    return readdirSync(SHARED_MEMORY)
      .filter((file) => file.startsWith(prefix))
      .map((file) => file.slice(prefix.length));
  } catch {
    return [];
  }
}
